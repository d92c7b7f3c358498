"""PyVRP with shipments; arrays as `benchmarks.peers.tours` says. Distances and times in thousandths."""

import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]

SCALE = 1000


def main(folder: Path) -> None:
    """Answer the question in `folder`."""
    engine: Any = import_module("pyvrp")
    with np.load(folder / "question.npz") as file:
        question = {name: file[name] for name in file.files}
    model = _model(engine, question)
    clock = time.process_time if question["processor"] else time.perf_counter
    begun, limit = clock(), float(question["seconds"])
    found = model.solve(
        lambda _best: clock() - begun >= limit, seed=int(question["seed"]), display=False
    )
    seconds = clock() - begun
    tours = _read(found.best, question["rides"]) if found.is_feasible() else []
    np.savez(
        folder / "answer.npz",
        nodes=np.array([node for tour in tours for node in tour], dtype=np.int64),
        lengths=np.array([len(tour) for tour in tours], dtype=np.int64),
        seconds=np.array(seconds),
        trace=np.zeros((0, 2)),
        allow_pickle=False,
    )


def _model(engine: Any, question: Arrays) -> Any:  # noqa: ANN401 - untyped library
    """Return the model; the last node is the depot again, so it is left out."""
    whole = {
        name: np.rint(question[name] * SCALE).astype(np.int64).tolist()
        for name in ("service", "earliest", "latest")
    }
    x, y = question["x"][:-1], question["y"][:-1]
    away = np.rint(np.hypot(x[:, None] - x, y[:, None] - y) * SCALE).astype(np.int64).tolist()
    model = engine.Model()
    places = [model.add_location(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    hours = {"tw_early": whole["earliest"][0], "tw_late": whole["latest"][0]}
    depot = model.add_depot(places[0], **hours)
    model.add_vehicle_type(
        num_available=int(question["vehicles"]),
        capacity=int(question["capacity"]),
        start_depot=depot,
        end_depot=depot,
        fixed_cost=round(float(question["vehicle_cost"]) * SCALE),
        **hours,
    )
    for pick, drop in question["rides"].tolist():
        model.add_shipment(
            places[pick],
            places[drop],
            pickup_tw_early=whole["earliest"][pick],
            pickup_tw_late=whole["latest"][pick],
            pickup_service_duration=whole["service"][pick],
            delivery_tw_early=whole["earliest"][drop],
            delivery_tw_late=whole["latest"][drop],
            delivery_service_duration=whole["service"][drop],
            amount=int(question["load"][pick]),
        )
    for a, row in zip(places, away, strict=True):
        for b, metres in zip(places, row, strict=True):
            if a is not b:
                model.add_edge(a, b, distance=metres, duration=metres)
    return model


def _read(best: Any, rides: npt.NDArray[np.int64]) -> list[list[int]]:  # noqa: ANN401
    """Return the nodes of each route; an activity knows the number of its shipment."""
    tours = []
    for route in best.routes():
        stops = [stop for stop in route if stop.is_pickup() or stop.is_delivery()]
        tours.append([int(rides[stop.idx, 0 if stop.is_pickup() else 1]) for stop in stops])
    return tours


if __name__ == "__main__":
    main(Path(sys.argv[1]))
