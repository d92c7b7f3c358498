"""Changing a booking: another time, another day; the old ride is never lost for nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dispatch.model import RideStatus
from dispatch.verify import verify
from tests.api.persons import HOME, NAME, PHONE, SHOP, book, stored

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
MONDAY, TUESDAY = date(2026, 3, 30), date(2026, 3, 31)


def ask(server: Any, booking: dict[str, Any], **wish: Any) -> Any:
    return server.client.post(f"/v1/bookings/{booking['id']}/offers", json=wish)


def change(server: Any, booking: dict[str, Any], offer: dict[str, Any], key: str = "") -> Any:
    return server.client.post(
        f"/v1/bookings/{booking['id']}/change",
        json={"offer": offer["token"]},
        headers={"Idempotency-Key": key or str(uuid4())},
    )


def day_of(server: Any, day: date = MONDAY) -> tuple[Any, Any]:
    context = server.services.context
    with context.days.locked("talheim", day) as slot, context.database.reading() as reader:
        return slot.present(reader).state, reader.bookings(day, "talheim")


@BOTH
def test_another_time_on_the_same_day_keeps_the_booking(server: Any, start: Any) -> None:
    booking = book(server)
    offer = ask(server, booking, depart_at=server.at("11:00")).json()["offers"][0]
    changed = change(server, booking, offer, "k")
    assert changed.status_code == 200, changed.text
    answer = changed.json()
    assert (answer["id"], answer["code"], answer["name"]) == (booking["id"], booking["code"], NAME)
    assert answer["promise"]["pickup_from"] == offer["pickup_from"] >= server.at("11:00")
    again = change(server, booking, offer, "k")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (answer, "true")
    running = start(now=server.clock.now())
    assert running.client.get(f"/v1/bookings/{booking['id']}").json() == answer
    state, rows = day_of(running)
    assert verify(state) == ()
    assert [row.status for row in rows] == ["booked"]
    with running.services.context.database.reading() as reader:
        assert len(reader.promises([booking["id"]])) == 2  # what was told first stays known


@BOTH
def test_another_place_is_where_the_bus_goes_then(server: Any, start: Any) -> None:
    booking = book(server)
    wish = {"depart_at": server.at("09:00"), "destination": server.place(2, 6, "Kirche")}
    offer = ask(server, booking, **wish).json()["offers"][0]
    answer = change(server, booking, offer).json()
    assert (answer["origin"]["label"], answer["destination"]["label"]) == (HOME, "Kirche")
    halts = [v["place"]["label"] for t in server.tours()["tours"] for v in t["visits"]]
    assert halts == [HOME, "Kirche"]
    running = start(now=server.clock.now())
    assert verify(day_of(running)[0]) == ()


@BOTH
def test_another_day_is_a_new_booking_and_the_old_is_cancelled(server: Any) -> None:
    booking = book(server)
    offer = ask(server, booking, depart_at=server.at("10:00", TUESDAY)).json()["offers"][0]
    answer = change(server, booking, offer).json()
    assert answer["id"] != booking["id"]
    assert (answer["date"], answer["name"]) == ("2026-03-31", NAME)
    old = server.client.get(f"/v1/bookings/{booking['id']}").json()
    assert old["status"] == "cancelled"
    for day in (MONDAY, TUESDAY):
        assert verify(day_of(server, day)[0]) == ()
    with server.services.context.database.reading() as reader:
        assert len(reader.rides_of(PHONE)) == 2
    twice = change(server, booking, offer)
    assert (twice.status_code, twice.json()["code"]) == (409, "change-too-late")


@BOTH
def test_a_full_bus_has_room_for_who_asks_to_ride_a_little_later(server: Any) -> None:
    """Asked as if the old ride were not there: its own seats count as free."""
    wish = {"depart_at": server.at("09:00"), "passengers": {"seat": 8}}
    booking = server.book(server.place(0, 0), server.place(7, 7), **wish)
    offers = ask(server, booking, depart_at=server.at("09:05")).json()["offers"]
    changed = change(server, booking, offers[0])
    assert changed.status_code == 200, changed.text
    assert changed.json()["promise"]["pickup_from"] < server.at("09:20")


def test_the_very_ride_that_is_booked_stays_as_it_is(server: Any) -> None:
    """Two people at two screens choose the same offer for one booking: nothing is left to change."""
    booking = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    offer = ask(server, booking, depart_at=server.at("11:00")).json()["offers"][0]
    first, second = (change(server, booking, offer) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["promise"] == first.json()["promise"]


def test_what_is_gone_leaves_the_old_ride_as_it_was(server: Any) -> None:
    for when, day in (("11:00", MONDAY), ("11:00", TUESDAY)):
        booking = book(server)
        offer = ask(server, booking, depart_at=server.at(when, day)).json()["offers"][0]
        ends = server.place(7, 0), server.place(0, 7)
        for seats in (8, 8, 8, 8, 8, 8):
            made = server.ask(*ends, depart_at=server.at(when, day), passengers={"seat": seats})
            for each in made["offers"][:1]:
                server.take(each)
        before = stored(server)
        lost = change(server, booking, offer)
        assert (lost.status_code, lost.json()["code"]) == (409, "offer-gone")
        assert stored(server) == before
        assert verify(day_of(server, day)[0]) == ()
        server.client.delete(f"/v1/bookings/{booking['id']}")


def test_a_way_out_with_its_way_back_stays_on_its_day(server: Any) -> None:
    out = book(server)
    ends = server.place(4, 4, SHOP), server.place(0, 0, HOME)
    wish = {"depart_at": server.at("11:00"), "return_of": out["id"]}
    back = server.take(server.ask(*ends, **wish)["offers"][0]).json()
    offer = ask(server, out, depart_at=server.at("09:00", TUESDAY)).json()["offers"][0]
    refused = change(server, out, offer)
    assert (refused.status_code, refused.json()["code"]) == (409, "change-linked")
    for one in (out, back):
        assert server.client.get(f"/v1/bookings/{one['id']}").json()["status"] == "booked"
    later = ask(server, out, depart_at=server.at("11:30")).json()
    assert not later["offers"] or change(server, out, later["offers"][0]).status_code == 409


def test_rides_under_way_and_foreign_offers_are_refused(server: Any) -> None:
    booking, other = book(server), book(server, "10:00")
    offer = ask(server, booking, depart_at=server.at("11:00")).json()["offers"][0]
    server.client.delete(f"/v1/bookings/{booking['id']}")
    assert change(server, booking, offer).json()["code"] == "change-too-late"
    late = ask(server, booking, depart_at=server.at("11:00")).json()
    assert late["code"] == "change-too-late"
    assert change(server, {"id": "nobody"}, offer).json()["code"] == "booking-unknown"
    assert change(server, other, {"token": "nonsense"}).json()["code"] == "offer-invalid"
    server.clock.move(minutes=16)
    assert change(server, other, offer).json()["code"] == "offer-expired"
    missing = server.client.post(f"/v1/bookings/{other['id']}/change", json={"offer": "x"})
    assert missing.json()["code"] == "idempotency-key-missing"


def test_a_token_does_not_tell_the_booking(server: Any) -> None:
    booking = book(server)
    offer = ask(server, booking, depart_at=server.at("11:00")).json()["offers"][0]
    assert server.services.context.office.ticket(offer["token"]).request_id != booking["id"]
    assert (
        booking["id"] not in server.services.context.office.ticket(offer["token"]).model_dump_json()
    )


@BOTH
def test_many_changing_and_cancelling_at_once_lose_no_ride(server: Any) -> None:
    """Eight riders move between two days while others book: each ends with exactly one ride, or none if cancelled."""
    mine = [
        server.book(
            server.place(k, 0), server.place(7 - k, 6), depart_at=server.at(f"{8 + k % 4:02}:00")
        )
        for k in range(8)
    ]

    def live(k: int) -> tuple[str, int]:
        booking = mine[k]
        for round_ in range(3):
            day = MONDAY + timedelta(days=(k + round_) % 2)
            wish = {"depart_at": server.at(f"{8 + (k + round_) % 4:02}:30", day)}
            offers = ask(server, booking, **wish).json().get("offers", [])
            if not offers:
                continue
            answer = change(server, booking, offers[0])
            assert answer.status_code in (200, 409), answer.text
            if answer.status_code == 200:
                booking = answer.json()
        return booking["id"], k

    with ThreadPoolExecutor(8) as pool:
        last = dict(pool.map(live, range(8)))
    open_ids = set()
    for day in (MONDAY, TUESDAY):
        state, rows = day_of(server, day)
        assert verify(state) == ()
        riding = {str(b.id) for b in state.bookings.values() if b.status is RideStatus.BOOKED}
        assert riding == {row.id for row in rows if row.status == "booked"}
        open_ids |= riding
    assert open_ids == set(last)


@BOTH
def test_the_way_to_be_told_goes_along_and_the_outbox_names_the_new_ride(server: Any) -> None:
    offer = server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    booking = server.take(
        offer["offers"][0], name=NAME, phone=PHONE, email="kaethe@example.org"
    ).json()
    new = ask(server, booking, depart_at=server.at("10:00", TUESDAY)).json()["offers"][0]
    moved = change(server, booking, new).json()
    with server.services.context.database.reading() as reader:
        told = reader.contact(moved["id"])
    assert told is not None
    assert told.email == "kaethe@example.org"
