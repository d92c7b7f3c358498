"""The demand of one day: who calls when and wants to go where, drawn from a region's own places.

Everything is drawn from one seeded generator, so that the same seed gives the same day.
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from dispatch.model import LOAD_KINDS, Load, LoadKind, TimeKind
from regions.area import Area
from regions.region import Region
from simulations.errors import SimulationError
from simulations.model import DemandModel, Errand, ordinary_model
from simulations.places import Places, Spot, Spots, read_places

_MINUTE = 60
_HOUR = 3600
_DAY = 86_400
_NOMINAL_OPEN_S, _NOMINAL_CLOSE_S = 8 * _HOUR, 18 * _HOUR
# the last wish is this long before the last shift ends: riders know the hours
_LAST_WISH_S = 45 * _MINUTE
# what a rider reckons with for the way, to know when to leave and when to come back
_RECKONED_M_PER_S = 8.0
_RECKONED_EXTRA_S = 15 * _MINUTE
_MORNING_S = 7 * _HOUR
_TRIES = 30


@dataclass(frozen=True, slots=True)
class Wish:
    """One call: somebody wants to go somewhere.

    Times are seconds of the service day; ``call_s`` is negative for calls on the days before.
    """

    id: str
    call_s: int
    purpose: str
    origin: Spot
    destination: Spot
    time_kind: TimeKind
    time_s: int
    load: Load
    patience_s: int
    """How far from the wish an offer may be before the rider declines."""
    outward: str | None = None
    """Of a return trip: the wish it belongs to, without which nobody needs it."""


def day_of_demand(
    region: Region,
    area_id: str,
    day: date,
    *,
    riders: int,
    seed: int,
    model: DemandModel | None = None,
) -> list[Wish]:
    """Draw the calls of ``riders`` people for one day, in the order of the calls.

    Each rider wants to go out once and mostly back again, so there are more wishes than riders.

    Raises
    ------
    SimulationError
        ``area-unknown``, ``too-few-riders``, ``no-places``.
    """
    area = find_area(region, area_id)
    if riders < 1:
        raise SimulationError("too-few-riders", f"There must be at least one rider, not {riders}.")
    rng = np.random.default_rng([seed, day.toordinal()])
    places = read_places(region, area)
    return draw_wishes(area, places, day, riders, model or ordinary_model(), rng)


def find_area(region: Region, area_id: str) -> Area:
    """Return an area of the region.

    Raises
    ------
    SimulationError
        ``area-unknown``.
    """
    if area_id not in region.areas:
        known = ", ".join(region.areas) or "none"
        raise SimulationError(
            "area-unknown", f"{region.manifest.name} has no area {area_id!r}; it has: {known}."
        )
    return region.areas[area_id]


def draw_wishes(
    area: Area,
    places: Places,
    day: date,
    riders: int,
    model: DemandModel,
    rng: np.random.Generator,
) -> list[Wish]:
    """Draw wishes from ``places``, see :func:`day_of_demand`."""
    draw = _Draw(area, places, day, model, rng)
    wishes: list[Wish] = []
    for number in range(1, riders + 1):
        there = draw.outward(f"r{number:04}")
        back = draw.back(there)
        wishes += [there] if back is None else [there, back]
    return sorted(wishes, key=lambda wish: (wish.call_s, wish.id))


class _Draw:
    """Draws the wishes of one rider after the other."""

    def __init__(
        self, area: Area, places: Places, day: date, model: DemandModel, rng: np.random.Generator
    ) -> None:
        self.places = places
        self.model = model
        self.rng = rng
        self.notice_s = area.policy.lead_time_s
        running = area.shifts_on(day)
        self.open_s = min((shift.start_s for shift in running), default=_NOMINAL_OPEN_S)
        close_s = max((shift.end_s for shift in running), default=_NOMINAL_CLOSE_S)
        self.last_s = max(close_s - _LAST_WISH_S, self.open_s)
        self.errands = {errand.purpose: errand for errand in model.errands}
        self.goals = {errand.purpose: _together(places, errand) for errand in model.errands}

    def outward(self, rider: str) -> Wish:
        """Draw the way there."""
        shares = [errand.share for errand in self.model.errands]
        errand = self.model.errands[int(self.rng.choice(len(shares), p=shares))]
        origin, destination = self._ends(errand)
        time_s = self._time(errand)
        leave_s = time_s - (_way_s(origin, destination) if errand.arrive_by else 0)
        patience = self.model.patience
        return Wish(
            id=f"{rider}-out",
            call_s=self._call(leave_s),
            purpose=errand.purpose,
            origin=origin,
            destination=destination,
            time_kind=TimeKind.ARRIVE_BY if errand.arrive_by else TimeKind.DEPART_AT,
            time_s=time_s,
            load=self._load(),
            patience_s=round(self.rng.uniform(patience.least_min, patience.most_min) * _MINUTE),
        )

    def back(self, there: Wish) -> Wish | None:
        """Draw the way back, asked for in the same call; None where the rider needs none."""
        errand = self.errands[there.purpose]
        wanted = self.rng.random() < errand.returns
        stay_s = errand.stay_min * _MINUTE * self.rng.uniform(0.7, 1.3)
        departs = there.time_kind is TimeKind.DEPART_AT
        way_s = _way_s(there.origin, there.destination) if departs else 0
        time_s = _rounded(there.time_s + way_s + stay_s, 5 * _MINUTE)
        if not wanted or time_s > self.last_s:
            return None
        return Wish(
            id=there.id.replace("-out", "-back"),
            call_s=there.call_s + _MINUTE,
            purpose=there.purpose,
            origin=there.destination,
            destination=there.origin,
            time_kind=TimeKind.DEPART_AT,
            time_s=time_s,
            load=there.load,
            patience_s=there.patience_s,
            outward=there.id,
        )

    def _ends(self, errand: Errand) -> tuple[Spot, Spot]:
        """Draw a home and a goal: near goals are likelier, very near ones are walked to."""
        goals = self.goals[errand.purpose]
        home = goal = self.places.homes.spot(0)
        for _ in range(_TRIES):
            home = self.places.homes.spot(int(self.rng.integers(len(self.places.homes))))
            metres = goals.metres_from(home)
            weight = np.where(metres < self.model.shortest_m, 0.0, np.exp(-metres / errand.reach_m))
            if weight.sum() <= 0:
                continue
            goal = goals.spot(int(self.rng.choice(len(goals), p=weight / weight.sum())))
            origin, destination = self._at_stop(home), self._at_stop(goal)
            if (origin.lon, origin.lat) != (destination.lon, destination.lat):
                return origin, destination
        return home, goal

    def _at_stop(self, spot: Spot) -> Spot:
        """Return the stop a rider walks to in an area that is not door to door."""
        stops = self.places.stops
        return stops.spot(int(np.argmin(stops.metres_from(spot)))) if len(stops) else spot

    def _time(self, errand: Errand) -> int:
        """Draw a time of day within the hours of service."""
        peaks = self.model.peaks
        for _ in range(_TRIES):
            peak = peaks[int(self.rng.choice(len(peaks), p=[peak.share for peak in peaks]))]
            time_s = self.rng.normal(peak.at_min, peak.spread_min) * _MINUTE
            if self.open_s <= time_s <= self.last_s:
                return _rounded(time_s, errand.every_min * _MINUTE)
        return _rounded(self.rng.uniform(self.open_s, self.last_s), errand.every_min * _MINUTE)

    def _call(self, leave_s: int) -> int:
        """Draw when a rider calls who wants to leave at ``leave_s``; nobody calls at night."""
        calls = self.model.calls
        kind, amount, normal = self.rng.random(), self.rng.random(), self.rng.normal()
        on_the_day_before = round(-_DAY + (8 + 10 * amount) * _HOUR)
        if kind < calls.day_before:
            return on_the_day_before
        if kind < calls.day_before + calls.too_late:
            return round(leave_s - amount * self.notice_s)
        notice_s = calls.median_notice_min * _MINUTE * math.exp(calls.spread * normal)
        call_s = round(leave_s - self.notice_s - notice_s)
        return call_s if call_s >= _MORNING_S else on_the_day_before

    def _load(self) -> Load:
        """Draw who comes along and what they bring."""
        model, room = self.model, dict.fromkeys(LOAD_KINDS, 0)
        room[LoadKind.WHEELCHAIR if self.rng.random() < model.wheelchair else LoadKind.SEAT] = 1
        room[LoadKind.SEAT] += int(self.rng.random() < model.second_passenger)
        walks = self.rng.random() < model.walker and not room[LoadKind.WHEELCHAIR]
        room[LoadKind.WALKER] = int(walks)
        room[LoadKind.PRAM] = int(self.rng.random() < model.pram and not walks)
        return tuple(room[kind] for kind in LOAD_KINDS)


def _together(places: Places, errand: Errand) -> Spots:
    """Return the goals of an errand: of its kinds, else of those that serve instead, else any house."""
    known = {**places.goals, "home": places.homes}
    for kinds in (errand.kinds, errand.instead):
        groups = [known[kind] for kind in kinds if kind in known and len(known[kind])]
        if groups:
            return Spots(
                labels=tuple(label for group in groups for label in group.labels),
                lon=np.concatenate([group.lon for group in groups]),
                lat=np.concatenate([group.lat for group in groups]),
            )
    return places.homes


def _way_s(origin: Spot, destination: Spot) -> int:
    """Reckon the way of a ride as its rider would."""
    there = Spots(("",), np.array([destination.lon]), np.array([destination.lat]))
    return _RECKONED_EXTRA_S + round(float(there.metres_from(origin)[0]) / _RECKONED_M_PER_S)


def _rounded(time_s: float, every_s: int) -> int:
    return round(time_s / every_s) * every_s
