"""Driving times and distances between a growing set of places."""

from collections import defaultdict
from collections.abc import Iterable
from threading import Lock

import numpy as np
import numpy.typing as npt

from routing.graph import UNREACHABLE, Int32, Int64, RoadGraph
from routing.kernels import INFINITE, LENGTH_BITS, LENGTH_MASK
from routing.path import Path, find_path
from routing.search import Ends, Search
from routing.snap import Position

FIRST_CAPACITY = 64


class TravelTimes:
    """A table of driving times that gains one row and one column with every new place.

    The table is exact: each entry is the fastest path on the graph, turn restrictions included, and among
    equally fast paths the shortest. The bus may leave and reach a place on a two-way road in either
    direction. Adding may be done from several threads.

    Parameters
    ----------
    graph
        The roads.
    """

    def __init__(self, graph: RoadGraph) -> None:
        self._search = Search(graph)
        self._lock = Lock()
        self._positions: list[Position] = []
        self._index: dict[tuple[int, int], int] = {}
        self._on_edge: defaultdict[int, list[int]] = defaultdict(list)
        self._leaving = _EndsTable()
        self._reaching = _EndsTable()
        self._seconds = np.zeros((FIRST_CAPACITY, FIRST_CAPACITY), dtype=np.int32)
        self._metres = np.zeros((FIRST_CAPACITY, FIRST_CAPACITY), dtype=np.int32)
        self._snapshot: tuple[Int32, Int32] | None = None

    def __len__(self) -> int:
        return len(self._positions)

    @property
    def seconds(self) -> Int32:
        """int32[n, n], driving times from row to column, rounded up; `UNREACHABLE` where no path leads.

        Read-only, and never changed by places added later.
        """
        return self._tables()[0]

    @property
    def metres(self) -> Int32:
        """int32[n, n], lengths of the same fastest paths, rounded up; read-only like `seconds`."""
        return self._tables()[1]

    def position(self, place: int) -> Position:
        """Return the position that was added as `place`."""
        return self._positions[place]

    def add(self, position: Position) -> int:
        """Add a place and return its index; a place that is there already keeps the index it has.

        Costs one search forward and one backward.
        """
        with self._lock:
            return self._add(position)

    def add_many(self, positions: Iterable[Position]) -> list[int]:
        """Add several places and return their indices in the same order."""
        with self._lock:
            return [self._add(position) for position in positions]

    def path(self, origin: int, destination: int) -> Path:
        """Return the fastest path between two places; raise `NoRoad` if there is none."""
        return find_path(self._search, self._positions[origin], self._positions[destination])

    def _add(self, position: Position) -> int:
        search = self._search
        leaving, reaching = search.leaving(position), search.reaching(position)
        edge = leaving.edges[0]
        same_place = (edge, int(reaching.keys[0]) & LENGTH_MASK)
        known = self._index.get(same_place)
        if known is not None:
            return known
        keys_from, keys_to = search.keys_from(leaving), search.keys_to(reaching)
        n = len(self._positions)
        self._reserve(n + 1)
        self._index[same_place] = n
        self._positions.append(position)
        self._on_edge[edge].append(n)
        self._leaving.append(leaving)
        self._reaching.append(reaching)
        row, column = self._reaching.best(keys_from), self._leaving.best(keys_to)
        for other in self._on_edge[edge]:
            row[other] = min(row[other], search.direct(position, self._positions[other]))
            column[other] = min(column[other], search.direct(self._positions[other], position))
        self._seconds[n, : n + 1], self._metres[n, : n + 1] = _unpack(row)
        self._seconds[: n + 1, n], self._metres[: n + 1, n] = _unpack(column)
        self._snapshot = None
        return n

    def _tables(self) -> tuple[Int32, Int32]:
        with self._lock:
            if self._snapshot is None:
                n = len(self._positions)
                seconds, metres = self._seconds[:n, :n].copy(), self._metres[:n, :n].copy()
                seconds.flags.writeable = metres.flags.writeable = False
                self._snapshot = seconds, metres
            return self._snapshot

    def _reserve(self, places: int) -> None:
        """Make room for `places`, doubling so that growth costs little on average."""
        capacity = len(self._seconds)
        if places <= capacity:
            return
        grown = [np.zeros((2 * capacity, 2 * capacity), dtype=np.int32) for _ in range(2)]
        for new, old in zip(grown, (self._seconds, self._metres), strict=True):
            new[:capacity, :capacity] = old
        self._seconds, self._metres = grown


class _EndsTable:
    """The ends of all places as growing columns."""

    def __init__(self) -> None:
        self._count = 0
        self._nodes = np.zeros((2, FIRST_CAPACITY), dtype=np.int32)
        self._keys = np.zeros((2, FIRST_CAPACITY), dtype=np.int64)

    def append(self, ends: Ends) -> None:
        if self._count == self._nodes.shape[1]:
            self._nodes = np.concatenate([self._nodes, np.zeros_like(self._nodes)], axis=1)
            self._keys = np.concatenate([self._keys, np.zeros_like(self._keys)], axis=1)
        self._nodes[:, self._count] = ends.nodes
        self._keys[:, self._count] = ends.keys
        self._count += 1

    def best(self, keys: Int64) -> Int64:
        """Return int64[places]: the smaller sum of the node's key and the end's key of each place."""
        nodes, own = self._nodes[:, : self._count], self._keys[:, : self._count]
        return np.asarray((keys[nodes] + own).min(axis=0))


def _unpack(keys: Int64) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return whole seconds and metres, both rounded up."""
    reached = keys < INFINITE
    seconds = -(-(keys >> LENGTH_BITS) // 1000)
    metres = -(-(keys & LENGTH_MASK) // 1000)
    return np.where(reached, seconds, UNREACHABLE), np.where(reached, metres, UNREACHABLE)
