"""RoutingKit's customizable contraction hierarchy (`pyroutingkit`) on our graph and our weights.

Its wheel offers no plain contraction hierarchy, so this is its best.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.peers.answers import Float64, Int64
from benchmarks.peers.ask import Arrays, ask
from benchmarks.peers.environment import version

MODULE = "pyroutingkit"
UNREACHED = -1


@dataclass(frozen=True, slots=True)
class Network:
    """A graph of m arcs and n nodes.

    Attributes
    ----------
    tail, head
        Integers [m], nodes.
    weight
        Integers [m], 0 or more, the sum of any path below 2**31.
    lat, lon
        float64[n], degrees; only the order of contraction depends on them.
    """

    tail: npt.NDArray[Any]
    head: npt.NDArray[Any]
    weight: npt.NDArray[Any]
    lat: Float64
    lon: Float64


@dataclass(frozen=True, slots=True)
class RoutingKit:
    """What it needed, on one thread, and what it answered.

    Attributes
    ----------
    order_s, topology_s, build_s
        Nested dissection; hierarchy from a given order; both together as they were measured.
    customize_ms
        Bringing in the weights.
    table, table_ms, table_cpu_ms
        int64[sources, targets] in the weights' unit, `UNREACHED` where no path leads; medians.
    distances, query_us
        int64[pairs], `UNREACHED` where no path leads; median of one query with its arcs.
    peak_mb
        Of the whole process.
    """

    version: str
    order_s: float
    topology_s: float
    build_s: float
    customize_ms: float
    table: Int64
    table_ms: float
    table_cpu_ms: float
    distances: Int64
    query_us: float
    peak_mb: float


def measure(
    network: Network,
    sources: npt.NDArray[Any],
    targets: npt.NDArray[Any],
    pairs: npt.NDArray[Any],
    repeats: int = 5,
) -> RoutingKit | None:
    """Build, customize, fill the table `sources` x `targets`, query `pairs` (int[k, 2]); all are nodes.

    Returns None if it is not installed.
    """
    question: Arrays = {
        "tail": network.tail.astype(np.uint32),
        "head": network.head.astype(np.uint32),
        "weight": network.weight.astype(np.uint32),
        "lat": network.lat.astype(np.float32),
        "lon": network.lon.astype(np.float32),
        "sources": np.asarray(sources, dtype=np.uint32),
        "targets": np.asarray(targets, dtype=np.uint32),
        "pairs": np.asarray(pairs, dtype=np.int64).reshape(-1, 2),
        "repeats": np.array(repeats),
    }
    answer = ask(MODULE, question)
    if answer is None:
        return None
    return RoutingKit(
        version=version(MODULE),
        order_s=float(answer["order_s"]),
        topology_s=float(answer["topology_s"]),
        build_s=float(answer["build_s"]),
        customize_ms=float(answer["customize_ms"]),
        table=answer["table"],
        table_ms=float(answer["table_ms"]),
        table_cpu_ms=float(answer["table_cpu_ms"]),
        distances=answer["distances"],
        query_us=float(answer["query_us"]),
        peak_mb=float(answer["peak_mb"]),
    )
