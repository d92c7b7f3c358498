"""A request sent twice: the contract of the Idempotency-Key."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from api.people.this_machine import AT_THIS_MACHINE

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

MONDAY = date(2026, 3, 30)


@pytest.fixture
def offer(server: Any) -> dict[str, Any]:
    """Ask for an offer on Monday at nine."""
    wish = {"depart_at": server.at("09:00")}
    first: dict[str, Any] = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    return first


def test_same_key_and_body_gets_the_same_answer(server: Any, offer: dict[str, Any]) -> None:
    first = server.take(offer, key="k-1")
    again = server.take(offer, key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(server.services.bookings(AT_THIS_MACHINE, MONDAY).bookings) == 1


def test_retry_after_the_offer_expired_still_gets_the_booking(
    server: Any, offer: dict[str, Any]
) -> None:
    first = server.take(offer, key="k-1")
    server.clock.move(hours=1)
    assert server.take(offer, key="k-1").json() == first.json()


def test_same_key_with_another_body_is_a_mistake(server: Any, offer: dict[str, Any]) -> None:
    server.take(offer, key="k-1")
    other = server.take(offer, key="k-1", name="Somebody Else")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


def test_key_is_required_to_book(server: Any, offer: dict[str, Any]) -> None:
    answer = server.client.post("/v1/bookings", json={"offer": offer["token"], "name": "A"})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel".encode("latin-1")])
def test_key_must_be_printable_and_short(server: Any, offer: dict[str, Any], key: Any) -> None:
    answer = server.client.post(
        "/v1/bookings",
        json={"offer": offer["token"], "name": "A"},
        headers={b"Idempotency-Key": key if isinstance(key, bytes) else key.encode()},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-invalid")


def test_failed_request_leaves_its_key_free(server: Any, offer: dict[str, Any]) -> None:
    broken = server.take({"token": offer["token"] + "x"}, key="k-1")
    assert broken.status_code == 422
    assert server.take(offer, key="k-1").status_code == 201


def test_eight_at_once_make_one_booking(server: Any, offer: dict[str, Any]) -> None:
    """Whoever asks while the first is under way is told to ask again, and then hears the same."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: server.take(offer, key="k-1"), range(8)))
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert {answer.json()["code"] for answer in waiting} <= {"idempotency-in-flight"}
    assert all(answer.headers["retry-after"] == "1" for answer in waiting)
    answers = [server.take(offer, key="k-1") if answer in waiting else answer for answer in answers]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 7
    assert len(server.services.bookings(AT_THIS_MACHINE, MONDAY).bookings) == 1


def test_offers_honour_the_key_too(server: Any) -> None:
    body = {
        "area_id": "talheim",
        "origin": server.place(0, 0),
        "destination": server.place(4, 4),
        "depart_at": server.at("23:00"),
    }
    key = {"Idempotency-Key": "ask-1"}
    first = server.client.post("/v1/offers", json=body, headers=key)
    again = server.client.post("/v1/offers", json=body, headers=key)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert len(server.services.refusals(AT_THIS_MACHINE, MONDAY).refusals) == 1


def test_key_belongs_to_its_operation(server: Any, offer: dict[str, Any]) -> None:
    """Who asks under a key may book under the same one."""
    body = {
        "area_id": "talheim",
        "origin": server.place(0, 0),
        "destination": server.place(4, 4),
        "depart_at": server.at("09:00"),
    }
    asked = server.client.post("/v1/offers", json=body, headers={"Idempotency-Key": "k-1"})
    assert asked.json()["offers"]
    assert server.take(offer, key="k-1").status_code == 201
