"""Places of the travel tables."""

from dispatch.errors import IllegalEvent
from dispatch.model import UNREACHABLE, PlaceIndex, Travel


def check_place(travel: Travel, place: PlaceIndex, whose: str) -> None:
    """Refuse a place the travel tables do not know.

    Raises
    ------
    IllegalEvent
        ``place-unknown``.
    """
    if not 0 <= place < travel.size:
        raise IllegalEvent(
            "place-unknown",
            f"Place {place} of {whose} is not in the travel tables (0 to {travel.size - 1}); add it first.",
        )


def check_way(travel: Travel, origin: PlaceIndex, destination: PlaceIndex, whose: str) -> None:
    """Refuse two places no drivable road connects.

    Raises
    ------
    IllegalEvent
        ``place-unreachable``.
    """
    if int(travel.seconds[origin, destination]) >= UNREACHABLE:
        raise IllegalEvent(
            "place-unreachable",
            f"No road leads from place {origin} to place {destination} of {whose}; choose others, or "
            "correct the roads.",
        )
