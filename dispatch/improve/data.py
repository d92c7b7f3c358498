"""How a problem becomes the arrays of the kernels: defaults filled in, windows tightened, kinds numbered."""

from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.improve.arrays import BIG, NODE, REQUEST, VEHICLE, Data, Records
from dispatch.improve.near import nearest
from dispatch.improve.problem import Floats, Ints, Problem
from dispatch.improve.windows import tightened

_PLACES_TO_CHECK = 700
_EPS = 1e-9


def data_of(problem: Problem) -> Data:
    """Return the problem as kernels want it: defaults filled in, windows tightened, neighbours sorted."""
    nodes, vehicles = problem.nodes, problem.vehicles
    metric = (
        nodes.stop is None
        and bool((nodes.place >= 0).all())
        and len(problem.time) <= _PLACES_TO_CHECK
        and _is_metric(problem.time)
    )
    raw = Data(
        time=np.ascontiguousarray(problem.time, np.float64),
        cost=np.ascontiguousarray(problem.cost, np.float64),
        metres=np.ascontiguousarray(_or(problem.metres, np.zeros((1, 1))), np.float64),
        nodes=_nodes(problem),
        load=np.ascontiguousarray(nodes.load, np.int64),
        requests=_requests(problem),
        vehicles=_vehicles(problem),
        allowed=np.ascontiguousarray(problem.requests.allowed, np.uint8),
        room=np.ascontiguousarray(vehicles.room, np.int64),
        initial=np.ascontiguousarray(_or(vehicles.initial, np.zeros_like(vehicles.room)), np.int64),
        near=np.zeros((1, 1), np.int32),
        metric=metric,
        ride_weight=float(problem.ride_weight),
    )
    raw.vehicles["kind"] = _kinds(raw)
    return raw._replace(near=nearest(raw))


def _or(values: npt.NDArray[Any] | None, default: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return default if values is None else values


def _nodes(problem: Problem) -> Records:
    nodes, requests = problem.nodes, problem.requests
    size, pairs = nodes.place.size, requests.pickup >= 0
    rows = np.zeros(size, NODE)
    rows["place"], rows["service"] = nodes.place, nodes.service
    rows["lo"], rows["hi"] = tightened(problem)
    rows["stop"] = _or(nodes.stop, np.zeros(size))
    rows["empty"] = _or(nodes.empty, np.zeros(size))
    rows["request"][requests.drop] = np.arange(pairs.size)
    rows["request"][requests.pickup[pairs]] = np.flatnonzero(pairs)
    return rows


def _requests(problem: Problem) -> Records:
    requests = problem.requests
    n = requests.pickup.size
    rows = np.zeros(n, REQUEST)
    rows["pickup"], rows["drop"], rows["must"] = requests.pickup, requests.drop, problem.must
    rows["ride"] = np.minimum(requests.ride, BIG)
    rows["penalty"] = _penalties(problem)
    rows["direct"] = _or(requests.direct, np.zeros(n))
    rows["persons"] = _or(requests.persons, requests.pickup >= 0)
    rows["hash"] = np.random.default_rng(2006).integers(1, 2**63, n, np.uint64)
    return rows


def _vehicles(problem: Problem) -> Records:
    vehicles, requests = problem.vehicles, _requests(problem)
    k = vehicles.start.size
    rows = np.zeros(k, VEHICLE)
    rows["start"], rows["end"] = vehicles.start, vehicles.end
    rows["earliest"], rows["latest"] = vehicles.earliest, vehicles.latest
    without = np.full(k, BIG)
    rows["duration"] = np.minimum(_or(vehicles.duration, without), BIG)
    rows["driving"] = np.minimum(_or(vehicles.driving, without), BIG)
    rows["reach"] = np.minimum(_or(vehicles.range_m, without), BIG)
    rows["fixed"] = _or(vehicles.fixed, np.zeros(k))
    rows["begun"] = _or(vehicles.begun, np.zeros(k))
    set_down = (
        problem.requests.allowed * ((requests["pickup"] < 0) & (requests["persons"] > 0))[:, None]
    )
    rows["riders"] = set_down.sum(axis=0)
    rows["aboard"] = (set_down * requests["persons"][:, None]).sum(axis=0)
    return rows


def _penalties(problem: Problem) -> Floats:
    """Return penalties in which what must be served costs more than any saving."""
    given = problem.requests.penalty
    fixed = _or(problem.vehicles.fixed, np.zeros(1))
    finite = np.zeros(problem.must.size) if given is None else np.where(problem.must, 0.0, given)
    worst = 20 * float(problem.cost.max(initial=1.0)) + 4 * float(fixed.max(initial=0.0))
    return np.where(problem.must, worst + 4 * finite.max(initial=0.0), finite)


def _is_metric(time: Floats) -> bool:
    """Return whether no detour saves time."""
    return all(bool((time <= time[:, [v]] + time[v] + _EPS).all()) for v in range(len(time)))


def _kinds(data: Data) -> Ints:
    """Return a number for each vehicle, equal for equal ones."""
    keys = [
        (row.tobytes(), room.tobytes(), initial.tobytes(), allowed.tobytes())
        for row, room, initial, allowed in zip(
            data.vehicles, data.room, data.initial, data.allowed.T, strict=True
        )
    ]
    return np.array([keys.index(key) for key in keys], np.int64)
