"""An area's day at one moment, ready for the kernels."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from dispatch.events import State
from dispatch.model import LOAD_KINDS, PlaceIndex, Shift, Tour
from dispatch.schedule.arrays import FAR, Ints, Opened, Packed, Road
from dispatch.schedule.opening import delayed, tour_of
from dispatch.schedule.opening_kernels import open_day
from dispatch.schedule.packing import PackedTour, packed_tour
from dispatch.schedule.rows import bus, packed
from dispatch.schedule.tables import Tables, road_of

_REMEMBERED_DAYS = 16
_REMEMBERED_MOMENTS = 2


@dataclass(frozen=True, slots=True, eq=False)
class PackedDay:
    """The tours of some shifts, packed one after the other, and how they stood at some moments."""

    parts: tuple[object, ...]
    """What the day is remembered by, kept alive."""
    tables: Tables
    shifts: tuple[Shift, ...]
    arrays: Packed
    moments: "OrderedDict[int, Moment]" = field(default_factory=OrderedDict)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A packed day as it is open; the same at every moment until ``until_s``."""

    opened: Opened
    settled: tuple[int, ...]
    until_s: int


@dataclass(frozen=True, slots=True)
class Opening:
    """The first ``settled`` visits of a tour stay; the bus is free at ``place`` after them.

    ``free_s`` is when it may leave there for the first open visit, ``free_new_s`` the same for a visit
    inserted before that; the first open visit is reached not before ``not_before_s``.
    """

    settled: int
    place: PlaceIndex
    free_s: int
    free_new_s: int
    not_before_s: int


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Open parts of the tours of ``shifts``, in that order."""

    state: State
    now_s: int
    shifts: tuple[Shift, ...]
    settled: tuple[int, ...]
    """How many visits of each tour are settled, see ``dispatch.schedule.opening_kernels``."""
    opened: Opened
    limits: Ints
    """Linear limits of each shift's vehicle, see :class:`Packed`."""
    road: Road

    @classmethod
    def at(cls, state: State, now_s: int) -> "Snapshot":
        """Open all shifts for insertions at ``now_s``, in the order of their ids."""
        day = _remembered(state)
        moment = _moment(day, state, now_s)
        road = road_of(state.travel, state.policy)
        limits = day.arrays.limits
        return cls(state, now_s, day.shifts, moment.settled, moment.opened, limits, road)

    @classmethod
    def of_tour(cls, state: State, shift: Shift, now_s: int = -FAR) -> "Snapshot":
        """Open one tour; at ``-FAR`` all that was not reported is open."""
        tables = Tables(state.travel)
        arrays = _packed(state, (packed_tour(state, shift, tables),))
        day = PackedDay((), tables, (shift,), arrays)
        moment = _open(day, state, now_s)
        road = road_of(state.travel, state.policy)
        limits = day.arrays.limits
        return cls(state, now_s, day.shifts, moment.settled, moment.opened, limits, road)

    def tour(self, index: int) -> Tour:
        """Look up the whole tour of the shift at ``index``."""
        return tour_of(self.state, self.shifts[index].id)

    def opening(self, index: int) -> Opening:
        """Tell where the open part of the tour at ``index`` begins."""
        row = self.opened.buses[index].tolist()
        place = PlaceIndex(row[bus.PLACE])
        return Opening(
            row[bus.SETTLED], place, row[bus.FREE_S], row[bus.FREE_NEW_S], row[bus.KEEPS_S]
        )


class _Memory:
    """The days used last, by the identity of everything they consist of but the travel tables."""

    def __init__(self) -> None:
        self.days: OrderedDict[tuple[int, ...], PackedDay] = OrderedDict()
        self.lock = Lock()


_memory = _Memory()


def forget() -> None:
    """Empty the memory of days."""
    with _memory.lock:
        _memory.days.clear()


def _remembered(state: State) -> PackedDay:
    """Pack a day, or find it packed."""
    parts = (
        state.policy,
        state.vehicles,
        state.shifts,
        state.tours,
        state.bookings,
        state.delays,
    )
    key, tables = tuple(map(id, parts)), Tables(state.travel)
    with _memory.lock:
        known = _memory.days.get(key)
        if known is not None and known.tables == tables:
            _memory.days.move_to_end(key)
            return known
    shifts = tuple(state.shifts[name] for name in sorted(state.shifts))
    arrays = _packed(state, [packed_tour(state, shift, tables) for shift in shifts])
    day = PackedDay(parts, tables, shifts, arrays)
    with _memory.lock:
        _memory.days[key] = day
        if len(_memory.days) > _REMEMBERED_DAYS:
            _memory.days.popitem(last=False)
    return day


def _packed(state: State, tours: Sequence[PackedTour]) -> Packed:
    """Write packed tours one after the other; vehicles with fewer limits get ones nothing can fill."""
    rows, visits, rides = [], 0, 0
    for tour in tours:
        visits_until, rides_until = visits + len(tour.visits), rides + len(tour.rides)
        bounds = visits, visits_until, rides, rides_until
        rows.append((*tour.bus, *bounds, *delayed(state, tour.shift)))
        visits, rides = visits_until, rides_until
    all_visits = np.empty((visits, packed.VISIT_ROWS), np.int64)
    all_rides = np.empty((rides, packed.LOAD + len(LOAD_KINDS)), np.int64)
    legs, directs = np.empty((visits + len(tours), 2), np.int64), np.empty((rides, 2), np.int64)
    width = max((len(tour.limits) for tour in tours), default=1)
    limits = np.zeros((len(tours), width, len(LOAD_KINDS) + 1), np.int64)
    limits[:, :, -1] = FAR
    if tours:
        np.concatenate([tour.visits for tour in tours], out=all_visits)
        np.concatenate([tour.rides for tour in tours], out=all_rides)
        np.concatenate([tour.legs for tour in tours], out=legs)
        np.concatenate([tour.directs for tour in tours], out=directs)
    for row, tour in zip(limits, tours, strict=True):
        row[: len(tour.limits)] = tour.limits
    buses = np.array(rows, np.int64).reshape(len(tours), packed.BUS_ROWS)
    return Packed(buses, all_visits, all_rides, legs, directs, limits)


def _moment(day: PackedDay, state: State, now_s: int) -> Moment:
    """Open a day, or find it open: before anything begins, every moment is the same."""
    for key in FAR, now_s:
        known = day.moments.get(key)
        if known is not None and (now_s <= known.until_s or key == now_s):
            return known
    new = _open(day, state, now_s)
    key = FAR if now_s <= new.until_s else now_s
    with _memory.lock:
        day.moments[key] = new
        if len(day.moments) > _REMEMBERED_MOMENTS:
            day.moments.popitem(last=False)
    return new


def _open(day: PackedDay, state: State, now_s: int) -> Moment:
    policy = state.policy
    road = road_of(state.travel, policy)
    opened = open_day(day.arrays, road, now_s, policy.frozen_s, policy.risk_slack_s)
    settled = tuple(opened.buses[:, bus.SETTLED].tolist())
    return Moment(opened, settled, int(opened.buses[:, bus.QUIET_S].min(initial=FAR)))
