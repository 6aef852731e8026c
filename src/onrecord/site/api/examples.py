"""Examples of answers."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, Any] = {}
