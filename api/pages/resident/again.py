"""The search form filled in as for a booking: the same way once more, or the way back."""

from api.pages.resident.search import Search, place_value
from api.schemas.answers import BookingAnswer, Spot


def again(booking: BookingAnswer, origin: Spot, destination: Spot) -> Search:
    """Return the search form filled in for who travelled on a booking, but for the time."""
    party = booking.passengers
    return Search(
        area=booking.area_id,
        origin=origin.label,
        origin_place=place_value(origin.label, origin.lon, origin.lat),
        destination=destination.label,
        destination_place=place_value(destination.label, destination.lon, destination.lat),
        day=booking.date.isoformat(),
        persons=str(party.persons),
        wheelchair="1" if party.wheelchair else "",
        walker="1" if party.walker else "",
        pram="1" if party.pram else "",
    )
