"""Roads that are closed or slow for a while: which edges, from when to when, and the graph that follows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from routing.errors import ClosureError, NoRoad
from routing.graph import CLOSED_MS, Int32, RoadGraph
from routing.snap import Snapper

CLICK_M = 40.0
"""How far from the middle of a road a click on the map still means it."""


@dataclass(frozen=True, slots=True)
class Click:
    """The road nearest to a place on the map, from junction to junction and in both directions."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Ways:
    """All of some OSM ways."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Zone:
    """Every road that touches a polygon, given by its corners as longitude and latitude."""

    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Closure:
    """Roads that cannot be driven, or only slowly, for some time.

    Attributes
    ----------
    id
        Name of the closure in messages.
    where
        Which roads.
    speed
        Share of the usual speed that is left, 0 for closed.
    since, until
        First and last instant, the last one excluded; time-zone-aware; None: always, for ever.
    """

    id: str
    where: Click | Ways | Zone
    speed: float = 0.0
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.speed <= 1.0:
            raise ClosureError(
                "closure-speed",
                f"Closure {self.id}: the speed that is left must be a share from 0 to 1, not {self.speed}.",
            )
        if any(time is not None and time.tzinfo is None for time in (self.since, self.until)):
            raise ClosureError(
                "closure-period", f"Closure {self.id}: give its times with a time zone."
            )
        if self.since and self.until and self.until <= self.since:
            raise ClosureError(
                "closure-period", f"Closure {self.id} ends before it begins: exchange its times."
            )

    def holds(self, at: datetime) -> bool:
        """Tell whether the closure is in force."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


def next_change(closures: Iterable[Closure], after: datetime) -> datetime | None:
    """Return when the next closure begins or ends after an instant, None if none ever does."""
    times = [time for closure in closures for time in (closure.since, closure.until)]
    return min((time for time in times if time is not None and time > after), default=None)


def edges_of(closure: Closure, graph: RoadGraph, snapper: Snapper) -> Int32:
    """Return the edges that a closure is about (int32, sorted), copies and both directions included.

    Raises
    ------
    ClosureError
        ``closure-no-road``, ``closure-way-unknown``, ``closure-polygon``: it names no road of the graph.
    """
    where = closure.where
    if isinstance(where, Click):
        chosen = _clicked(closure.id, where, graph, snapper)
    elif isinstance(where, Ways):
        chosen = _of_ways(closure.id, where, graph)
    else:
        chosen = _touching(closure.id, where, graph)
    meant = np.zeros(graph.edges, dtype=np.bool_)
    meant[chosen] = True
    copies = np.flatnonzero(graph.copy_of >= 0)
    meant[copies] |= meant[graph.copy_of[copies]]
    return np.flatnonzero(meant).astype(np.int32)


def closed(graph: RoadGraph, closures: Iterable[tuple[Closure, Int32]]) -> RoadGraph:
    """Return the graph with the times that follow from closures and their edges; the slowest one counts."""
    share = np.ones(graph.edges)
    for closure, edges in closures:
        share[edges] = np.minimum(share[edges], closure.speed)
    with np.errstate(divide="ignore", over="ignore"):
        slowed = np.rint(graph.time_ms / share)
    return replace(graph, time_ms=np.minimum(slowed, CLOSED_MS).astype(np.int32))


def _clicked(name: str, click: Click, graph: RoadGraph, snapper: Snapper) -> npt.NDArray[Any]:
    try:
        edge = snapper.snap(click.lon, click.lat, CLICK_M).edge
    except NoRoad as error:
        raise ClosureError("closure-no-road", f"Closure {name}: {error.message}") from error
    sides = np.array([edge, graph.twin[edge]])
    return sides[sides >= 0]


def _of_ways(name: str, ways: Ways, graph: RoadGraph) -> npt.NDArray[Any]:
    missing = set(ways.ids) - set(graph.way_id.tolist())
    if missing or not ways.ids or min(ways.ids) <= 0:
        which = f"no way {min(missing)}" if missing else "no ways"
        raise ClosureError(
            "closure-way-unknown",
            f"Closure {name} names {which} that the bus could use here: check the number on the map.",
        )
    return np.flatnonzero(np.isin(graph.way_id, ways.ids))


def _touching(name: str, zone: Zone, graph: RoadGraph) -> npt.NDArray[Any]:
    polygon = _polygon(name, zone)
    point_edge = np.repeat(np.arange(graph.edges), np.diff(graph.shape_first))
    lines = shapely.linestrings(
        np.column_stack([graph.shape_lon, graph.shape_lat]), indices=point_edge
    )
    hit = np.flatnonzero(shapely.intersects(polygon, lines) & (graph.way_id != 0))
    if not len(hit):
        raise ClosureError(
            "closure-no-road", f"Closure {name}: no road the bus may use touches its polygon."
        )
    return hit


def _polygon(name: str, zone: Zone) -> shapely.Polygon:
    try:
        polygon = shapely.Polygon(zone.corners)
        sound = polygon.is_valid and polygon.area > 0
    except (ValueError, shapely.errors.ShapelyError):
        sound = False
    if not sound:
        raise ClosureError(
            "closure-polygon",
            f"Closure {name}: its corners are no area; give at least three, in order round it.",
        )
    shapely.prepare(polygon)
    return polygon
