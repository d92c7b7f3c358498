"""Ask OSRM in process; arrays as `benchmarks.peers.osrm` says."""

import sys
import time
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]


def main(folder: Path) -> None:
    """Answer the question in `folder`."""
    osrm: Any = import_module("osrm")
    with np.load(folder / "question.npz") as file:
        question = {name: file[name] for name in file.files}
    engine = osrm.OSRM(
        algorithm="CH",
        storage_config=str(question["base"]),
        use_shared_memory=False,
        max_locations_distance_table=1_000_000,
        max_locations_viaroute=10,
    )
    answer = _routes(osrm, engine, question["pairs"])
    if len(question["places"]):
        answer |= _table(osrm, engine, question["places"], int(question["repeats"]))
    np.savez(folder / "answer.npz", allow_pickle=False, **answer)


def _table(osrm: Any, engine: Any, places: npt.NDArray[np.float64], repeats: int) -> Arrays:  # noqa: ANN401 - untyped library
    asked = osrm.TableParameters(
        coordinates=[tuple(place) for place in places.tolist()],
        annotations=["duration"],
        generate_hints=False,
    )
    engine.Table(asked)
    wall, processor = [], []
    for _ in range(repeats):
        begun, used = time.perf_counter(), time.process_time()
        engine.Table(asked)
        wall.append((time.perf_counter() - begun) * 1e3)
        processor.append((time.process_time() - used) * 1e3)
    return {"table_ms": np.array(median(wall)), "table_cpu_ms": np.array(median(processor))}


def _routes(osrm: Any, engine: Any, pairs: npt.NDArray[np.float64]) -> Arrays:  # noqa: ANN401
    seconds, us = [], []
    for west, south, east, north in pairs.tolist():
        asked = osrm.RouteParameters(
            coordinates=[(west, south), (east, north)],
            overview="full",
            geometries="polyline",
            generate_hints=False,
        )
        begun = time.perf_counter()
        seconds.append(_seconds(engine, asked))
        us.append((time.perf_counter() - begun) * 1e6)
    return {
        "seconds": np.array(seconds, dtype=np.float64),
        "median_us": np.array(median(us) if us else 0.0),
    }


def _seconds(engine: Any, asked: Any) -> float:  # noqa: ANN401
    try:
        return float(engine.Route(asked)["routes"][0]["duration"])
    except RuntimeError:  # how it says that there is no route
        return float("nan")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
