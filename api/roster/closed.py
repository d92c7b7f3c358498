"""Closures: hours in which nothing is offered, in the whole area or in a part of it.

They bind what is offered from now on. Who was promised a ride keeps it: a person decides about those.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from api.servicetime import ServiceDay
from api.store.database import Database
from api.store.tables import ClosureRow
from dispatch.engine import decide
from dispatch.events import OffersMade, RideRefused, RideRequested
from dispatch.model import Offer, Refusal, Request, Rule, TimeKind
from regions.area import Area

if TYPE_CHECKING:
    from api.asked import Asked
    from api.day import Day
    from api.wish import Wish

LOOK_EVERY_S = 1.0
"""So long another process may go on offering rides in hours that were just closed."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Hours in which nothing is offered; ``place`` None: nowhere."""

    starts_at: datetime
    ends_at: datetime
    place: BaseGeometry | None = None

    @classmethod
    def of(cls, row: ClosureRow) -> "Closure":
        """Return the closure of a row."""
        place = None if row.place is None else shape(row.place)
        if place is not None:
            shapely.prepare(place)
        return cls(row.starts_at, row.ends_at, place)

    def touches(self, start: datetime, end: datetime) -> bool:
        """Whether it is in force at any time from ``start`` to ``end``."""
        return self.starts_at < end and start < self.ends_at

    def holds(self, points: Iterable[tuple[float, float]]) -> bool:
        """Whether any of some points (lon, lat) lies in it."""
        place = self.place
        return place is None or any(bool(shapely.intersects_xy(place, *point)) for point in points)


class Closures:
    """The closures of all areas as last read; what this process changes is known at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, tuple[Closure, ...]]] = {}

    def forget(self, area_id: str) -> None:
        """Read an area's closures again when they are next asked for."""
        with self._lock:
            self._known.pop(area_id, None)

    def of_area(self, database: Database, area_id: str, now: datetime) -> tuple[Closure, ...]:
        """Return the closures that are not over yet."""
        with self._lock:
            known = self._known.get(area_id)
        if known is not None and monotonic() - known[0] < LOOK_EVERY_S:
            return known[1]
        looked = monotonic()
        with database.reading() as reader:
            found = tuple(Closure.of(row) for row in reader.closures([area_id], now))
        with self._lock:
            self._known[area_id] = looked, found
        return found


def closes_day(closures: Iterable[Closure], area: Area, service: ServiceDay) -> bool:
    """Whether a closure of the whole area holds as long as any shift of a day."""
    shifts = area.shifts_on(service.day)
    start = min((shift.start_s for shift in shifts), default=0)
    end = max((shift.end_s for shift in shifts), default=86_400)
    return any(
        each.place is None
        and each.starts_at <= service.instant(start)
        and service.instant(end) <= each.ends_at
        for each in closures
    )


def closes_wish(closures: Iterable[Closure], wish: "Wish") -> bool:
    """Whether the time wished lies in a closure of where the rider starts or goes."""
    ends = [(end.spot.lon, end.spot.lat) for end in (wish.origin, wish.destination)]
    return any(
        each.starts_at <= wish.time_at < each.ends_at and each.holds(ends) for each in closures
    )


def allowed(
    closures: tuple[Closure, ...], asked: "Asked", day: "Day", now: datetime,
    effect: OffersMade | RideRefused,
) -> OffersMade | RideRefused:  # fmt: skip
    """Take out of an answer what lies in closed hours; say so where nothing is left.

    What would work instead is looked for before the first closure in the way, and after it.
    """
    if not closures:
        return effect
    if isinstance(effect, RideRefused):
        open_ = _open(closures, asked, effect.refusal.alternatives)
        return RideRefused(replace(effect.refusal, alternatives=open_))
    offers = _open(closures, asked, effect.offers)
    if offers:
        return replace(effect, offers=offers)
    blocking = [each for each in closures if blocks(each, asked, effect.offers[0])]
    found: list[Offer] = []
    for each in blocking[:2]:
        for kind, at in ((TimeKind.ARRIVE_BY, each.starts_at), (TimeKind.DEPART_AT, each.ends_at)):
            request = replace(asked.request, time_kind=kind, time_s=day.seconds(at))
            found += _open(closures, asked, _offers(day, request, now))[:1]
    return RideRefused(Refusal(asked.request, Rule.CLOSURE, tuple(found)))


def _offers(day: "Day", request: Request, now: datetime) -> tuple[Offer, ...]:
    _, effects = decide(day.state, RideRequested(request), day.seconds(now))
    return next((each.offers for each in effects if isinstance(each, OffersMade)), ())


def _open(
    closures: tuple[Closure, ...], asked: "Asked", offers: Iterable[Offer]
) -> tuple[Offer, ...]:
    return tuple(
        offer for offer in offers if not any(blocks(each, asked, offer) for each in closures)
    )


def blocks(closure: Closure, asked: "Asked", offer: Offer) -> bool:
    """Whether a ride that is offered would be under way in closed hours, to or from a closed place."""
    start = asked.service.instant(offer.promise.pickup_from_s)
    end = asked.service.instant(offer.planned_arrival_s)
    if not closure.touches(start, end):
        return False
    wish, request = asked.wish, offer.request
    halts = [asked.spots[place] for place in (request.origin, request.destination)]
    ends = (wish.origin.spot, wish.destination.spot, *halts)
    return closure.holds((spot.lon, spot.lat) for spot in ends)
