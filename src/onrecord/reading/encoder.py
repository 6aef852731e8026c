"""The shipped model: words in, answers of all heads out.

Each window goes through the network alone and unpadded, on one thread; windows of
all articles share a pool of threads.  So a record never depends on the batch, the
order or the number of threads, and short articles waste nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from onrecord import settings
from onrecord.errors import ModelError
from onrecord.reading import labels as L
from onrecord.reading.decode import Floats, Ints
from onrecord.reading.words import Window, Words, batch, cut, load_tokenizer, windows

#: Where the packaged model lies.
MODEL_FOLDER = Path(__file__).parent.parent / "model"
_OUTPUTS = ("hidden", "tags", "classes", "queries", "keys")


@dataclass(frozen=True)
class Answers:
    """What the heads say of one article's words; rows are words."""

    words: Words
    #: Contextual vectors, (words, 384).
    hidden: Floats
    #: Tag scores by head, (words, tags).
    tags: dict[str, Floats]
    #: Class logits by head, (words, classes).
    classes: dict[str, Floats]
    #: Link vectors by family, (words, width).
    queries: dict[str, Floats]
    keys: dict[str, Floats]


def thread_count() -> int:
    """Threads to use: the setting, else the cores this process may run on."""
    wanted = settings.get("threads")
    return wanted or max(1, min(len(os.sched_getaffinity(0)), _cgroup_cores()))


def _cgroup_cores() -> int:
    """Cores a container's quota allows; many where there is none."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
    except (OSError, ValueError):
        return 1 << 10
    return 1 << 10 if quota == "max" else max(1, int(quota) // int(period))


class Model:
    """Network, vocabulary and the small arrays that stay outside the network.

    Raises ModelError when a file of the folder is missing or damaged.
    """

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        self.folder = folder
        self.card = self._load("model.json", lambda p: json.loads(p.read_text("utf-8")))
        self.tokenizer = self._load("tokenizer.json", load_tokenizer)
        self.arrays: dict[str, Floats] = self._load("heads.npz", _load_arrays)
        self._session = self._load("model.onnx", _session)
        self._pool = ThreadPoolExecutor(thread_count(), thread_name_prefix="onrecord")

    def _load(self, name: str, load: Any) -> Any:
        path = self.folder / name
        try:
            return load(path)
        except Exception as error:
            raise ModelError(
                f"{path.name} of the model is missing or damaged ({error}); reinstall onrecord",
                path=str(path),
            ) from error

    @cached_property
    def sha256(self) -> str:
        """Hash of the network's file."""
        return hashlib.sha256((self.folder / "model.onnx").read_bytes()).hexdigest()

    def cut(self, text: str) -> Words:
        """A text in words and pieces of this model's vocabulary."""
        return cut(self.tokenizer, text)

    def answers(self, articles: Sequence[Words]) -> list[Answers]:
        """Answers of all heads for several articles."""
        jobs = [(words, window, None) for words in articles for window in windows(words)]
        rows = iter(list(self._pool.map(self._run, jobs)))
        return [self._gathered(words, rows) for words in articles]

    def marked(self, words: Words, marks: Ints) -> Floats:
        """Contextual vectors of a text with marked words, (words, 384)."""
        rows = [self._run((words, window, marks))[0] for window in windows(words)]
        return np.concatenate(rows) if rows else np.zeros((0, 384), np.float32)

    def _run(self, job: tuple[Words, Window, Ints | None]) -> list[Floats]:
        window = job[1]
        one = batch([job], length=window.last - window.first + 2)
        feed = {"ids": one.ids, "features": one.features, "take": one.take}
        outputs: list[Floats] = self._session.run(_OUTPUTS, feed)
        return outputs

    def _gathered(self, words: Words, rows: Any) -> Answers:
        own = [next(rows) for _ in windows(words)]
        if own:
            hidden, tags, classes, queries, keys = (np.concatenate(c) for c in zip(*own))
        else:
            width = sum(L.LINK_FAMILIES.values())
            tagged = sum(1 + 2 * len(v) for v in L.TAG_HEADS.values())
            sizes = (384, tagged, sum(L.CLASS_HEADS.values()), width, width)
            hidden, tags, classes, queries, keys = (np.zeros((0, n), np.float32) for n in sizes)
        return Answers(
            words,
            hidden,
            _split(tags, {name: 1 + 2 * len(v) for name, v in L.TAG_HEADS.items()}),
            _split(classes, L.CLASS_HEADS),
            _split(queries, L.LINK_FAMILIES),
            _split(keys, L.LINK_FAMILIES),
        )


def _split(table: Floats, widths: dict[str, int]) -> dict[str, Floats]:
    bounds = np.cumsum([0, *widths.values()])
    return {name: table[:, a:b] for name, a, b in zip(widths, bounds, bounds[1:])}


def _load_arrays(path: Path) -> dict[str, Floats]:
    with np.load(path) as saved:
        return {name: saved[name] for name in saved.files}


def _session(path: Path) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
