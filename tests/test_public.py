"""What the package offers, and that importing it costs nothing."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import onrecord

ROOT = Path(__file__).parent.parent
HEAVY = ("onnxruntime", "numpy", "pyarrow", "lxml", "trafilatura", "tokenizers", "typer", "rich",
         "sqlalchemy", "asyncio")  # fmt: skip

PUBLIC = [
    "Archive", "Article", "ArticleError", "Entity", "Event", "EventMention", "Figure", "InputError",
    "Mention", "ModelError", "OnrecordError", "Participant", "Place", "Reader", "ReaderInfo",
    "Record", "RecordError", "Reference", "SettingError", "Skip", "SourceError", "Span",
    "Statement", "Time", "__version__", "check", "json_schema", "read",
]  # fmt: skip

#: What callers rely on; a change here is a change for them.
SIGNATURES = {
    "read": "(article: 'Article | str', **fields: 'Any') -> 'Record'",
    "check": "(record: 'Record') -> 'list[str]'",
    "json_schema": "() -> 'dict[str, Any]'",
    "Record.to_dict": "(self) -> 'dict[str, Any]'",
    "Record.to_json": "(self, *, indent: 'int | None' = None) -> 'str'",
    "Record.from_dict": "(data: 'Any') -> 'Record'",
    "Record.from_json": "(text: 'str | bytes') -> 'Record'",
    "Record.words": "(self, span: 'Spanned') -> 'str'",
    "Article": "(text: 'str', id: 'str | None' = None, url: 'str | None' = None, "
    "canonical_url: 'str | None' = None, title: 'str | None' = None, "
    "byline: 'str | None' = None, publisher: 'str | None' = None, "
    "language: 'str | None' = None, published: 'str | None' = None, "
    "published_basis: 'str' = 'none', published_raw: 'str | None' = None, "
    "fetched: 'str | None' = None, version: 'int' = 1, partial: 'bool' = False, "
    "sha256: 'str' = '') -> None",
    "Archive.open": "(archive: 'str | Path | None' = None, *, "
    "clock: 'Callable[[], datetime]' = <function now>) -> 'Archive'",
    "Archive.add": "(self, articles: 'Iterable[Any]', *, "
    "reader: 'ReaderLike | Callable[[], ReaderLike] | None' = None, source: 'str | None' = None, "
    "total: 'int | None' = None, on_progress: 'OnProgress | None' = None, "
    "on_failure: 'OnFailure | None' = None) -> 'Summary'",
    "Archive.events": "(self, **filters: 'Any') -> 'pa.Table'",
    "Archive.record": "(self, article_id: 'str', *, as_of: 'str | None' = None) -> 'Record'",
    "Span": "(start: 'int', end: 'int') -> None",
}


def test_the_public_names_are_these_in_order() -> None:
    assert onrecord.__all__ == PUBLIC == sorted(PUBLIC)
    assert set(PUBLIC) <= set(dir(onrecord))


@pytest.mark.parametrize("name", [name for name in PUBLIC if name != "Reader"])
def test_every_public_name_is_there_and_described(name: str) -> None:
    value = getattr(onrecord, name)
    assert name == "__version__" or inspect.getdoc(value)


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_are_as_callers_know_them(name: str) -> None:
    value = onrecord
    for part in name.split("."):
        value = getattr(value, part)
    shown = re.sub(r" at 0x[0-9a-f]+>", ">", str(inspect.signature(value)))
    assert shown == SIGNATURES[name]  # type: ignore[arg-type]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Redaer'"):
        _ = onrecord.Redaer


def test_no_public_name_hides_a_module_of_the_package() -> None:
    modules = {path.stem for path in (ROOT / "src" / "onrecord").iterdir()}
    assert not modules & set(PUBLIC)


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project.get("version")
    assert version is None or version == onrecord.__version__


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = _run("import sys, onrecord; print(*sys.modules)").split()
    assert not set(HEAVY) & set(loaded)
    own = {name for name in loaded if name.startswith("onrecord")}
    assert own == {"onrecord", "onrecord.version"}


def test_the_record_and_its_forms_load_nothing_heavy() -> None:
    code = "import sys, onrecord; onrecord.Record.from_json; onrecord.json_schema(); onrecord.check"
    assert not set(HEAVY) & set(_run(f"{code}; print(*sys.modules)").split())


def test_importing_costs_little_beside_the_standard_library() -> None:
    """In one process each: the package and its record, against argparse, asyncio and email."""

    def seconds(modules: str) -> float:
        code = f"import time; t = time.perf_counter(); {modules}; print(time.perf_counter() - t)"
        return float(_run(code))

    ratios = [
        seconds("import onrecord; onrecord.Record")
        / seconds("import argparse, asyncio, email.mime.text")
        for _ in range(5)
    ]
    assert min(ratios) < 2


def test_reading_a_file_starts_without_the_machinery_of_the_web() -> None:
    code = "import sys, onrecord.intake; print(*sys.modules)"
    assert not {*HEAVY, "aiohttp", "feedparser"} & set(_run(code).split())
