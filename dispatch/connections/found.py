"""What a search for journeys is asked, and what it answers."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.connections.lines import End
from dispatch.model import Offer, Request, TimeKind
from dispatch.promises import arrives_s, leaves_s, ride_s, walk_s
from gtfs.journey import Ride, Walk


class Kind(StrEnum):
    """What a journey is made of, in order."""

    RIDE = "ride"
    LINE = "line"
    RIDE_LINE = "ride_line"
    LINE_RIDE = "line_ride"
    RIDE_LINE_RIDE = "ride_line_ride"


@dataclass(frozen=True, slots=True)
class JourneyWish:
    """Who wants to go where and when.

    Parameters
    ----------
    origin, destination
        The doors; no bus of ours need come to either of them.
    party
        Time, load, needs and so on; its places are not read.
    disabled, age_years
        Asked where the area sends riders to the line first; None: not said.
    """

    origin: End
    destination: End
    party: Request
    disabled: bool = False
    age_years: int | None = None

    @property
    def departs(self) -> bool:
        """Whether the time is that of the departure."""
        return self.party.time_kind is TimeKind.DEPART_AT


@dataclass(frozen=True, slots=True)
class Journey:
    """One way to get there: a ride to the line, legs on lines and on foot, a ride from the line.

    A direct ride is ``first`` alone. Times are planned ones, at the doors.
    """

    kind: Kind
    first: Offer | None
    legs: tuple[Ride | Walk, ...]
    last: Offer | None
    departure_s: int
    arrival_s: int

    @property
    def rides(self) -> tuple[Offer, ...]:
        """The rides with our buses, in order."""
        return tuple(offer for offer in (self.first, self.last) if offer is not None)

    @property
    def lines(self) -> tuple[Ride, ...]:
        """The rides with lines, in order."""
        return tuple(leg for leg in self.legs if isinstance(leg, Ride))

    @property
    def walk_s(self) -> int:
        """Seconds on foot."""
        walks = sum(leg.seconds for leg in self.legs if isinstance(leg, Walk))
        return walks + sum(walk_s(offer) for offer in self.rides)

    @property
    def changes(self) -> int:
        """How often somebody gets into another vehicle."""
        aboard = sum(not leg.stays_aboard for leg in self.lines)
        return aboard + len(self.rides) - 1

    @property
    def driven_s(self) -> int:
        """Seconds that riders sit in buses of ours: what a volunteer gives for this journey."""
        return sum(ride_s(offer) for offer in self.rides)


def of_ride(offer: Offer) -> Journey:
    """Return the journey that is one direct ride."""
    return Journey(Kind.RIDE, offer, (), None, leaves_s(offer), arrives_s(offer))


_CHANGE_S = 300
_WALK = 0.5
DRIVEN = 1.0
"""What a change, a second on foot, a second driven for the rider are worth in seconds of the journey."""


def cost_s(journey: Journey, wish: JourneyWish) -> float:
    """Order of journeys: how long they take from or to the time wished, changes, walks, our driving."""
    took_s = journey.arrival_s - journey.departure_s
    off_s = journey.departure_s - wish.party.time_s
    if not wish.departs:
        off_s = wish.party.time_s - journey.arrival_s
    extra = _CHANGE_S * journey.changes + _WALK * journey.walk_s + DRIVEN * journey.driven_s
    return took_s + 0.5 * max(0, off_s) + extra


def undominated(journeys: list[Journey]) -> list[Journey]:
    """Leave out journeys that another one beats in everything; of equal ones the first stays."""
    kept: list[Journey] = []
    for journey in journeys:
        if not any(_beats(other, journey) for other in kept):
            kept = [other for other in kept if not _beats(journey, other)]
            kept.append(journey)
    return kept


def _beats(one: Journey, other: Journey) -> bool:
    return all(mine <= yours for mine, yours in zip(_values(one), _values(other), strict=True))


def _values(journey: Journey) -> tuple[float, ...]:
    return (
        -journey.departure_s,
        journey.arrival_s,
        journey.changes,
        journey.walk_s,
        journey.driven_s,
    )
