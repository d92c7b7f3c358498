"""All rules of an area as one frozen object; :mod:`dispatch.policy_file` reads it from TOML."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil

from dispatch.model import LOAD_KINDS, UNREACHABLE, Load, LoadKind, Purpose, persons

_MINUTE = 60
_DAY = 86_400


class Exempt(StrEnum):
    """Why somebody gets a ride although a line goes."""

    DISABLED = "disabled"
    WHEELCHAIR = "wheelchair"
    LUGGAGE = "luggage"
    AGE = "age"


_NO_WALKS = (LoadKind.WHEELCHAIR, LoadKind.WALKER)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one area: times in seconds, distances in metres, money in cents, or numbers.

    Defaults are those of the design (section 4).
    """

    lead_time_s: int = 60 * _MINUTE
    deadline_s: int | None = None
    """Second of the day before until which rides can be booked at all; None: until the lead time."""
    booking_horizon_s: int = 14 * _DAY
    opens_s: int = 0
    """Riders are picked up from this second of the day on ..."""
    closes_s: int = 2 * _DAY
    """... and until this one, within the hours of the shifts."""
    closed_days: frozenset[date] = frozenset()
    """Days without service whatever the shifts say: holidays."""
    pickup_window_s: int = 10 * _MINUTE
    search_window_s: int = 60 * _MINUTE
    """How far from the wished time an offer may be before it is an alternative to a refusal."""
    arrive_early_s: int = 15 * _MINUTE
    """An arrive-by ride is planned to arrive at most this early, where that is possible."""
    offers_apart_s: int = 10 * _MINUTE
    """Two offers whose times are closer than this are the same offer to a rider."""
    ride_shorter_s: int = 5 * _MINUTE
    """Another bus at about the same time is an offer of its own if its ride is this much shorter."""
    ride_factor: float = 1.5
    ride_extra_s: int = 10 * _MINUTE
    ride_at_most_s: int = 45 * _MINUTE
    boarding_s: int = 60
    """Boarding of each person; what each of the kinds below takes comes on top."""
    walker_s: int = 60
    wheelchair_s: int = 180
    pram_s: int = 60
    child_seat_s: int = 60
    luggage_s: int = 0
    parcel_s: int = 30
    alighting_factor: float = 1.0
    """What leaving takes of the time that boarding takes."""
    stop_s: int = 30
    frozen_s: int = 3 * _MINUTE
    """No new detour in the last moments before a visit the bus already drives to."""
    wait_s: int = 5 * _MINUTE
    """The driver waits this long after the time told before a rider may be reported as a no-show."""
    walk_m: int = 300
    """Longest walk to a stop, and from it; none for who uses a wheelchair or a walker."""
    walk_m_per_min: int = 60
    """Metres an old person walks in a minute."""
    walk_shorter_s: int = 3 * _MINUTE
    """An offer is one of its own if its walks are this much shorter."""
    late_told_s: int = 5 * _MINUTE
    """Being earlier by less than this is not worth a message."""
    hold_s: int = 10 * _MINUTE
    """How long a ride waits for a rider whose train is late."""
    follow_s: int = 45 * _MINUTE
    """How far a ride follows its late train where nobody else suffers, without the bus waiting that long."""
    transfer_s: int = 3 * _MINUTE
    """From our bus to a line or back, at the same stop ..."""
    transfer_slow_s: int = 6 * _MINUTE
    """... and for who walks slowly: with wheelchair, walker, pram or luggage."""
    connection_wait_s: int = 30 * _MINUTE
    """Longest wait at a stop between our bus and a line."""
    connection_walk_m: int = 800
    """Longest walk between a door and a stop of a line; a quarter of it with a wheelchair or a walker."""
    line_first_s: int = 0
    """Public transport first: no ride where a line goes this near the time wished; 0: rides always."""
    line_first_walk_m: int = 500
    """... and this near the door, both walks together ..."""
    line_first_longer_s: int = 20 * _MINUTE
    """... and takes at most this much longer than the ride."""
    line_first_age_years: int = 80
    """From this age on nobody is sent to the line, if :attr:`line_first_not_for` names age."""
    line_first_not_for: frozenset[Exempt] = frozenset(Exempt)
    """Who gets a ride although a line goes."""
    stay_s: int = 60 * _MINUTE
    """Usual stay between a ride and its way back where the purpose names no other."""
    stay_medical_s: int = 60 * _MINUTE
    stay_shopping_s: int = 60 * _MINUTE
    stay_visit_s: int = 120 * _MINUTE
    stay_authority_s: int = 45 * _MINUTE
    stay_leisure_s: int = 120 * _MINUTE
    standing_share: float = 1.0
    """Share of a shift's length that rides of standing orders may fill with their direct driving."""
    no_shows_at_most: int = 3
    """So many missed rides pause a rider's standing orders until somebody says go on; 0: never."""
    no_shows_s: int = 60 * _DAY
    """How long a missed ride counts."""
    other_days: int = 3
    """How many of the following days a refusal looks at for an alternative."""
    travel_factor: float = 1.1
    travel_buffer_s: int = 0
    snap_m: int = 250
    offers_at_most: int = 3
    fare_base_cents: int = 0
    fare_per_km_cents: int = 0
    fare_per_passenger_cents: int = 200
    weight_ride: float = 0.3
    """Value of a passenger-second aboard beyond the direct ride, in seconds of driving."""
    weight_metre: float = 0.02
    """Value of a driven metre, in seconds of driving."""
    weight_shift: float = 300.0
    """Cost of starting a tour on a shift that has none yet, in seconds of driving."""
    weight_wish: float = 0.5
    """Cost of a second between the time wished and the time planned, in seconds of driving."""
    weight_wait: float = 0.0
    """Cost of a passenger-second aboard a bus that waits, on top of ``weight_ride``."""
    weight_risk: float = 0.0
    """Cost of a second by which a visit's slack falls short of ``risk_slack_s``, in seconds of driving."""
    risk_slack_s: int = 3 * _MINUTE
    weight_walk: float = 0.5
    """Cost of a second a rider walks to or from a stop, in seconds of driving."""

    def soonest_pickup_s(self, now_s: int) -> int:
        """Earliest second of the day a pickup can be booked for at ``now_s``.

        ``now_s`` counts from the beginning of the same service day, so it is negative on the days
        before. Once the deadline has passed nothing can be booked any more: :data:`UNREACHABLE`. (On the
        two days a year on which the clocks change the deadline is an hour off.)
        """
        if self.deadline_s is not None and now_s > self.deadline_s - _DAY:
            return UNREACHABLE
        return max(now_s + self.lead_time_s, self.opens_s)

    def stay_for(self, purpose: Purpose | None) -> int:
        """Seconds riders usually stay before they ride back."""
        match purpose:
            case Purpose.MEDICAL:
                return self.stay_medical_s
            case Purpose.SHOPPING:
                return self.stay_shopping_s
            case Purpose.VISIT:
                return self.stay_visit_s
            case Purpose.AUTHORITY:
                return self.stay_authority_s
            case Purpose.LEISURE:
                return self.stay_leisure_s
            case _:
                return self.stay_s

    def walk_s(self, metres: float) -> int:
        """Seconds an old person walks so far."""
        return ceil(metres * _MINUTE / self.walk_m_per_min)

    def may_walk_m(self, load: Load) -> int:
        """Longest walk that is expected of a party: none with a wheelchair or a walker."""
        return 0 if _has(load, _NO_WALKS) else self.walk_m

    def may_walk_to_line_m(self, load: Load) -> int:
        """Longest walk between door and line that is expected of a party."""
        return self.connection_walk_m // (4 if _has(load, _NO_WALKS) else 1)

    def longest_ride_s(self, direct_s: int) -> int:
        """Longest time aboard a rider accepts, given the direct ride (never below the direct ride)."""
        relaxed = max(round(self.ride_factor * direct_s), direct_s + self.ride_extra_s)
        return max(direct_s, min(relaxed, self.ride_at_most_s))

    def driving_s(self, table_s: int) -> int:
        """Planned driving time for a time of the travel table (factor, buffer; 0 stays 0)."""
        if table_s == 0:
            return 0
        return -int(-(table_s * self.travel_factor) // 1) + self.travel_buffer_s

    def boarding_time_s(self, load: Load) -> int:
        """Seconds a party needs to board (without ``stop_s`` of the visit)."""
        _, wheelchair, walker, pram, child_seat, luggage, parcel = load
        return (
            persons(load) * self.boarding_s
            + wheelchair * self.wheelchair_s
            + walker * self.walker_s
            + pram * self.pram_s
            + child_seat * self.child_seat_s
            + luggage * self.luggage_s
            + parcel * self.parcel_s
        )

    def alighting_time_s(self, load: Load) -> int:
        """Seconds a party needs to leave (without ``stop_s`` of the visit)."""
        return round(self.boarding_time_s(load) * self.alighting_factor)

    def transfer_time_s(self, load: Load) -> int:
        """Seconds a party needs between our bus and a line at the same stop, getting in and out aside."""
        slow = (LoadKind.WHEELCHAIR, LoadKind.WALKER, LoadKind.PRAM, LoadKind.LUGGAGE)
        return self.transfer_slow_s if _has(load, slow) else self.transfer_s

    def fare_cents(self, load: Load, direct_m: int) -> int:
        """Price of a ride: per party, per passenger, and by distance of the direct way (rounded)."""
        by_distance = (self.fare_per_km_cents * direct_m + 500) // 1_000
        return self.fare_base_cents + by_distance + self.fare_per_passenger_cents * persons(load)


def _has(load: Load, kinds: Iterable[LoadKind]) -> bool:
    return any(load[LOAD_KINDS.index(kind)] for kind in kinds)
