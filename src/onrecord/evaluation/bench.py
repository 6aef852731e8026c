"""How fast reading is: ``python -m onrecord.evaluation.bench FILE… [--rounds N]``.

Reads the articles of the files several times and, in turn, sends the same windows
through the bare encoder (the same network cut off before its heads, same precision,
same threads).  What counts is the ratio of the two in one run: the machine may be
busy, but it is busy for both.  The network's cut needs the ``onnx`` package.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.intake import open_source
from onrecord.reading.encoder import MODEL_FOLDER, Model, thread_count
from onrecord.reading.reader import Reader
from onrecord.reading.words import batch, windows
from onrecord.record import Article


class Speed(NamedTuple):
    """Word pieces a second, medians over rounds, and their ratio."""

    articles: int
    pieces: int
    threads: int
    reading: float
    encoder: float
    ratio: float
    #: Articles read an hour and core.
    hourly: float
    #: Largest resident memory of the process, MB.
    memory: float


def bare_encoder(path: Path) -> Any:
    """A session of the network without its heads."""
    import onnx
    import onnxruntime as ort

    model = onnx.load(str(path))
    graph = model.graph
    needed = {"hidden"}
    kept = []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    outputs = [o for o in graph.output if o.name == "hidden"]
    del graph.output[:]
    graph.output.extend(outputs)
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def measure(articles: Sequence[Article], rounds: int = 5, folder: Path = MODEL_FOLDER) -> Speed:
    """Reading against the bare encoder, round by round in turn."""
    reader, model, session = (
        Reader(model=folder),
        Model(folder),
        bare_encoder(folder / "model.onnx"),
    )
    feeds = []
    pieces = 0
    for article in articles:
        words = model.cut(article.text)
        pieces += len(words.ids)
        for window in windows(words):
            one = batch([(words, window, None)], length=window.last - window.first + 2)
            feeds.append({"ids": one.ids, "features": one.features, "take": one.take})
    times: tuple[list[float], list[float]] = ([], [])
    with ThreadPoolExecutor(thread_count()) as pool:
        for _ in range(rounds):
            began = time.perf_counter()
            for _ in reader.read_many(articles):
                pass
            times[0].append(time.perf_counter() - began)
            began = time.perf_counter()
            list(pool.map(lambda feed: session.run(None, feed), feeds))
            times[1].append(time.perf_counter() - began)
    reading, encoder = (pieces / statistics.median(t) for t in times)
    ratio = statistics.median(e / r for r, e in zip(*times))
    hourly = len(articles) / statistics.median(times[0]) * 3600 / thread_count()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Speed(len(articles), pieces, thread_count(), reading, encoder, ratio, hourly, memory)


def main() -> None:
    """Parse the command line and print one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    args = parser.parse_args()
    articles = [a for f in args.files for a in open_source(f) if isinstance(a, Article)]
    speed = measure(articles, args.rounds, args.model)
    for name, value in speed._asdict().items():
        sys.stdout.write(f"{name:10}{value:12.2f}\n")


if __name__ == "__main__":
    main()
