"""What a driver sees at a junction: the roads that leave it, and at which angles."""

import math
import re
from collections.abc import Iterable

from routing.graph import FERRY, ROAD_CLASSES, ROUNDABOUT, RoadGraph
from routing.spot import Spot, east_north

SIGHT_M = 15.0
"""Metres of road by which one sees where it goes; the kink right at the junction says little."""

_NUMBERS = re.compile(r"(([A-ZÄÖÜ][A-Za-zÄÖÜ]{0,2} ?)?\d+[a-z]?(; ?)?)+")
"""Where a road has a number and no name, the number stands in place of the name."""

_MINOR = frozenset(
    ROAD_CLASSES.index(name) for name in ("service", "busway", "pedestrian", "track", "other")
)
_LINKS = frozenset(i for i, name in enumerate(ROAD_CLASSES) if name.endswith("_link"))
_FAST_LINKS = frozenset(ROAD_CLASSES.index(name) for name in ("motorway_link", "trunk_link"))
_FAST = frozenset(ROAD_CLASSES.index(name) for name in ("motorway", "trunk"))


class Roads:
    """A road graph as a driver sees it; `edge` is always an original edge, never a copy or connector."""

    def __init__(self, graph: RoadGraph) -> None:
        self.graph = graph

    def leaving(self, edge: int, chosen: int) -> set[int]:
        """Return the edges by which one may leave the junction between `edge` and the next one, `chosen`.

        A junction may be several nodes at one place, joined by connectors that leave out what is forbidden.
        Walking connectors and opposite directions finds the exits that are closed only to this driver too.
        """
        graph, found = self.graph, set[int]()
        nodes, seen = [int(graph.head[edge]), int(graph.tail[chosen])], set[int]()
        while nodes:
            node = nodes.pop()
            if node in seen:
                continue
            seen.add(node)
            for out in range(int(graph.first_out[node]), int(graph.first_out[node + 1])):
                if graph.way_id[out] == 0:
                    nodes.append(int(graph.head[out]))
                    continue
                original = int(graph.copy_of[out]) if graph.copy_of[out] >= 0 else out
                found.add(original)
                nodes.append(int(graph.tail[original]))
                if graph.twin[original] >= 0:
                    nodes.append(int(graph.head[graph.twin[original]]))
        return found

    def others(self, edge: int, chosen: int) -> list[int]:
        """Return the edges other than `chosen` that lead on from `edge`, turning back left out."""
        return sorted(self.leaving(edge, chosen) - {chosen, int(self.graph.twin[edge])})

    def angle(self, edge: int, onto: int) -> float:
        """Return the degrees turned from the end of `edge` to the start of `onto`, right positive."""
        turn = self.bearing_at_start(onto) - self.bearing_at_end(edge)
        return (turn + 180) % 360 - 180

    def bearing_at_start(self, edge: int) -> float:
        """Return the compass direction in which an edge sets out, in degrees."""
        lon, lat = self.graph.shape(edge)
        return first_bearing(zip(lon.tolist(), lat.tolist(), strict=True))

    def bearing_at_end(self, edge: int) -> float:
        """Return the compass direction in which an edge arrives, in degrees."""
        lon, lat = self.graph.shape(edge)
        return first_bearing(zip(lon[::-1].tolist(), lat[::-1].tolist(), strict=True)) + 180

    def street(self, edge: int) -> str:
        """Return the street's name; "" where the road has only a number."""
        name = self.graph.names[self.graph.name[edge]]
        return "" if _NUMBERS.fullmatch(name) else name

    def number(self, edge: int) -> str:
        """Return the first road number, such as "B 10"; "" where there is none."""
        name, number = (
            self.graph.names[index[edge]] for index in (self.graph.name, self.graph.ref)
        )
        numbers = number or (name if _NUMBERS.fullmatch(name) else "")
        return numbers.split(";")[0].strip()

    def same(self, one: int, other: int) -> bool:
        """Tell whether two edges are one road to a person: the same name, else number, else neither."""
        names = self.street(one), self.street(other)
        if all(names):
            return names[0] == names[1]
        numbers = self.number(one), self.number(other)
        if any(numbers):
            return numbers[0] == numbers[1]
        return not any(names)

    def rank(self, edge: int) -> int:
        """Return the class of a road as a number: the smaller, the more important."""
        return int(self.graph.road_class[edge])

    def is_minor(self, edge: int) -> bool:
        """Tell whether nobody takes this for the road that goes on: a driveway, a track."""
        return self.rank(edge) in _MINOR

    def is_link(self, edge: int) -> bool:
        """Tell whether this is a ramp or a lane of its own for those who turn."""
        return self.rank(edge) in _LINKS

    def is_ramp(self, edge: int) -> bool:
        """Tell whether this is a ramp of a motorway or the like."""
        return self.rank(edge) in _FAST_LINKS

    def is_fast(self, edge: int) -> bool:
        """Tell whether this is a motorway or the like, entered and left by ramps."""
        return self.rank(edge) in _FAST

    def is_roundabout(self, edge: int) -> bool:
        """Tell whether an edge is part of a roundabout."""
        return bool(self.graph.flags[edge] & ROUNDABOUT)

    def is_ferry(self, edge: int) -> bool:
        """Tell whether an edge is a ferry."""
        return bool(self.graph.flags[edge] & FERRY)


def first_bearing(line: Iterable[Spot], sight_m: float = SIGHT_M) -> float:
    """Return the compass direction of the first `sight_m` metres of a line, in degrees (0 if it has none)."""
    points = iter(line)
    origin = next(points)
    x = y = 0.0
    for point in points:
        east, north = east_north(origin, point)
        step, rest = math.hypot(east - x, north - y), sight_m - math.hypot(x, y)
        if step > rest > 0:
            x, y = x + (east - x) * rest / step, y + (north - y) * rest / step
            break
        x, y = east, north
    return math.degrees(math.atan2(x, y)) % 360
