"""Examples of answers, for the description: ``python -m tests.api_examples`` writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_PLACE = Path(__file__).with_name("examples.json")

#: ``GET /api/v1/events`` → an answer.
EXAMPLES: dict[str, Any] = json.loads(_PLACE.read_text("utf-8")) if _PLACE.exists() else {}
