"""Driving times and distances between a growing set of places."""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from routing.ends_kernels import Sides
from routing.graph import Int32, RoadGraph
from routing.hierarchy.label_kernels import enter
from routing.hierarchy.labels import PlaceLabels
from routing.kernels import LENGTH_MASK
from routing.path import Path, find_path
from routing.search import Search
from routing.snap import Position

_T = TypeVar("_T", bound=np.generic)

FIRST_CAPACITY = 64
BULK = 24
"""From so many new places on, two sweeps over the hierarchy are faster than a label for each place."""


class TravelTimes:
    """A table of driving times that gains one row and one column with every new place.

    The table is exact: each entry is the fastest path on the graph, turn restrictions included, and among
    equally fast paths the shortest. The bus may leave and reach a place on a two-way road in either
    direction unless the place is meant for one side of the road. Adding may be done from several threads.

    Parameters
    ----------
    roads
        The roads, or a search in them that is at hand: sharing it is what saves time and memory.
    """

    def __init__(self, roads: RoadGraph | Search) -> None:
        self._search = roads if isinstance(roads, Search) else Search(roads)
        self._lock = Lock()
        self._positions: list[Position] = []
        self._index: dict[tuple[int, int, bool], int] = {}
        self._leaving = PlaceLabels(self._search.graph.nodes)
        self._reaching = PlaceLabels(self._search.graph.nodes)
        self._side_edges = np.zeros((FIRST_CAPACITY, 2), dtype=np.int32)
        self._side_keys = np.zeros((FIRST_CAPACITY, 2), dtype=np.int64)
        self._seconds = np.zeros((FIRST_CAPACITY, FIRST_CAPACITY), dtype=np.int32)
        self._metres = np.zeros((FIRST_CAPACITY, FIRST_CAPACITY), dtype=np.int32)
        self._snapshot: tuple[Int32, Int32] | None = None

    def __len__(self) -> int:
        return len(self._positions)

    @property
    def seconds(self) -> Int32:
        """int32[n, n], driving times from row to column, rounded up; `UNREACHABLE` where no path leads.

        Read-only, and never changed by places added later: a corner of an array those grow in, so that
        a new place costs its row and its column, not a copy of the table.
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

        Costs one row and one column: two small searches and one pass over the labels of all places.
        """
        return self.add_many([position])[0]

    def add_many(self, positions: Iterable[Position]) -> list[int]:
        """Add several places and return their indices in the same order."""
        with self._lock:
            places = list(positions)
            known = len(self._positions)
            sides = self._search.sides(places)
            indices, new = self._register(places, sides)
            if new:
                self._reserve(len(self._positions))
                self._side_edges[known : known + len(new)] = sides[0][new]
                self._side_keys[known : known + len(new)] = sides[1][new]
                self._enter(np.arange(known, known + len(new), dtype=np.int32))
                self._snapshot = None
            return indices

    def path(self, origin: int, destination: int) -> Path:
        """Return the fastest path between two places; raise `NoRoad` if there is none."""
        labels = self._leaving.label(origin), self._reaching.label(destination)
        return find_path(
            self._search, self._positions[origin], self._positions[destination], labels
        )

    def on(self, roads: Search) -> "TravelTimes":
        """Return the same places, by the same indices, on another version of the same roads."""
        moved = TravelTimes(roads)
        moved.add_many(self._positions)
        return moved

    def _register(self, positions: Sequence[Position], sides: Sides) -> tuple[list[int], list[int]]:
        """Return the index of each position, and which of the positions are at places not known so far."""
        indices, new = [], []
        roads, driven = sides[0][:, 0].tolist(), (sides[1][:, 0] & LENGTH_MASK).tolist()
        for number, position in enumerate(positions):
            place = roads[number], driven[number], position.kerb
            index = self._index.setdefault(place, len(self._positions))
            if index == len(self._positions):
                self._positions.append(position)
                new.append(number)
            indices.append(index)
        return indices, new

    def _enter(self, new: Int32) -> None:
        """Fill rows and columns of new places, those with the highest indices."""
        search, count = self._search, len(self._positions)
        everywhere = np.arange(count, dtype=np.int32)
        old = everywhere[: new[0]]
        sides = self._side_edges[:count], self._side_keys[:count]
        fresh = sides[0][new[0] :], sides[1][new[0] :]
        starts, goals = search.leaving(fresh), search.reaching(fresh)
        self._leaving.extend(search.labels_from(starts))
        self._reaching.extend(search.labels_to(goals))
        if len(new) >= BULK:
            rows = search.table(starts, search.reaching(sides))
            columns = search.table(search.leaving((sides[0][old], sides[1][old])), goals)
        else:
            rows = np.array([self._reaching.least(self._leaving.label(place)) for place in new])
            columns = np.array([self._leaving.least(self._reaching.label(place)) for place in new])
            columns = columns.T[old]
        for keys, origins, destinations in ((rows, new, everywhere), (columns, old, new)):
            enter(keys, origins, destinations, sides, self._seconds, self._metres)

    def _tables(self) -> tuple[Int32, Int32]:
        with self._lock:
            if self._snapshot is None:
                n = len(self._positions)
                seconds, metres = self._seconds[:n, :n], self._metres[:n, :n]
                seconds.flags.writeable = metres.flags.writeable = False
                self._snapshot = seconds, metres
            return self._snapshot

    def _reserve(self, places: int) -> None:
        """Make room for `places`, doubling so that growth costs little on average."""
        capacity = len(self._seconds)
        if places <= capacity:
            return
        room = max(2 * capacity, places)
        self._seconds = _grown(self._seconds, (room, room))
        self._metres = _grown(self._metres, (room, room))
        self._side_edges = _grown(self._side_edges, (room, 2))
        self._side_keys = _grown(self._side_keys, (room, 2))


def _grown(table: npt.NDArray[_T], shape: tuple[int, int]) -> npt.NDArray[_T]:
    """Return a larger table with the old one in its corner."""
    grown = np.zeros(shape, dtype=table.dtype)
    grown[: table.shape[0], : table.shape[1]] = table
    return grown
