"""Partners' keys: shown once, good for the partner's own bookings, revocable."""

import re
from typing import Any

import pytest

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgres"], indirect=True)
FORM = re.compile(r'name="schluessel" value="([^"]+)"')
SECRET = re.compile(r"bb_[0-9a-f]{10}_[A-Za-z0-9_-]{43}")


def new_key(server: Any, name: str = "Praxis Dr. Roth") -> dict[str, str]:
    """Make a key by the page; return the header a partner sends."""
    (key,) = FORM.findall(server.client.get("/leitstelle/schluessel").text)
    form = {"schluessel": key, "name": name}
    page = server.client.post("/leitstelle/schluessel", data=form)
    assert page.status_code == 200, page.text
    (secret,) = SECRET.findall(page.text)
    assert not SECRET.findall(server.client.get("/leitstelle/schluessel").text)
    again = server.client.post("/leitstelle/schluessel", data=form)
    assert again.status_code == 409
    return {"Authorization": f"Bearer {secret}"}


def book(server: Any, headers: dict[str, str], key: str = "k-1") -> Any:
    wish = {
        "area_id": "talheim", "origin": server.place(0, 0), "destination": server.place(4, 4),
        "depart_at": server.at("09:00"),
    }  # fmt: skip
    asked = server.client.post("/v1/offers", json=wish, headers=headers)
    assert asked.status_code == 200, asked.text
    body = {"offer": asked.json()["offers"][0]["token"], "name": "Hedwig Beck"}
    return server.client.post(
        "/v1/bookings", json=body, headers=headers | {"Idempotency-Key": key}
    ), body


@BOTH
def test_a_key_lives(server: Any) -> None:
    headers = new_key(server)
    answer, body = book(server, headers)
    assert answer.status_code == 201
    url = f"/v1/bookings/{answer.json()['id']}"
    again = server.client.post(
        "/v1/bookings", json=body, headers=headers | {"Idempotency-Key": "k-1"}
    )
    assert again.headers["idempotent-replayed"] == "true"
    assert server.client.get(url, headers=headers).status_code == 200
    other = new_key(server, "Apotheke")
    assert server.client.get(url, headers=other).status_code == 404
    assert server.client.delete(url, headers=other).status_code == 404
    assert server.client.get(url).status_code == 200  # its address still opens it for the rider
    assert server.client.delete(url, headers=headers).json()["status"] == "cancelled"
    key_id = headers["Authorization"].split("_")[1]
    server.client.post(f"/leitstelle/schluessel/{key_id}/sperren")
    for refused in (
        server.client.get(url, headers=headers),
        book_refused(server, headers),
    ):
        assert (refused.status_code, refused.json()["code"]) == (401, "key-invalid")
        assert refused.headers["www-authenticate"].startswith("Bearer")
    assert "gesperrt" in server.client.get("/leitstelle/schluessel").text


def book_refused(server: Any, headers: dict[str, str]) -> Any:
    wish = {
        "area_id": "talheim", "origin": server.place(0, 0), "destination": server.place(4, 4),
        "depart_at": server.at("10:00"),
    }  # fmt: skip
    return server.client.post("/v1/offers", json=wish, headers=headers)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s[:-1] + ("A" if s[-1] != "A" else "B"),
        lambda _: "bb_0123456789_x",
        lambda _: "bb_",
        lambda s: s + "ü",
    ],
)
def test_a_wrong_key_is_refused(server: Any, change: Any) -> None:
    right = new_key(server)["Authorization"].removeprefix("Bearer ")
    shown = {"Authorization": f"Bearer {change(right)}".encode()}
    answer = server.client.post("/v1/journeys", json={}, headers=shown)
    assert answer.json()["code"] == "key-invalid"


def test_a_partner_is_no_staff(server: Any) -> None:
    """Also at this machine, where everybody else is."""
    headers = new_key(server)
    for path in ("/v1/bookings?date=2026-03-30", "/v1/tours?date=2026-03-30"):
        assert server.client.get(path, headers=headers).status_code == 403
    person = {"phone": "07123 4567"}
    assert server.client.post("/v1/persons/export", json=person, headers=headers).status_code == 403


def test_only_a_hash_is_stored(server: Any) -> None:
    secret = new_key(server)["Authorization"].rpartition("_")[2]
    with server.services.context.database.reading() as reader:
        (row,) = reader.api_keys()
    assert secret not in row.model_dump_json()
    assert row.last_used is None


def test_its_last_use_is_known(server: Any) -> None:
    book(server, new_key(server))
    with server.services.context.database.reading() as reader:
        (row,) = reader.api_keys()
    assert row.last_used == server.clock.now()
