"""Residents find their ride by code and number; who guesses learns nothing and is stopped."""

import random
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from api.errors import Problem
from api.my_rides import find
from api.schemas.requests import RideSearch

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgres"], indirect=True)
PHONE = "07123 4567"


def book(server: Any, at: str = "09:00", **who: Any) -> dict[str, Any]:
    offer = server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at(at))["offers"][0]
    answer = server.take(offer, **who)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def search(server: Any, code: str, **proof: str) -> Any:
    return server.client.post("/v1/bookings/find", json={"code": code} | proof)


@BOTH
def test_a_ride_is_found_however_it_is_typed(server: Any) -> None:
    booking = book(server, phone=PHONE)
    for code in (booking["code"], booking["code"].lower().replace("-", ""), f" {booking['code']} "):
        for phone in (PHONE, "+49 7123 4567", "0 71 23 / 45 67"):
            found = search(server, code, phone=phone)
            assert found.status_code == 200, found.text
            assert found.json() == {"booking": booking, "coming": []}


def test_other_rides_of_the_same_person_are_shown(server: Any) -> None:
    """Not those of others in the household, nor cancelled or past ones."""
    first, second = (
        book(server, phone=PHONE),
        book(server, "11:00", phone=PHONE, name="hedwig  BECK"),
    )
    book(server, "10:00", phone=PHONE, name="Karl Beck")
    cancelled = book(server, "12:00", phone=PHONE)
    server.client.delete(f"/v1/bookings/{cancelled['id']}")
    found = search(server, first["code"], phone=PHONE).json()
    assert [ride["id"] for ride in found["coming"]] == [second["id"]]
    server.clock.move(hours=9)
    assert search(server, first["code"], phone=PHONE).json()["coming"] == []


def test_without_a_number_the_name_opens(server: Any) -> None:
    without, having = book(server, name="Jörg Müller"), book(server, "11:00", phone=PHONE)
    assert search(server, without["code"], name="jorg  muller").status_code == 200
    assert search(server, without["code"], phone=PHONE).status_code == 404
    assert search(server, having["code"], name="Hedwig Beck").status_code == 404


def test_whatever_is_wrong_the_answer_is_the_same(server: Any) -> None:
    booking = book(server, phone=PHONE)
    wrong = [
        search(server, booking["code"], phone="07123 9999"),
        search(server, booking["code"], phone="ruf mich an"),
        search(server, booking["code"], name="Hedwig Beck"),
        search(server, "AAA-AAA", phone=PHONE),
        search(server, "?", phone=PHONE),
    ]
    assert len({answer.text for answer in wrong}) == 1
    assert {(answer.status_code, answer.json()["code"]) for answer in wrong} == {
        (404, "ride-not-found")
    }


@BOTH
def test_five_wrong_tries_lock_code_and_address(start: Any) -> None:
    """Also after a restart; the right number does not help; the wait ends by itself."""
    server = start()
    booking = book(server, phone=PHONE)
    for n in range(5):
        assert search(server, booking["code"], phone=f"07123 999{n}").status_code == 404
    server = start(server.clock.now())
    locked = search(server, booking["code"], phone=PHONE)
    assert (locked.status_code, locked.json()["code"]) == (429, "too-many-tries")
    assert locked.headers["retry-after"] == "900"
    other = book(server, "11:00", phone=PHONE)
    assert search(server, other["code"], phone=PHONE).status_code == 429  # by its address
    with pytest.raises(Problem, match="too-many-tries"):  # by its code, from elsewhere
        find(server.services.context, RideSearch(code=booking["code"], phone=PHONE), "192.0.2.7")
    server.clock.move(minutes=15)
    assert search(server, booking["code"], phone=PHONE).status_code == 200


def test_right_tries_do_not_count(server: Any) -> None:
    booking = book(server, phone=PHONE)
    for _ in range(12):
        assert search(server, booking["code"], phone=PHONE).status_code == 200


def test_unknown_and_wrong_take_the_same_time(server: Any) -> None:
    """Medians of interleaved calls in random order differ by less than 5 ms."""
    booking, context = book(server, phone=PHONE), server.services.context
    times: dict[str, list[float]] = {booking["code"]: [], "AAA-AAA": []}
    order = list(times) * 60
    random.Random(7).shuffle(order)
    for n, code in enumerate(order):
        server.clock.move(minutes=16)
        begun = perf_counter()
        with pytest.raises(Problem, match="ride-not-found"):
            find(context, RideSearch(code=code, phone="07123 9999"), f"192.0.2.{n}")
        times[code].append(perf_counter() - begun)
    known, unknown = (median(each) for each in times.values())
    assert abs(known - unknown) < 0.005


def test_no_address_is_stored(server: Any) -> None:
    search(server, "AAA-AAA", phone=PHONE)
    from sqlmodel import select

    from api.store.tables import TriesRow

    with server.services.context.database.reading() as reader:
        rows = reader._session.exec(select(TriesRow)).all()
    assert len(rows) == 2
    assert not any("testclient" in row.model_dump_json() for row in rows)


def test_the_page_leads_to_the_ride_or_lists_them(server: Any) -> None:
    first = book(server, phone=PHONE)
    form = {"code": first["code"], "telefon": PHONE}
    found = server.client.post("/meine-fahrt", data=form, follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (303, f"/buchung/{first['id']}")
    second = book(server, "11:00", phone=PHONE)
    listed = server.client.post("/meine-fahrt", data=form).text
    assert all(f"/buchung/{each['id']}" in listed for each in (first, second))


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"code": "AAA-AAA"}, 422),
        ({"code": "AAA-AAA", "telefon": PHONE}, 404),
        ({"code": "x" * 99, "telefon": PHONE}, 422),
    ],
)
def test_the_page_says_what_is_wrong(server: Any, form: dict[str, str], status: int) -> None:
    page = server.client.post("/meine-fahrt", data=form)
    assert page.status_code == status
    assert 'class="summary"' in page.text


@pytest.mark.parametrize(
    "body", [{"code": "K7M-3QP"}, {"code": "K7M-3QP", "phone": "1", "name": "x"}]
)
def test_one_proof_is_needed(server: Any, body: dict[str, str]) -> None:
    assert server.client.post("/v1/bookings/find", json=body).status_code == 422
