"""Engines that plan tours: each in a process of its own, one thread, ended if it does not stop by itself."""

import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version as own_version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.instances import Instance
from benchmarks.peers.ask import Arrays, ask_python
from benchmarks.peers.environment import interpreter, version

OURS = {"ortools": "ortools"}
"""Module → distribution of a peer that is among our own dependencies."""

GRACE_S = 30.0
"""For starting and building the model, beyond the seconds of search."""

BUSY = 8
"""How much longer than its processor time a process may take on a busy machine."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and from where to search.

    Attributes
    ----------
    processor
        The seconds are of processor time, so that other work on the machine does not count.
    vehicle_cost
        Of a tour that is driven, beside its length.
    """

    seconds: float
    seed: int = 0
    vehicle_cost: float = 0.0
    processor: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """What an engine answered.

    Attributes
    ----------
    tours
        Nodes without the first and the last; what is in none is not served.
    seconds
        Time of search.
    trace
        Seconds and cost whenever a better solution was found, where the engine says so.
    """

    tours: list[list[int]]
    seconds: float
    trace: list[tuple[float, float]]


def python_of(module: str) -> Path | None:
    """Return the Python that can import the engine `module`; None if it is not installed."""
    if module in OURS:
        return Path(sys.executable) if find_spec(module) else None
    return interpreter(module)


def version_of(module: str) -> str:
    """Return the version of the engine `module`, which is installed."""
    return own_version(OURS[module]) if module in OURS else version(module)


def plan(module: str, instance: Instance, effort: Effort) -> Planned | None:
    """Let the engine `module` search; None if it is not installed.

    Raises
    ------
    PeerError
        It failed or did not stop (code ``peer-failed``).
    """
    python = python_of(module)
    if python is None:
        return None
    at_most_s = (BUSY if effort.processor else 1) * effort.seconds + GRACE_S
    answer = ask_python(python, module, question(instance, effort), at_most_s)
    nodes, ends = answer["nodes"].tolist(), np.cumsum(answer["lengths"]).tolist()
    tours = [nodes[a:b] for a, b in zip([0, *ends], ends, strict=False) if b > a]
    return Planned(
        tours, float(answer["seconds"]), [tuple(row) for row in answer["trace"].tolist()]
    )


def question(instance: Instance, effort: Effort) -> Arrays:
    """Return the arrays of an instance.

    float64[n]: x, y, service, earliest, latest; int64[n]: load; int64[k, 2]: rides (nodes); numbers:
    vehicles, capacity, longest_tour, longest_ride and those of the effort. The answer: int64 nodes (all
    tours after each other), int64 lengths (of each tour), seconds and float64[k, 2] trace.
    """
    names = ("x", "y", "service", "earliest", "latest")
    columns = {name: np.array([getattr(node, name) for node in instance.nodes]) for name in names}
    return {
        **{name: column.astype(np.float64) for name, column in columns.items()},
        "load": np.array([node.load for node in instance.nodes], dtype=np.int64),
        "rides": np.array(instance.rides, dtype=np.int64),
        "vehicles": np.array(instance.vehicles),
        "capacity": np.array(instance.capacity),
        "longest_tour": np.array(instance.longest_tour),
        "longest_ride": np.array(instance.longest_ride),
        **{name: np.array(value) for name, value in asdict(effort).items()},
    }
