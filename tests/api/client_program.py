"""What somebody writes with the generated client: ask, book, book again, look, cancel, be refused.

Run by the Python that has the client, see test_generated_client; ends without a word if all went well.
"""

import sys
from datetime import datetime
from http import HTTPStatus

from buergerbus_client import Client
from buergerbus_client.api.areas import list_areas, search_places
from buergerbus_client.api.rides import ask_for_offers, book, cancel_booking, show_booking
from buergerbus_client.models import BookingWish, OfferWish, Passengers, Point, ProblemDocument

HOUSES = (9.1003, 48.4002), (9.1275, 48.4182)


def main(address: str, at: str) -> None:
    """Do it all against the server at an address, for a ride at an instant."""
    client = Client(base_url=address, raise_on_unexpected_status=True)
    (area,) = list_areas.sync(client=client).areas
    found = search_places.sync(area.id, client=client, q="Ahornweg 1")
    assert found.places, found
    wish = OfferWish(
        area_id=area.id,
        origin=Point(*HOUSES[0]),
        destination=Point(*HOUSES[1]),
        depart_at=datetime.fromisoformat(at),
        passengers=Passengers(seat=1, walker=1),
    )
    offers = ask_for_offers.sync(client=client, body=wish).offers
    assert offers[0].pickup_from < offers[0].arrive_by
    taken = BookingWish(offer=offers[0].token, name="Hedwig Beck", phone="07123 4567")
    booked = book.sync_detailed(client=client, body=taken, idempotency_key="k1")
    assert booked.status_code == HTTPStatus.CREATED
    again = book.sync_detailed(client=client, body=taken, idempotency_key="k1")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.parsed == booked.parsed
    other = book.sync(client=client, body=taken, idempotency_key="k2")
    assert isinstance(other, ProblemDocument)
    assert other.code == "offer-taken"
    shown = show_booking.sync(booked.parsed.id, client=client)
    assert shown.promise.pickup_from == offers[0].pickup_from
    assert shown.passengers.walker == 1
    assert cancel_booking.sync(shown.id, client=client).status == "cancelled"
    assert show_booking.sync("nobody", client=client).code == "booking-unknown"


if __name__ == "__main__":
    main(*sys.argv[1:])
