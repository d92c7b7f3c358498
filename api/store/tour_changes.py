"""What is new about a tour since it was last stored, as columns by name.

A booking changes a few halts of one tour. Only those are written: everybody who books waits for it.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from api.servicetime import ServiceDay
from api.store.details import PositionOf, break_details
from api.store.tables import TourRow
from dispatch.model import Booking, BookingId, ShiftId, Tour, Visit, VisitId


class Rider(NamedTuple):
    """One rider at one visit; the first three name the row."""

    booking_id: str
    kind: str
    leg: int
    visit_id: str
    position: int


class Moved(NamedTuple):
    """Visits that stay as they are, but stand ``by`` places further back than ``first`` … ``last``."""

    first: int
    last: int
    by: int


@dataclass(frozen=True, slots=True)
class TourChange:
    """New and changed visits (columns by name), ids of those that are gone, riders that come and go.

    ``row`` is there if the tour was never stored. What is ``moved`` moves first, in this order.
    """

    tour_id: str
    row: TourRow | None
    moved: list[Moved]
    visits: list[dict[str, Any]]
    gone: list[str]
    left: set[Rider]
    joined: set[Rider]


def tour_change(
    tour_id: str,
    row: TourRow | None,
    tours: tuple[Tour | None, Tour],
    bookings: tuple[Mapping[BookingId, Booking], Mapping[BookingId, Booking]],
    service: ServiceDay,
    position: PositionOf,
) -> TourChange:
    """Compare a tour as it is stored (None: not yet) with what it is to be; likewise all bookings."""
    known, new = tours
    before = {visit.id: (k, visit) for k, visit in enumerate(known.visits)} if known else {}
    after = {visit.id: (k, visit) for k, visit in enumerate(new.visits)}
    stay_seated = _seated_alike(known, new, bookings) if known else set()
    were = set(riders_of(known, bookings[0], stay_seated)) if known else set()
    are = set(riders_of(new, bookings[1], stay_seated))
    same = [(before[key][0], k) for key, (k, visit) in after.items() if _same(before, key, visit)]
    moved = _moved(sorted(same))
    stay = {new for old, new in same if moved or old == new}
    return TourChange(
        tour_id=tour_id,
        row=row,
        moved=moved,
        visits=[
            visit_columns(tour_id, k, visit, service, position)
            for k, visit in after.values()
            if k not in stay
        ],
        gone=[key for key in before if key not in after],
        left=were - are,
        joined=are - were,
    )


def _seated_alike(
    known: Tour,
    new: Tour,
    bookings: tuple[Mapping[BookingId, Booking], Mapping[BookingId, Booking]],
) -> set[VisitId]:
    """Return visits at which the very same riders board and leave, none of whom changed buses."""
    before, after = bookings
    visits = {visit.id: visit for visit in known.visits}
    return {
        visit.id
        for visit in new.visits
        if (old := visits.get(visit.id)) is not None
        and (old.board, old.alight) == (visit.board, visit.alight)
        and all(before[key] is after[key] for key in (*visit.board, *visit.alight))
    }


def _same(before: Mapping[VisitId, tuple[int, Visit]], key: VisitId, visit: Visit) -> bool:
    return key in before and before[key][1] == visit


def _moved(same: list[tuple[int, int]]) -> list[Moved]:
    """Tell in a few words how visits moved from old to new places, sorted by the old; nothing if that fails.

    Those behind a new halt all move by one. Where some go back and others forward, they are not told apart
    by their places once the first have moved.
    """
    steps = [new - old for old, new in same]
    if not any(steps) or min(steps) < 0 < max(steps):
        return []
    if any(one[1] > other[1] for one, other in pairwise(same)):
        return []
    runs = []
    for by, run in groupby(same, lambda places: places[1] - places[0]):
        olds = [old for old, _ in run]
        if by:
            runs.append(Moved(olds[0], olds[-1], by))
    return runs[::-1] if max(steps) > 0 else runs


def visit_columns(
    tour_id: str, sequence: int, visit: Visit, service: ServiceDay, position: PositionOf
) -> dict[str, Any]:
    """Return the columns of a visit."""
    lon, lat = position(visit.place)
    arrive, depart = service.instant(visit.arrive_s), service.instant(visit.depart_s)
    return {
        "tour_id": tour_id,
        "id": visit.id,
        "sequence": sequence,
        "lon": lon,
        "lat": lat,
        "status": visit.status.value,
        "arrive": arrive,
        "depart": depart,
        "planned_arrive": arrive,
        "planned_depart": depart,
        "pause": None if visit.pause is None else break_details(visit.pause, position),
    }


def rider_columns(tour_id: str, riders: Iterable[Rider]) -> list[dict[str, Any]]:
    """Return the columns of riders of a tour."""
    return [rider._asdict() | {"tour_id": tour_id} for rider in riders]


def riders_of(
    tour: Tour, bookings: Mapping[BookingId, Booking], without: Container[VisitId] = ()
) -> Iterator[Rider]:
    """Yield who boards and leaves at the visits of a tour, but for some visits."""
    for visit in tour.visits:
        if visit.id in without:
            continue
        for kind, keys in (("board", visit.board), ("alight", visit.alight)):
            for order, key in enumerate(keys):
                yield Rider(key, kind, _leg(bookings[key], tour.shift), visit.id, order)


def _leg(booking: Booking, shift: ShiftId) -> int:
    """Which of the buses of a ride this one is."""
    before = booking.carried_by
    return before.index(shift) if shift in before else len(before)
