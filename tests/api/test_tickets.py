"""Offer tokens: what is signed comes back, what was changed does not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from api.errors import Problem
from api.schemas.answers import Spot
from api.tickets import Ticket, TicketOffice
from dispatch.model import (
    BookingId,
    Offer,
    PlaceIndex,
    Promise,
    Request,
    ShiftId,
    TimeKind,
)

KEY = "k" * 43
seconds = st.integers(-86_400, 200_000)
degrees = st.floats(-90, 90, allow_nan=False)
spots = st.builds(Spot, label=st.text(min_size=1, max_size=40), lon=degrees, lat=degrees)
offers = st.builds(
    Offer,
    request=st.builds(
        Request,
        id=st.text("abcXYZ019_-", min_size=22, max_size=22).map(BookingId),
        origin=st.just(PlaceIndex(3)),
        destination=st.just(PlaceIndex(5)),
        time_kind=st.sampled_from(TimeKind),
        time_s=seconds,
        load=st.tuples(*[st.integers(0, 99)] * 4),
    ),
    shift=st.just(ShiftId("frueh")),
    promise=st.builds(Promise, seconds, seconds, seconds, st.integers(0, 9_000)),
    planned_pickup_s=seconds,
    planned_arrival_s=seconds,
    direct_s=st.integers(0, 9_000),
    added_s=st.just(0),
    added_m=st.just(0),
    fare_cents=st.integers(0, 99_000),
    shared=st.booleans(),
)


@given(offers, spots, spots)
def test_offer_survives_the_journey(offer: Offer, origin: Spot, destination: Spot) -> None:
    """An offer read back from its token is the same offer, to the last bit of its positions."""
    office = TicketOffice(KEY)
    good_until = datetime(2026, 3, 30, 4, 15, 0, 123456, tzinfo=UTC)
    ticket = Ticket.of(offer, "talheim", date(2026, 3, 30), (origin, destination), good_until)
    back = office.ticket(office.token(ticket))
    assert back == ticket
    assert back.offer(offer.request.id, PlaceIndex(3), PlaceIndex(5)) == offer


def test_token_tells_neither_the_booking_nor_others_tours(server: Any) -> None:
    """A token can be read by whoever holds it: nothing in it opens the booking it becomes."""
    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    booking = server.take(offer).json()
    payload, _, _ = offer["token"].rpartition(".")
    told = URLSafeSerializer("").load_payload(payload.encode())
    assert told["area_id"] == "talheim"
    assert not {"added_s", "added_m"} & told.keys()
    assert len(booking["id"]) == 22
    assert booking["id"] not in offer["token"]
    assert all(str(value) != booking["id"] for value in told.values())
    assert told["request_id"] not in booking["id"]
    assert server.client.get(f"/v1/bookings/{told['request_id']}").status_code == 404
    other = TicketOffice(KEY).booking_id(server.services.context.office.ticket(offer["token"]))
    assert other != booking["id"]


def test_offer_taken_twice_is_one_booking(server: Any) -> None:
    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    assert server.take(offer).status_code == 201
    assert server.take(offer, name="Karl Maier").json()["code"] == "offer-taken"


def test_every_changed_character_is_noticed(server: Any) -> None:
    wish = {"depart_at": server.at("09:00")}
    token = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]["token"]
    office = TicketOffice(server.settings.signing_key())
    assert office.ticket(token).area_id == "talheim"
    for position in range(0, len(token) - 1, 7):  # the last letter holds unused bits
        other = "A" if token[position] != "A" else "B"
        with pytest.raises(Problem) as caught:
            office.ticket(token[:position] + other + token[position + 1 :])
        assert caught.value.code == "offer-invalid"


@pytest.mark.parametrize("token", ["", ".", "a.b", "ü.ü", "x" * 4_000, ".eJw.x"])
def test_nonsense_is_no_ticket(token: str) -> None:
    with pytest.raises(Problem, match="offer-invalid"):
        TicketOffice(KEY).ticket(token)


def test_another_server_cannot_sign(server: Any) -> None:
    wish = {"depart_at": server.at("09:00")}
    token = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]["token"]
    with pytest.raises(Problem, match="offer-invalid"):
        TicketOffice(KEY).ticket(token)


def test_token_fits_into_an_address(server: Any) -> None:
    wish = {"depart_at": server.at("09:00")}
    origin = server.place(0, 0, "Lange Straße 17, Oberwiesbach-Unterdorf " * 4)
    token = server.ask(origin, server.place(4, 4), **wish)["offers"][0]["token"]
    assert len(token) < 1_500


def test_offer_is_good_for_fifteen_minutes(server: Any) -> None:
    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    alone = server.services.offer(offer["token"]).model_dump(mode="json")
    assert alone == offer | {"kind": None, "differs": None}, "there is nothing to compare it with"
    server.clock.move(minutes=14, seconds=59)
    assert server.services.offer(offer["token"]).token == offer["token"]
    server.clock.move(seconds=1)
    with pytest.raises(Problem, match="offer-expired"):
        server.services.offer(offer["token"])


def test_expired_offer_makes_no_writer_wait(server: Any) -> None:
    """While somebody else writes, an old offer is answered at once, with what is possible now."""
    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    server.clock.move(minutes=15)
    goes_on = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(server.services.context.database.write, lambda _: goes_on.wait(20))
        answer = pool.submit(server.take, offer).result(timeout=10)
        goes_on.set()
    assert (answer.status_code, answer.json()["code"]) == (409, "offer-expired")
    assert answer.json()["alternatives"]
