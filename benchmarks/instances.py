"""Instances of the literature: dial-a-ride after Cordeau, pickup and delivery after Li and Lim.

Both become an `Instance`. Distance is Euclidean, unrounded, and equals driving time and cost.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

UNLIMITED = math.inf
SUFFIXES = {"", ".txt"}


class InstanceError(Exception):
    """A file of instances or of best known values cannot be used; `code` as in all errors of the house."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Node:
    """A place with what happens there; times and distances in the units of the instance."""

    x: float
    y: float
    service: float
    load: int
    earliest: float
    latest: float


@dataclass(frozen=True, slots=True)
class Instance:
    """Rides to be carried by identical vehicles, every ride exactly once.

    Attributes
    ----------
    nodes
        The first is where and when a vehicle starts, the last where and when it ends.
    rides
        Pickup and drop-off node of each ride.
    longest_tour
        From leaving the first node to reaching the last.
    longest_ride
        From the end of service at the pickup to the start of service at the drop-off.
    """

    name: str
    vehicles: int
    capacity: int
    longest_tour: float
    longest_ride: float
    nodes: tuple[Node, ...]
    rides: tuple[tuple[int, int], ...]

    def distance(self, a: int, b: int) -> float:
        """Return the distance between two nodes."""
        one, other = self.nodes[a], self.nodes[b]
        return math.hypot(one.x - other.x, one.y - other.y)

    def length(self, tour: Sequence[int]) -> float:
        """Return the length of a tour given without its first and last node."""
        stops = (0, *tour, len(self.nodes) - 1)
        return sum(self.distance(a, b) for a, b in pairwise(stops))


Reader = Callable[[Path], Instance]


def read_folder(folder: Path, read: Reader, only: str | None = None) -> list[Instance]:
    """Read every instance in `folder` whose name matches the pattern `only`, smallest first.

    Raises
    ------
    InstanceError
        There is none (``instances-missing``) or one cannot be read (``instance-unreadable``).
    """
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    wanted = [
        file
        for file in files
        if file.is_file()
        and file.suffix in SUFFIXES
        and not file.name.startswith((".", "README"))
        and (only is None or fnmatch(file.stem, only))
    ]
    if not wanted:
        what = f"matches {only}" if only and files else "is an instance (.txt)"
        raise InstanceError("instances-missing", f"No file in {folder} {what}.")
    return sorted((read(file) for file in wanted), key=lambda one: (len(one.rides), one.name))


def read_cordeau(file: Path) -> Instance:
    """Read a dial-a-ride instance (Cordeau & Laporte 2003, Cordeau 2006).

    First line: vehicles, rides n (in the older files their ends, 2 n), longest tour, capacity, longest
    ride. Then nodes 0 (depot), 1 to n (pickups), n + 1 to 2 n (drop-offs) and, in the newer files, 2 n + 1
    (the depot at the end): number, x, y, service, load, earliest, latest.
    """
    head, *rows = _numbers(file)
    try:
        vehicles, said, longest_tour, capacity, longest_ride = head
        nodes = [Node(x, y, s, int(q), a, b) for _, x, y, s, q, a, b in rows]
    except ValueError as error:
        raise _unreadable(file, "is not in Cordeau's format") from error
    if len(nodes) % 2:
        nodes.append(nodes[0])
    n = len(nodes) // 2 - 1
    if said not in {n, 2 * n}:
        raise _unreadable(file, f"has {n} rides and says {said:g}")
    pairs = tuple((k, k + n) for k in range(1, n + 1))
    found = Instance(
        file.stem, int(vehicles), int(capacity), longest_tour, longest_ride, tuple(nodes), pairs
    )
    return _checked(file, found)


def read_li_lim(file: Path) -> Instance:
    """Read a pickup and delivery instance (Li & Lim 2001); no limit on ride or tour.

    First line: vehicles, capacity, speed (not used). Then nodes: number, x, y, load, earliest, latest,
    service, number of the pickup (0 at a pickup), number of the delivery (0 at a delivery).
    """
    head, *rows = _numbers(file)
    try:
        vehicles, capacity, _ = head
        nodes = [Node(x, y, s, int(q), a, b) for _, x, y, q, a, b, s, _, _ in rows]
    except ValueError as error:
        raise _unreadable(file, "is not in the format of Li and Lim") from error
    pairs = tuple((k, int(row[8])) for k, row in enumerate(rows) if k and row[8])
    if any(drop >= len(rows) or rows[drop][7] != pick for pick, drop in pairs):
        raise _unreadable(file, "has a pickup and a delivery that do not name each other")
    if 2 * len(pairs) + 1 != len(nodes):
        raise _unreadable(file, f"has {len(nodes) - 1} nodes for {len(pairs)} pairs")
    found = Instance(
        file.stem,
        int(vehicles),
        int(capacity),
        UNLIMITED,
        UNLIMITED,
        (*nodes, nodes[0]),
        pairs,
    )
    return _checked(file, found)


def _numbers(file: Path) -> list[list[float]]:
    """Return the numbers of each line that is not empty; the first line and one node at least."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        rows = [[float(word) for word in line.split()] for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file, f"cannot be read: {error}") from error
    except ValueError as error:
        raise _unreadable(file, f"holds something that is no number: {error}") from error
    if len(rows) <= 1:
        raise _unreadable(file, "is empty")
    return rows


def _checked(file: Path, found: Instance) -> Instance:
    """Return the instance if its loads and windows make sense."""
    if not found.rides or found.vehicles < 1:
        raise _unreadable(file, "has no rides or no vehicles")
    for pick, drop in found.rides:
        load = found.nodes[pick].load
        if load != -found.nodes[drop].load or not 0 < load <= found.capacity:
            raise _unreadable(file, f"has a load at node {pick} that nobody can carry to {drop}")
    late = [k for k, node in enumerate(found.nodes) if not node.earliest <= node.latest]
    if late:
        raise _unreadable(file, f"has a window at node {late[0]} that ends before it begins")
    return found


def _unreadable(file: Path, what: str) -> InstanceError:
    return InstanceError("instance-unreadable", f"{file} {what}.")
