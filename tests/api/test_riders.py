"""Riders who agreed to be known: found when they call, corrected, exported, erased, forgotten."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from api.forgetting import forget_old
from tests.api.persons import HOME, NAME, PHONE, SHOP, book, past

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
CONSENT = {"how": "telephone", "wording": "2026-1"}
MAIL = "kaethe@example.org"


def wish(**changes: Any) -> dict[str, Any]:
    rider = {
        "area_id": "talheim",
        "name": NAME,
        "phone": "07123 4567",
        "email": MAIL,
        "needs": {"walker": True},
        "places": [{"label": HOME, "lon": 9.1003, "lat": 48.4002}],
        "consent": CONSENT,
    }
    return rider | changes


def add(server: Any, key: str = "", **changes: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return server.client.post("/v1/riders", json=wish(**changes), headers=headers)


def search(server: Any, text: str, **more: Any) -> dict[str, Any]:
    body = {"area_id": "talheim", "text": text} | more
    answer = server.client.post("/v1/riders/search", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def order(server: Any, rider_id: str, **changes: Any) -> dict[str, Any]:
    series = {
        "weekdays": ["TU", "TH"],
        "depart_at": "09:30",
        "return_at": "12:00",
        "origin": server.place(0, 0, HOME),
        "destination": server.place(4, 4, SHOP),
    }
    body = {
        "rider_id": rider_id,
        "area_id": "talheim",
        "valid_from": "2026-03-30",
        "series": series | changes.pop("series", {}),
    }
    answer = server.client.post(
        "/v1/standing-orders", json=body | changes, headers={"Idempotency-Key": str(uuid4())}
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def say(server: Any, **changes: Any) -> Any:
    body = {"area_id": "talheim", "kind": "praise", "text": f"Danke, sagt {NAME}"} | changes
    return server.client.post("/v1/feedback", json=body, headers={"Idempotency-Key": str(uuid4())})


@BOTH
def test_a_rider_is_remembered_once_and_found_by_name_and_number(server: Any) -> None:
    first = add(server, "k")
    assert first.status_code == 201, first.text
    assert add(server, "k").json() == first.json()
    rider = first.json()
    assert (rider["phone"], rider["consent"]["at"]) == (PHONE, server.at("06:00"))
    assert add(server, name="Andere").json()["code"] == "rider-exists"
    for text in ("öztü", "ÖZT".lower(), "käthe", "07123 4567", "+49 7123", "4567", ""):
        assert [each["id"] for each in search(server, text)["riders"]] == [rider["id"]], text
    for text in ("Niemand", "%", "_", "999999", "'; DROP TABLE rider; --"):
        assert search(server, text)["riders"] == []


@BOTH
def test_many_riders_come_page_by_page(server: Any) -> None:
    for number in range(53):
        added = add(server, name=f"Gast {number % 7}", phone=f"07123 45{number:03}")
        assert added.status_code == 201
    first = search(server, "gast")
    rest = search(server, "gast", after=first["after"])
    ids = [each["id"] for page in (first, rest) for each in page["riders"]]
    assert (len(first["riders"]), len(rest["riders"]), rest["after"]) == (50, 3, None)
    assert len(set(ids)) == 53


@BOTH
def test_the_riders_page_shows_rides_booked_under_the_number(server: Any) -> None:
    rider = add(server).json()
    booking = book(server)
    made = order(server, rider["id"])
    page = server.client.get(f"/v1/riders/{rider['id']}").json()
    assert [ride["id"] for ride in page["rides"]] == [booking["id"]]
    assert [each["id"] for each in page["standing_orders"]] == [made["id"]]
    assert page["no_shows"] == 0
    assert server.client.get("/v1/riders/nobody").json()["code"] == "rider-unknown"


def test_a_correction_keeps_the_date_of_the_consent(server: Any) -> None:
    rider = add(server).json()
    server.clock.move(days=3)
    url = f"/v1/riders/{rider['id']}"
    changed = server.client.put(url, json=wish(name="Käthe Neu")).json()
    assert (changed["name"], changed["consent"]) == ("Käthe Neu", rider["consent"])
    again = server.client.put(url, json=wish(consent=CONSENT | {"wording": "2026-2"})).json()
    assert again["consent"]["at"] == server.at("06:00", server.clock.now().date())
    other = add(server, phone="07123 9999").json()
    taken = server.client.put(f"/v1/riders/{other['id']}", json=wish())
    assert taken.json()["code"] == "rider-exists"


@pytest.mark.parametrize(
    "wrong",
    [
        {"consent": None},
        {"consent": {}},
        {"consent": CONSENT | {"profile": False}},
        {"needs": {"illness": "Diabetes"}},
        {"email": "nobody"},
        {"email": "a@b\nBcc: c@d"},
        {"name": "A\u202eB"},
        {"phone": "12"},
        {"places": [{"label": "x", "lon": 1e999, "lat": 0}]},
        {"places": [{"label": "x", "lon": 9.1, "lat": 48.4}] * 21},
        {"language": "fr"},
        {"extra": 1},
    ],
)
def test_nonsense_is_refused(server: Any, wrong: dict[str, Any]) -> None:
    import json

    answer = server.client.post(
        "/v1/riders",
        content=json.dumps(wish(**wrong)),
        headers={"Idempotency-Key": "k", "Content-Type": "application/json"},
    )
    assert 400 <= answer.status_code < 500, answer.text
    assert search(server, "")["riders"] == []


@BOTH
def test_a_copy_holds_rider_orders_and_feedback(server: Any) -> None:
    rider = add(server).json()
    order(server, rider["id"])
    said = say(server, contact="07123 4567").json()
    copy = server.client.post("/v1/persons/export", json={"phone": PHONE}).json()
    (known,) = copy["riders"]
    assert (known["email"], known["needs"]["walker"]) == (MAIL, True)
    assert known["places"][0]["label"] == HOME
    assert known["standing_orders"][0]["destination"]["label"] == SHOP
    assert [each["text"] for each in copy["feedback"]] == [f"Danke, sagt {NAME}"]
    assert said["id"]
    body = {"phone": PHONE, "format": "pdf"}
    pages = PdfReader(io.BytesIO(server.client.post("/v1/persons/export", json=body).content)).pages
    text = " ".join(page.extract_text() for page in pages)
    for told in (MAIL, SHOP, "Danke, sagt", "Einwilligung"):
        assert told in text


SECRETS = (NAME, PHONE, PHONE.removeprefix("+"), HOME, "Haus am Hang", "Öztürk", MAIL)


def traces(folder: Path) -> dict[str, int]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            count = sum(path.read_bytes().count(secret.encode()) for secret in SECRETS)
            found |= {path.name: count} if count else {}
    return found


def test_erasure_leaves_no_byte_of_rider_order_or_feedback(server: Any, tmp_path: Path) -> None:
    rider = add(server).json()
    made = order(server, rider["id"])
    change = {"skipped": ["2026-04-02"]}
    server.client.patch(f"/v1/standing-orders/{made['id']}", json=change)
    booking = book(server)
    offer = server.client.post(
        f"/v1/bookings/{booking['id']}/offers", json={"depart_at": server.at("11:00")}
    ).json()["offers"][0]
    server.client.post(
        f"/v1/bookings/{booking['id']}/change",
        json={"offer": offer["token"]},
        headers={"Idempotency-Key": "c"},
    )
    said = say(server, about="booking", about_id=booking["id"], contact=MAIL)
    assert said.status_code == 201
    past(server, days=2)
    assert traces(tmp_path / "data")
    answer = server.client.post("/v1/persons/erase", json={"phone": PHONE, "name": NAME})
    assert answer.json() == {"rides": 1, "riders": 1, "feedback": 1, "traces_removed": True}
    assert traces(tmp_path / "data") == {}
    assert search(server, "")["riders"] == []
    (kept,) = server.client.get("/v1/feedback?area_id=talheim").json()["feedback"]
    assert (kept["kind"], kept["text"], kept["contact"]) == ("praise", "", None)
    gone = server.client.post("/v1/persons/export", json={"phone": PHONE})
    assert gone.json()["code"] == "person-unknown"


@BOTH
def test_who_is_not_brought_any_more_is_forgotten(server: Any) -> None:
    idle = add(server).json()
    busy = add(server, phone="07123 9999", name="Mit Auftrag").json()
    order(server, busy["id"])
    rides = add(server, phone="07123 8888", name="Fährt").json()
    say(server, contact=MAIL)
    server.clock.move(days=700)
    day = server.clock.now().date() + timedelta(days=2)
    book(server, day=day, name="Fährt", phone="07123 8888")
    forget_old(server.services.context)
    assert len(search(server, "")["riders"]) == 3
    assert server.client.get("/v1/feedback?area_id=talheim").json()["feedback"][0]["text"] == ""
    server.clock.move(days=40)
    forget_old(server.services.context)
    left = {each["id"] for each in search(server, "")["riders"]}
    assert left == {busy["id"], rides["id"]}
    assert idle["id"] not in left
