"""Build and ask a customizable contraction hierarchy; arrays as `benchmarks.peers.routingkit` says."""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]


def main(folder: Path) -> None:
    """Answer the question in `folder`."""
    engine: Any = import_module("pyroutingkit")
    with np.load(folder / "question.npz") as file:
        question = {name: file[name] for name in file.files}
    topology = engine.CCHTopology()
    graph = [question[name] for name in ("tail", "head", "lat", "lon")]
    build_s = _seconds(lambda: topology.build(*graph, len(question["lat"])))
    topology_s = _from_order(engine, topology)
    metric = engine.CCHMetric(topology)
    metric.customize(question["weight"], 1)
    repeats = int(question["repeats"])
    customize = [_seconds(lambda: metric.customize(question["weight"], 1)) for _ in range(repeats)]
    answer = _table(metric, question, repeats) | _queries(metric, question["pairs"])
    for name in ("table", "distances"):
        distances = answer[name].astype(np.int64)
        answer[name] = np.where(distances >= engine.INF_WEIGHT, -1, distances)
    np.savez(
        folder / "answer.npz",
        build_s=build_s,
        topology_s=topology_s,
        order_s=build_s - topology_s,
        customize_ms=median(customize) * 1e3,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        allow_pickle=False,
        **answer,
    )


def _from_order(engine: Any, topology: Any) -> float:  # noqa: ANN401 - untyped library
    """Return the seconds that remain when the order is known: a saved topology is only its order."""
    with tempfile.TemporaryDirectory() as saved:
        topology.save(saved)
        return min(_seconds(lambda: engine.CCHTopology().load(saved)) for _ in range(3))


def _table(metric: Any, question: Arrays, repeats: int) -> Arrays:  # noqa: ANN401
    sources, targets = question["sources"], question["targets"]
    table = metric.distances_many_to_many(sources, targets)
    wall, processor = [], []
    for _ in range(repeats):
        used = time.process_time()
        wall.append(_seconds(lambda: metric.distances_many_to_many(sources, targets)))
        processor.append(time.process_time() - used)
    return {
        "table": table,
        "table_ms": np.array(median(wall) * 1e3),
        "table_cpu_ms": np.array(median(processor) * 1e3),
    }


def _queries(metric: Any, pairs: npt.NDArray[np.int64]) -> Arrays:  # noqa: ANN401
    plain = [(int(source), int(target)) for source, target in pairs]
    distances = [metric.query(*pair)[0] for pair in plain]
    times = [_seconds(partial(metric.query, *pair)) for pair in plain]
    return {
        "distances": np.array(distances, dtype=np.int64),
        "query_us": np.array(median(times) * 1e6 if times else 0.0),
    }


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(Path(sys.argv[1]))
