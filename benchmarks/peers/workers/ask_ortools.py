"""OR-Tools' routing library on a dial-a-ride problem; arrays as `benchmarks.peers.tours` says.

Parallel cheapest insertion, then guided local search; distances and times in thousandths. Without a
penalty per stop left out it finds no first solution, and its own limit from pickup to delivery alone lets
rides pass that are too long, so the ride time is a constraint of its own.
"""

import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]

SCALE = 1000
UNSERVED = 10_000 * SCALE
HORIZON = 10**9


def main(folder: Path) -> None:
    """Answer the question in `folder`."""
    routing: Any = import_module("ortools.constraint_solver.pywrapcp")
    with np.load(folder / "question.npz") as file:
        question = {name: file[name] for name in file.files}
    last = len(question["x"]) - 1
    vehicles = int(question["vehicles"])
    manager = routing.RoutingIndexManager(last + 1, vehicles, [0] * vehicles, [last] * vehicles)
    model = routing.RoutingModel(manager)
    _build(model, manager, question)
    trace: list[tuple[float, float]] = []
    clock = time.process_time if question["processor"] else time.perf_counter
    begun, seconds = clock(), float(question["seconds"])

    def note() -> None:
        cost = model.CostVar().Max()
        if cost < UNSERVED and (not trace or cost / SCALE < trace[-1][1]):
            trace.append((clock() - begun, cost / SCALE))

    model.AddAtSolutionCallback(note)
    model.AddSearchMonitor(model.solver().CustomLimit(lambda: clock() - begun >= seconds))
    found = model.SolveWithParameters(_parameters())
    tours = _read(model, manager, vehicles, found) if found else []
    np.savez(
        folder / "answer.npz",
        nodes=np.array([node for tour in tours for node in tour], dtype=np.int64),
        lengths=np.array([len(tour) for tour in tours], dtype=np.int64),
        seconds=np.array(clock() - begun),
        trace=np.array(trace, dtype=np.float64).reshape(-1, 2),
        allow_pickle=False,
    )


def _build(model: Any, manager: Any, question: Arrays) -> None:  # noqa: ANN401 - untyped library
    """Add distance, time, room, rides and penalties."""
    away = np.hypot(question["x"][:, None] - question["x"], question["y"][:, None] - question["y"])
    metres = np.rint(away * SCALE).astype(np.int64)
    seconds = np.rint((away + question["service"][:, None]) * SCALE).astype(np.int64)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(metres.tolist()))
    clock_transit = model.RegisterTransitMatrix(seconds.tolist())
    model.AddDimension(clock_transit, HORIZON, HORIZON, False, "time")  # noqa: FBT003
    room = model.RegisterUnaryTransitVector(question["load"].tolist())
    vehicles, capacity = int(question["vehicles"]), int(question["capacity"])
    model.AddDimensionWithVehicleCapacity(room, 0, [capacity] * vehicles, True, "room")  # noqa: FBT003
    clock, solver = model.GetDimensionOrDie("time"), model.solver()
    windows = np.rint(np.column_stack([question["earliest"], question["latest"]]) * SCALE)
    for node, (opens, closes) in enumerate(windows.astype(np.int64).tolist()):
        if 0 < node < len(windows) - 1:
            index = manager.NodeToIndex(node)
            clock.CumulVar(index).SetRange(opens, closes)
            model.AddDisjunction([index], UNSERVED)
    for vehicle in range(vehicles):
        for index, row in ((model.Start(vehicle), windows[0]), (model.End(vehicle), windows[-1])):
            clock.CumulVar(index).SetRange(*row.astype(np.int64).tolist())
        if np.isfinite(question["longest_tour"]):
            longest = round(float(question["longest_tour"]) * SCALE)
            clock.SetSpanUpperBoundForVehicle(longest, vehicle)
    for pick, drop in question["rides"].tolist():
        ends = manager.NodeToIndex(pick), manager.NodeToIndex(drop)
        model.AddPickupAndDelivery(*ends)
        solver.Add(model.VehicleVar(ends[0]) == model.VehicleVar(ends[1]))
        boards, alights = clock.CumulVar(ends[0]), clock.CumulVar(ends[1])
        solver.Add(boards <= alights)
        if np.isfinite(question["longest_ride"]):
            at_most = round((question["longest_ride"] + question["service"][pick]) * SCALE)
            solver.Add(alights - boards <= at_most)


def _parameters() -> Any:  # noqa: ANN401
    enums: Any = import_module("ortools.constraint_solver.routing_enums_pb2")
    routing: Any = import_module("ortools.constraint_solver.pywrapcp")
    parameters = routing.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    return parameters


def _read(model: Any, manager: Any, vehicles: int, found: Any) -> list[list[int]]:  # noqa: ANN401
    tours = []
    for vehicle in range(vehicles):
        index, tour = found.Value(model.NextVar(model.Start(vehicle))), []
        while not model.IsEnd(index):
            tour.append(manager.IndexToNode(index))
            index = found.Value(model.NextVar(index))
        tours.append(tour)
    return tours


if __name__ == "__main__":
    main(Path(sys.argv[1]))
