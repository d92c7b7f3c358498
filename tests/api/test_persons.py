"""Rights of persons: a copy of their data, and erasure that leaves no trace."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import event
from structlog.testing import capture_logs

from api.forgetting import forget_old
from api.people.this_machine import AT_THIS_MACHINE
from api.rights import Role
from api.schemas.persons import PersonAnswer
from api.store.forgetting import Measured
from tests.api.people import signed_in
from tests.api.persons import HOME, MONDAY, NAME, PHONE, SHOP, book, past, stored

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
WHO = {"phone": "07123 4567", "name": NAME}


def export(server: Any, **who: str) -> Any:
    return server.client.post("/v1/persons/export", json=who)


def erase(server: Any, **who: str) -> Any:
    return server.client.post("/v1/persons/erase", json=who)


@BOTH
def test_a_person_gets_everything_stored(server: Any) -> None:
    booking = book(server)
    cancelled = book(server, "11:00")
    server.client.delete(f"/v1/bookings/{cancelled['id']}")
    past(server)
    answer = export(server, **WHO).json()
    assert PersonAnswer.model_validate(answer)
    assert [ride["status"] for ride in answer["rides"]] == ["done", "cancelled"]
    driven, gone = answer["rides"]
    assert (driven["name"], driven["phone"], driven["code"]) == (NAME, PHONE, booking["code"])
    assert driven["origin"] == booking["origin"]
    assert driven["destination"]["label"] == SHOP
    assert driven["passengers"]["walker"] == 1
    assert driven["booked_at"] == server.at("06:00")
    assert [told | {"told_at": ""} for told in driven["promises"]] == [
        booking["promise"] | {"told_at": ""}
    ]
    assert driven["boarded_at"] < driven["left_at"] <= booking["promise"]["arrive_by"]
    assert driven["cancelled_at"] is None
    assert gone["cancelled_at"] == server.at("06:00")
    (responsible,) = answer["responsible"]
    assert responsible["controller"] == "Bürgerbusverein Talheim e. V."
    assert responsible["rides_named_days"] == 90


@BOTH
def test_names_tell_apart_who_shares_a_number(server: Any) -> None:
    book(server)
    book(server, "11:00", name="Mehmet Öztürk")
    assert len(export(server, phone=PHONE).json()["rides"]) == 2
    (ride,) = export(server, phone=PHONE, name=" KÄTHE  öztürk ").json()["rides"]
    assert ride["name"] == NAME
    past(server, days=2)
    assert erase(server, **WHO).json()["rides"] == 1
    (ride,) = export(server, phone=PHONE).json()["rides"]
    assert ride["name"] == "Mehmet Öztürk"
    assert HOME in stored(server)  # he lives there, too


@BOTH
def test_rides_to_come_are_cancelled_first(server: Any) -> None:
    server.clock.move(days=-3)
    book(server, day=date(2026, 3, 27))
    server.clock.move(days=3)
    booking = book(server)
    before = stored(server)
    refused = erase(server, **WHO)
    assert (refused.status_code, refused.json()["code"]) == (409, "person-rides-ahead")
    assert refused.json()["rides"] == [{"code": booking["code"], "date": "2026-03-30"}]
    assert stored(server) == before
    server.client.delete(f"/v1/bookings/{booking['id']}")
    assert erase(server, **WHO).json() == {"rides": 2, "traces_removed": True}
    assert NAME not in stored(server)
    assert HOME not in stored(server)


@BOTH
def test_the_day_goes_on_when_who_cancelled_is_erased(server: Any, start: Any) -> None:
    """Only the ride of who is erased changes: others book, ride and are driven as before."""
    gone = book(server)
    stays = server.book(server.place(1, 1), server.place(4, 4), depart_at=server.at("09:00"))
    server.client.delete(f"/v1/bookings/{gone['id']}")
    assert erase(server, **WHO).status_code == 200
    for again in (False, True):
        running = start(now=server.clock.now()) if again else server
        assert running.client.get(f"/v1/bookings/{stays['id']}").json()["name"] == "Hedwig Beck"
        running.book(running.place(2, 2), running.place(5, 5), depart_at=running.at("09:30"))
        assert running.client.get(f"/v1/bookings/{gone['id']}").json()["status"] == "cancelled"
    past(running)


@BOTH
def test_todays_rides_go_from_the_next_morning_on(server: Any) -> None:
    book(server)
    server.clock.move(hours=24)
    assert erase(server, **WHO).json()["code"] == "person-rides-ahead"
    server.clock.move(hours=1)  # 7 on the clocks of Talheim
    assert erase(server, **WHO).json()["rides"] == 1
    assert erase(server, **WHO).json()["code"] == "person-unknown"


def test_who_looks_while_a_person_is_erased_sees_what_is_durable(server: Any) -> None:
    """The day is built anew in the middle of the transaction; others see the day before it."""
    gone = book(server)
    server.client.delete(f"/v1/bookings/{gone['id']}")
    context, shown = server.services.context, server.tours()

    def work(writer: Any) -> Any:
        now = context.clock.now()
        writer.forget_rides("talheim", MONDAY, "request", Measured(), now)
        with context.days.locked("talheim", MONDAY) as slot:
            slot.present(writer)
        return context, server.services.tours(AT_THIS_MACHINE, MONDAY)

    _, seen = context.database.write(work)
    assert seen.model_dump(mode="json") == shown
    assert server.tours()["version"] == shown["version"] + 1


def test_erasing_is_logged_without_the_person(server: Any) -> None:
    booking = book(server)
    past(server)
    version = server.tours()["version"]
    erase(server, **WHO)
    database = server.services.context.database
    with database._backend.readers.connect() as connection:
        found = connection.exec_driver_sql("SELECT * FROM event ORDER BY id DESC LIMIT 1").one()
    assert found.type == "persons_forgotten"
    assert json.loads(found.payload) == {"rides": 1, "why": "request"}
    assert found.version == version + 1
    assert booking["id"] not in found.payload


def test_refused_wishes_of_the_person_lose_their_addresses(server: Any) -> None:
    """An address others have, too, says nothing of the person."""
    server.ask(server.place(0, 0, HOME), server.place(4, 4, SHOP), depart_at=server.at("23:00"))
    server.ask(server.place(1, 1, "Markt"), server.place(4, 4, SHOP), depart_at=server.at("23:00"))
    book(server)
    server.take(
        server.ask(server.place(2, 2), server.place(4, 4, SHOP), depart_at=server.at("10:00"))[
            "offers"
        ][0]
    )
    past(server)
    erase(server, **WHO)
    refused = server.services.refusals(AT_THIS_MACHINE, MONDAY).refusals
    assert [(each.origin, each.destination) for each in refused] == [
        ("48.4, 9.1", "48.42, 9.13"),
        ("Markt", SHOP),
    ]


def test_kept_answers_of_others_stay(server: Any) -> None:
    book(server, key="hers")
    offer = server.ask(server.place(2, 2), server.place(5, 5), depart_at=server.at("10:00"))
    server.take(offer["offers"][0], key="his")
    server.clock.move(hours=6)
    past(server)
    erase(server, **WHO)
    with server.services.context.database.reading() as reader:
        assert reader.kept_answer("bookings", "hers") is None
        assert reader.kept_answer("bookings", "his") is not None


def test_only_staff_may_ask(start: Any) -> None:
    server = start()
    agent = signed_in(server, Role.AGENT)
    for url in ("/v1/persons/export", "/v1/persons/erase"):
        assert server.client.post(url, json=WHO).status_code == 401
    answer = server.client.post("/v1/persons/export", json=WHO, headers=agent)
    assert (answer.status_code, answer.json()["code"]) == (404, "person-unknown")


def test_a_wrong_number_is_told(server: Any) -> None:
    assert export(server, phone="12").json()["code"] == "phone-invalid"


def test_the_copy_comes_as_a_german_pdf(server: Any) -> None:
    booking = book(server, name="#Käthe *Öz* ] \\ Öztürk")
    past(server)
    answer = export(server, phone=PHONE, format="pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join(page.extract_text() for page in pages)
    for said in (
        "#Käthe *Öz* ] \\ Öztürk",
        HOME,
        SHOP,
        PHONE,
        booking["code"],
        "90 Tage",
        "gefahren",
    ):
        assert said in text


def fill(server: Any) -> None:
    """Fill pages of the database: three days of rides of which every other one is Käthe's."""
    for k in range(30):
        mine = k % 2 == 0
        ends = server.place(k % 7, k % 5, HOME if mine else f"Hof {k}"), server.place(7, 7, SHOP)
        wish = {"depart_at": server.at(f"{8 + k % 5:02}:{k % 6}0", MONDAY + timedelta(days=k % 3))}
        for offer in server.ask(*ends, **wish)["offers"][:1]:
            server.take(offer, name=NAME if mine else f"Gast {k}", phone=PHONE if mine else None)
    assert len(export(server, **WHO).json()["rides"]) > 5
    server.clock.move(days=5)


def traces(folder: Path, *secrets: str) -> dict[str, int]:
    """Count each secret in every byte of all files below a folder, by file."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            count = sum(path.read_bytes().count(secret.encode()) for secret in secrets)
            found |= {path.name: count} if count else {}
    return found


SECRETS = (NAME, PHONE, PHONE.removeprefix("+"), HOME, "Haus am Hang", "Öztürk")


def test_erasure_leaves_no_byte(server: Any, tmp_path: Path) -> None:
    log = tmp_path / "data" / "server.log"
    with capture_logs() as lines:
        fill(server)
        assert traces(tmp_path / "data", *SECRETS)
        assert erase(server, **WHO).json()["traces_removed"] is True
        forget_old(server.services.context)
    log.write_text("\n".join(map(str, lines)), encoding="utf-8")
    assert {"person erased", "persons forgotten"} <= {line["event"] for line in lines}
    assert {path.name for path in log.parent.iterdir()} >= {
        "buergerbus.sqlite",
        "buergerbus.sqlite-wal",
        "buergerbus.sqlite-shm",
    }
    assert traces(tmp_path / "data", *SECRETS) == {}


def test_without_overwriting_bytes_would_stay(server: Any, tmp_path: Path) -> None:
    """The search above finds what is only unlinked: it would fail without ``secure_delete``."""
    fill(server)
    engine = server.services.context.database._backend.readers
    engine.dispose()

    @event.listens_for(engine, "connect")
    def careless(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA secure_delete=OFF")

    erase(server, **WHO)
    assert NAME not in stored(server)
    assert traces(tmp_path / "data", *SECRETS)
