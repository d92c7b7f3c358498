"""What a simulated day was like, in numbers that carry their unit in their name.

Suffixes: ``_s`` seconds, ``_m`` metres, ``_cents``, ``_share`` fractions of 1.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dispatch.events import State
from dispatch.model import BookingId, TimeKind, persons
from simulations.driven import Leg, Ride, legs_of, rides_of
from simulations.world import Fate, Lived, Outcome


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of the wishes.

    ``asked`` are the ``wishes`` without the ways back that nobody needed because the way there failed;
    ``served``, ``refused``, ``declined``, ``cancelled`` and ``no_shows`` sum to it. ``refusals`` counts
    the refused by the rule that refused them.
    """

    riders: int
    wishes: int
    not_needed: int
    asked: int
    served: int
    refused: int
    declined: int
    cancelled: int
    no_shows: int
    refusals: Mapping[str, int]
    served_share: float


@dataclass(frozen=True, slots=True)
class Times:
    """Waiting and riding of the served rides.

    ``wait_*`` from the wished departure to the doors opening (0 if they opened before), of rides with a
    wished departure; ``early_mean_s`` from the arrival to the time the rider had to be there, of the
    others. ``detour_factor`` is the ratio of the sums of the times aboard and of the direct rides.
    """

    wait_mean_s: float
    wait_p90_s: float
    early_mean_s: float
    ride_mean_s: float
    direct_mean_s: float
    detour_factor: float


@dataclass(frozen=True, slots=True)
class Kept:
    """Fractions of the served rides whose promise was kept.

    ``window_share``: doors opened within the promised window. ``arrival_share``: arrived by the promised
    time. ``ride_share``: not aboard longer than promised. ``promise_share``: all three. ``at_risk`` are
    the riders the engine warned about.
    """

    window_share: float
    arrival_share: float
    ride_share: float
    promise_share: float
    at_risk: int


@dataclass(frozen=True, slots=True)
class Driving:
    """Tours from depot to depot.

    ``occupied_m`` with somebody aboard; ``passenger_m`` sums the metres aboard over all passengers;
    ``occupancy_mean`` is that by ``driven_m``. ``pooled_share`` is the fraction of the served rides with
    another party aboard for a part of the way. ``shift_s`` is the length of all shifts.
    """

    tours: int
    driven_m: int
    occupied_m: int
    occupied_share: float
    passenger_m: int
    occupancy_mean: float
    pooled_share: float
    driving_s: int
    shift_s: int
    rides_per_shift_hour: float
    fares_cents: int


@dataclass(frozen=True, slots=True)
class Measures:
    """One day."""

    answers: Answers
    times: Times
    kept: Kept
    driving: Driving

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as plain JSON values."""
        return asdict(self)


def measure(lived: Lived) -> Measures:
    """Measure a day that is over."""
    rides = rides_of(lived.state)
    return Measures(
        answers=_answers(lived.outcomes),
        times=_times(lived.outcomes, rides),
        kept=_kept(lived, rides),
        driving=_driving(lived.state, legs_of(lived.state), rides),
    )


def _answers(outcomes: Sequence[Outcome]) -> Answers:
    fates = Counter(outcome.fate for outcome in outcomes)
    rules = Counter(o.rule.value for o in outcomes if o.fate is Fate.REFUSED and o.rule)
    asked = len(outcomes) - fates[Fate.NOT_NEEDED]
    return Answers(
        riders=sum(outcome.wish.outward is None for outcome in outcomes),
        wishes=len(outcomes),
        not_needed=fates[Fate.NOT_NEEDED],
        asked=asked,
        served=fates[Fate.SERVED],
        refused=fates[Fate.REFUSED],
        declined=fates[Fate.DECLINED],
        cancelled=fates[Fate.CANCELLED],
        no_shows=fates[Fate.NO_SHOW],
        refusals=dict(sorted(rules.items())),
        served_share=_ratio(fates[Fate.SERVED], asked),
    )


def _times(outcomes: Iterable[Outcome], rides: Mapping[BookingId, Ride]) -> Times:
    waits, earlies, direct = list[int](), list[int](), list[int]()
    for outcome in outcomes:
        ride = rides.get(BookingId(outcome.wish.id))
        if ride is None or outcome.offer is None:
            continue
        direct.append(outcome.offer.direct_s)
        if outcome.wish.time_kind is TimeKind.DEPART_AT:
            waits.append(max(0, ride.pickup_s - outcome.wish.time_s))
        else:
            earlies.append(outcome.wish.time_s - ride.arrival_s)
    aboard = [ride.aboard_s for ride in rides.values()]
    return Times(
        wait_mean_s=_mean(waits),
        wait_p90_s=float(np.percentile(waits, 90)) if waits else 0.0,
        early_mean_s=_mean(earlies),
        ride_mean_s=_mean(aboard),
        direct_mean_s=_mean(direct),
        detour_factor=_ratio(sum(aboard), sum(direct)),
    )


def _kept(lived: Lived, rides: Mapping[BookingId, Ride]) -> Kept:
    kept = [ride.kept(lived.state.bookings[key].promise) for key, ride in rides.items()]
    return Kept(
        window_share=_mean([window for window, _, _ in kept]),
        arrival_share=_mean([arrival for _, arrival, _ in kept]),
        ride_share=_mean([ride for _, _, ride in kept]),
        promise_share=_mean([all(three) for three in kept]),
        at_risk=len(lived.at_risk),
    )


def _driving(state: State, legs: Sequence[Leg], rides: Mapping[BookingId, Ride]) -> Driving:
    driven_m = sum(leg.metres for leg in legs)
    occupied_m = sum(leg.metres for leg in legs if leg.aboard)
    passenger_m = sum(
        leg.metres * persons(state.bookings[key].request.load) for leg in legs for key in leg.aboard
    )
    pooled = {key for leg in legs if len(leg.aboard) > 1 for key in leg.aboard}
    shift_s = sum(shift.end_s - shift.start_s for shift in state.shifts.values())
    return Driving(
        tours=len({leg.shift for leg in legs}),
        driven_m=driven_m,
        occupied_m=occupied_m,
        occupied_share=_ratio(occupied_m, driven_m),
        passenger_m=passenger_m,
        occupancy_mean=_ratio(passenger_m, driven_m),
        pooled_share=_ratio(len(pooled), len(rides)),
        driving_s=sum(leg.driving_s for leg in legs),
        shift_s=shift_s,
        rides_per_shift_hour=_ratio(len(rides) * 3600, shift_s),
        fares_cents=sum(state.bookings[key].fare_cents for key in rides),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
