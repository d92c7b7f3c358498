"""Routes met by the search as columns of a set partitioning problem, and the way back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.improve.arrays import Data
from dispatch.improve.problem import Floats, Ints
from dispatch.improve.state import State

_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Columns:
    """C routes to choose from, for n requests and vehicles of some kinds."""

    rows: Ints
    """(E,) requests of the routes, one route after the other."""
    first: Ints
    """(C+1,) route c serves ``rows[first[c]:first[c+1]]``."""
    cost: Floats
    """(C,) beyond that of a vehicle without visits."""
    kind: Ints
    """(C,) kind of vehicle."""
    available: Ints
    """(kinds,) how many vehicles there are of each kind."""
    penalty: Floats
    """(n,) cost of serving nobody; infinite where that is not allowed."""


@dataclass(frozen=True, slots=True)
class Combined:
    """What set partitioning says."""

    chosen: Sequence[int] | None
    """Columns of a better solution, if one was found."""
    share: Floats
    """(C,) how much of each column the linear relaxation takes, 0 to 1."""


Combine = Callable[[Columns, float, float], Combined | None]
"""Choose columns: (columns, upper bound without idle vehicles, seconds); None: nothing to be had."""


def drawn(columns: Columns, share: Floats, rng: np.random.Generator) -> list[int]:
    """Draw columns with different requests, those the relaxation takes more of before others."""
    some = np.flatnonzero(share > _NOTHING)
    order = some[np.argsort(-(rng.random(some.size) ** (1 / share[some])), kind="stable")]
    served = np.zeros(columns.penalty.size, bool)
    available = columns.available.copy()
    taken = []
    for c in order:
        rows = columns.rows[columns.first[c] : columns.first[c + 1]]
        if available[columns.kind[c]] > 0 and not served[rows].any():
            served[rows] = True
            available[columns.kind[c]] -= 1
            taken.append(int(c))
    return taken


def columns_of(data: Data, state: State) -> tuple[Columns, Ints]:
    """Return the pool as columns, and the pool entry of each."""
    entry = state.pool.entry
    kept = np.flatnonzero(entry["key"])
    kept = kept[np.argsort(entry["age"][kept], kind="stable")]
    size = entry["size"][kept]
    nodes = state.pool.node[kept]
    mask = np.arange(nodes.shape[1]) < size[:, None]
    of = data.nodes["request"][np.where(mask, nodes, 0)]
    mask &= data.requests["drop"][of] == nodes
    kind = data.vehicles["kind"][entry["vehicle"][kept]]
    kinds, kind = np.unique(np.concatenate([data.vehicles["kind"], kind]), return_inverse=True)
    vehicles, kind = kind[: data.vehicles.size], kind[data.vehicles.size :]
    idle = idle_cost(data)
    penalty = np.where(data.requests["must"] == 1, np.inf, data.requests["penalty"])
    columns = Columns(
        rows=of[mask],
        first=np.concatenate([[0], np.cumsum(mask.sum(axis=1))]),
        cost=entry["cost"][kept] - idle[entry["vehicle"][kept]],
        kind=kind,
        available=np.bincount(vehicles, minlength=kinds.size),
        penalty=penalty,
    )
    return columns, kept


def idle_cost(data: Data) -> Floats:
    """Cost (K,) of each vehicle without visits."""
    v = data.vehicles
    return np.where(v["begun"] == 1, data.cost[v["start"], v["end"]], 0.0)


def routes_of(data: Data, state: State, entries: Sequence[int]) -> list[tuple[int, Ints]]:
    """Give each chosen pool entry a vehicle of its kind; return vehicles and their nodes."""
    free: dict[int, list[int]] = {}
    for k in range(data.vehicles.size - 1, -1, -1):
        free.setdefault(int(data.vehicles["kind"][k]), []).append(k)
    found = []
    for e in entries:
        row = state.pool.entry[e]
        k = free[int(data.vehicles["kind"][row["vehicle"]])].pop()
        found.append((k, state.pool.node[e, : row["size"]].astype(np.int64)))
    return found
