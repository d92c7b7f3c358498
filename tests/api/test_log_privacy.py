"""A canary is booked, moved, refused, copied, erased and let fail: no line of any log knows it."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import structlog

from api.logs import MASK, configure_logging, mask

NAME = "Kanaria Zwitschermann"
PHONE = "07123 99887766"
E164 = "+49712399887766"
MAIL = "kanaria.zwitscher@vogelhaus.example"
CANARIES = ("kanaria", "zwitscher", "99887766", "vogelhaus", "ahornweg")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Log as the server does, into a text."""
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, hook = root.handlers[:], threading.excepthook
    stream = io.StringIO()
    configure_logging(stream)
    yield stream
    structlog.configure(**before)
    root.handlers[:] = handlers
    threading.excepthook = hook


def hits(log: io.StringIO, *more: str) -> list[str]:
    """Return the lines of the log that know the canary."""
    private = [each.lower() for each in (*CANARIES, *more)]
    return [line for line in log.getvalue().splitlines() if any(p in line.lower() for p in private)]


def book(server: Any, **wish: Any) -> dict[str, Any]:
    """Let the canary book."""
    wish = {"depart_at": server.at("09:00")} | wish
    offers = server.ask({"address": "Ahornweg 1"}, server.place(4, 4), **wish)["offers"]
    return dict(server.take(offers[0], name=NAME, phone=PHONE).json())


def use_everything(server: Any) -> list[str]:
    """Go through what people do, well and badly; return what opens things."""
    client, key = server.client, {"Idempotency-Key": str(uuid4())}
    first, second = book(server), book(server, depart_at=server.at("10:00"))
    who = {"phone": PHONE, "name": NAME}
    client.get(f"/v1/bookings/{first['id']}")
    client.get("/v1/areas/talheim/places", params={"q": "Ahornweg 1"})
    client.get("/v1/areas/talheim/places", params={"q": f"{NAME} {PHONE}" * 50})
    for path in ("/v1/bookings", "/v1/refusals", "/v1/tours"):
        client.get(path, params={"date": "2026-03-30"})
    for page in ("/", "/leitstelle", f"/fahrt/{first['id']}", f"/{NAME}", f"/v1/{E164}/{MAIL}"):
        client.get(page, headers={"Accept": "text/html"})
    client.post("/v1/bookings", json={"offer": "x", "name": NAME, "phone": MAIL}, headers=key)
    client.post("/v1/bookings", content=json.dumps(who)[:-1], headers=key)
    client.post("/buchen", data={"angebot": "x", "name": NAME, "telefon": PHONE})
    client.post("/v1/persons/export", json=who | {"format": "json"})
    client.post("/v1/persons/export", json=who | {"format": "pdf"})
    client.post("/v1/persons/erase", json=who)
    for each in (first, second):
        client.delete(f"/v1/bookings/{each['id']}")
    client.post("/v1/persons/erase", json=who)
    third = drive(server)
    return [each[key] for each in (first, second, third) for key in ("id", "code")]


def drive(server: Any) -> dict[str, Any]:
    """Let the canary ride; return its booking."""
    booking = book(server, depart_at=server.at("11:00"))
    server.clock.move(hours=5)
    (tour,) = (each for each in server.tours()["tours"] if each["visits"])
    server.client.get(f"/v1/tours/{tour['id']}/directions")
    for visit in tour["visits"]:
        for event in ("arrived", "departed", "nonsense"):
            report = {"event_id": str(uuid4()), "type": event, "at": server.at("10:59")}
            path = f"/v1/tours/{tour['id']}/visits/{visit['id']}/events"
            answer = server.client.post(path, json=report)
            assert (answer.status_code == 200) == (event != "nonsense"), answer.text
    return booking


def test_no_use_case_tells_the_log(server: Any, log: io.StringIO) -> None:
    opens = use_everything(server)
    assert "persons forgotten" in log.getvalue() or "erased" in log.getvalue()
    assert hits(log, *opens) == []


FAULTS = ["api.booking.take", "api.showing.booking", "api.persons.erase", "api.asking.ask"]


@pytest.mark.parametrize("where", FAULTS)
def test_no_fault_tells_the_log(
    server: Any, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A fault whose text names the canary, from another whose text does, is found by its type and place."""
    booking = book(server)

    def fail(*_: Any, **__: Any) -> None:
        try:
            raise KeyError(NAME)  # noqa: TRY301  # caught here to be the cause
        except KeyError as error:
            error.add_note(PHONE)
            raise RuntimeError(f"{NAME} {E164} {MAIL} {booking['id']}") from error

    monkeypatch.setattr(where, fail)
    use_everything_after_it_broke(server, booking)
    assert hits(log, booking["id"], booking["code"]) == []
    assert "RuntimeError" in log.getvalue()
    assert "KeyError" in log.getvalue()
    assert "test_log_privacy.py" in log.getvalue()


def use_everything_after_it_broke(server: Any, booking: dict[str, Any]) -> None:
    """Ask for everything that may be broken."""
    wish = {"area_id": "talheim", "origin": server.place(0, 0), "destination": server.place(4, 4)}
    server.client.post("/v1/offers", json=wish | {"depart_at": server.at("09:00")})
    server.client.get(f"/v1/bookings/{booking['id']}")
    server.take({"token": "x"}, name=NAME, phone=PHONE)
    server.client.post("/v1/persons/erase", json={"phone": PHONE, "name": NAME})


def test_fields_and_texts_are_cleaned(log: io.StringIO) -> None:
    structlog.get_logger().warning(
        f"asked {E164}",
        name=NAME,
        phone=PHONE,
        more={"driver": NAME, "said": [f"call {PHONE}", MAIL]},
        why=f"no answer from {MAIL}",
        code="offer-gone",
        area="talheim",
        day="2026-03-30",
        count=7,
    )
    (line,) = log.getvalue().splitlines()
    assert hits(log) == []
    told = json.loads(line)
    kept = {"code": "offer-gone", "area": "talheim", "day": "2026-03-30", "count": 7}
    assert told.items() >= kept.items()
    assert told["event"] == f"asked {MASK}"
    assert told["timestamp"].startswith("20")


def test_libraries_are_masked_too(log: io.StringIO) -> None:
    try:
        raise ValueError(NAME)  # noqa: TRY301  # caught here to be logged
    except ValueError:
        logging.getLogger("uvicorn.error").exception("failed for %s", E164)
    logging.getLogger("uvicorn.access").warning('GET /fahrt/%s" 200', "kM3vX0s4T1y8bq2cQeR7Aw")
    assert hits(log, "kM3vX0s4T1y8bq2cQeR7Aw") == []
    assert "ValueError" in log.getvalue()


def test_a_thread_that_ends_tells_its_place_only(log: io.StringIO) -> None:
    def fail() -> None:
        raise RuntimeError(NAME)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert hits(log) == []
    assert "RuntimeError" in log.getvalue()


@pytest.mark.parametrize(
    "private",
    [
        PHONE,
        E164,
        MAIL,
        "0049 7123 4567",
        "(07123) 45-67-89",
        "0170/1234567",
        "K7M-3QP",
        "kM3vX0s4T1y8bq2cQeR7Aw",
        "eyJhcmVhX2lkIjoidGFsaGVpbSJ9.abcDEF123_-xyz",
    ],
)
def test_what_looks_private_is_masked(private: str) -> None:
    masked = mask(f"before {private} after")
    assert MASK in masked
    assert private not in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")


@pytest.mark.parametrize(
    "plain",
    [
        "2026-03-30T09:00:00+02:00",
        "plan refused by the checker",
        "offer-gone",
        "talheim.2026-03-30.frueh",
        "12345678",
        "52341 km",
        "buergerbus-2026-10-25.sqlite",
        "/opt/buergerbus/.venv/lib/python3.13/site-packages/sqlalchemy/engine/default.py:944",
    ],
)
def test_what_is_not_private_stays(plain: str) -> None:
    assert mask(plain) == plain
