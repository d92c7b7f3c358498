"""VROOM at its highest exploration level; arrays as `benchmarks.peers.tours` says. Times in thousandths."""

import sys
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]

SCALE = 1000
LEVEL = 5


def main(folder: Path) -> None:
    """Answer the question in `folder`; the search ends by itself, mostly long before the limit."""
    engine: Any = import_module("vroom")
    with np.load(folder / "question.npz") as file:
        question = {name: file[name] for name in file.files}
    problem = _problem(engine, question)
    clock = time.process_time if question["processor"] else time.perf_counter
    begun = clock()
    found = problem.solve(
        exploration_level=LEVEL,
        nb_threads=1,
        timeout=timedelta(seconds=float(question["seconds"])),
    )
    seconds = clock() - begun
    rows = found.routes
    rows = rows[rows["type"].isin(["pickup", "delivery"])]
    stops = [(int(row.vehicle_id), int(row.location_index)) for row in rows.itertuples()]
    vehicles = sorted({vehicle for vehicle, _ in stops})
    tours = [[node for vehicle, node in stops if vehicle == one] for one in vehicles]
    np.savez(
        folder / "answer.npz",
        nodes=np.array([node for tour in tours for node in tour], dtype=np.int64),
        lengths=np.array([len(tour) for tour in tours], dtype=np.int64),
        seconds=np.array(seconds),
        trace=np.zeros((0, 2)),
        allow_pickle=False,
    )


def _problem(engine: Any, question: Arrays) -> Any:  # noqa: ANN401 - untyped library
    """Cost is driving time, and a vehicle that is used costs as much as is asked."""
    away = np.hypot(question["x"][:, None] - question["x"], question["y"][:, None] - question["y"])
    whole = {
        name: np.rint(question[name] * SCALE).astype(np.int64).tolist()
        for name in ("service", "earliest", "latest")
    }

    def window(node: int) -> Any:  # noqa: ANN401
        return engine.TimeWindow(whole["earliest"][node], whole["latest"][node])

    def step(node: int) -> Any:  # noqa: ANN401
        service = whole["service"][node]
        return engine.ShipmentStep(
            node, location=node, default_service=service, time_windows=[window(node)]
        )

    problem = engine.Input()
    problem.set_durations_matrix("car", np.rint(away * SCALE).astype(np.uint32))
    costs = engine.VehicleCosts(fixed=round(float(question["vehicle_cost"]) * SCALE))
    capacity, last = int(question["capacity"]), len(away) - 1
    problem.add_vehicle(
        [
            engine.Vehicle(
                number, start=0, end=last, capacity=[capacity], time_window=window(0), costs=costs
            )
            for number in range(int(question["vehicles"]))
        ]
    )
    for pick, drop in question["rides"].tolist():
        amount = engine.Amount([int(question["load"][pick])])
        problem.add_shipment(step(pick), step(drop), amount=amount)
    return problem


if __name__ == "__main__":
    main(Path(sys.argv[1]))
