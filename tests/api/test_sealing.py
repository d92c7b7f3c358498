"""What happened is sealed; whoever changes it afterwards is found, and forgetting persons is no change."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from api import sealing
from api.chain import NOTHING, Head, faults, seal
from api.forgetting import forget_old
from api.health import check_seals
from api.sealing import ChainCheck, check_chains, seal_all, seal_area
from api.settings import SettingsError
from api.store.blurring import BLURRED_EVENTS, blurred_payload
from api.store.database import Database
from api.store.scope import ALL
from api.store.tables import EventRow, SealedEventRow, SealRow
from tests.api.persons import HOME, MONDAY, NAME, PHONE, SHOP, book, past

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
NOW = datetime(2026, 3, 30, 4, tzinfo=UTC)
SALT = "5a" * 32


def run(server: Any, statement: str) -> int:
    """Change the database past the program, as somebody with its password can."""
    database = server.services.context.database
    with database._backend.writers.begin() as connection:
        if database.separates:
            database._backend.narrow(connection, ALL)
        return int(connection.execute(text(statement)).rowcount)


def check(server: Any, *kept: str) -> ChainCheck:
    """Compare the log with its seals."""
    (found,) = check_chains(server.services.context.database, kept)
    return found


def numbers(server: Any) -> list[int]:
    """Ids of all events."""
    with server.services.context.database.reading() as reader:
        return [row.id for row in reader.events_after("talheim", 0, 999)]


@BOTH
def test_what_happened_is_sealed_once(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "EVENTS_AT_MOST", 3)
    assert check(server) == ChainCheck("talheim", 0, 0, 0, "", ())
    for clock in ("08:00", "09:00", "10:00", "11:00"):
        book(server, clock)
    assert (check(server).unsealed, check(server).faults) == (4, ())
    assert seal_all(server.services.context) == 4
    assert seal_all(server.services.context) == 0
    book(server, "12:00")
    found = check(server)
    assert (found.seals, found.events, found.unsealed, found.faults) == (2, 4, 1, ())
    seal_all(server.services.context)
    area, sequence, sha256 = check(server).newest.split(":")
    assert (area, sequence, len(sha256)) == ("talheim", "3", 64)


@BOTH
def test_of_two_that_seal_at_once_one_does(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    book(server)
    context, made = server.services.context, sealing._Fresh.append

    def late(self: Any, writer: Any) -> bool:
        return made(self, writer) and not made(self, writer)

    monkeypatch.setattr(sealing._Fresh, "append", late)
    assert seal_area(context.database, "talheim", NOW) == 1
    assert (check(server).seals, check(server).faults) == (1, ())


@BOTH
def test_erased_between_reading_and_sealing(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A seal is not made of what was personal a moment ago."""
    book(server)
    past(server, days=91)
    context, made = server.services.context, sealing._Fresh.append

    def between(self: Any, writer: Any) -> bool:
        writer.forget_rides("talheim", MONDAY, "request", sealing_measured(), NOW)
        return made(self, writer)

    with monkeypatch.context() as patch:
        patch.setattr(sealing._Fresh, "append", between)
        assert seal_all(context) == 0
    assert check(server).seals == 0
    seal_all(context)
    assert (check(server).unsealed, check(server).faults) == (0, ())


def sealing_measured() -> Any:
    """Nothing was measured."""
    from api.store.forgetting import Measured

    return Measured()


@BOTH
def test_forgetting_persons_leaves_the_chain_whole(server: Any) -> None:
    book(server)
    past(server)
    seal_all(server.services.context)
    database = server.services.context.database
    with database.reading() as reader:
        before = {e.event_id: e.salt for e in reader.sealed_events("talheim", 1)}
        taken = {r.id for r in reader.events_after("talheim", 0, 99) if r.type in BLURRED_EVENTS}
    assert all(before.values())
    server.clock.move(days=91)
    assert forget_old(server.services.context) == 1
    assert check(server).faults == ()
    seal_all(server.services.context)
    assert (check(server).seals, check(server).unsealed, check(server).faults) == (2, 0, ())
    with database.reading() as reader:
        after = {e.event_id: e.salt for e in reader.sealed_events("talheim", 1)}
        texts = " ".join(e.payload for e in reader.events_after("talheim", 0, 99))
    assert {key for key, salt in after.items() if salt is None} == taken
    assert not any(secret in texts for secret in (HOME, SHOP, "9.1003"))


@BOTH
def test_erasing_a_person_leaves_the_chain_whole(server: Any) -> None:
    book(server)
    book(server, "10:00", name="Hedwig Beck", phone="+4971239999")
    past(server)
    seal_all(server.services.context)
    body = {"phone": PHONE, "name": NAME}
    answer = server.client.post(
        "/v1/persons/erase", json=body, headers={"Idempotency-Key": "erase-käthe".encode().hex()}
    )
    assert answer.status_code == 200, answer.text
    seal_all(server.services.context)
    assert check(server).faults == ()
    assert run(server, "UPDATE event SET payload = replace(payload, '9.', '8.')") > 0
    assert check(server).faults != ()


CHANGES: dict[str, tuple[str, str]] = {
    "changed": ("UPDATE event SET payload = '{{}}' WHERE id = {0}", "event {0} "),
    "told later": (
        "UPDATE event SET happened_at = '2026-03-30 05:00:00' WHERE id = {0}",
        "event {0} ",
    ),
    "another type": ("UPDATE event SET type = 'visit_arrived' WHERE id = {0}", "event {0} "),
    "an address": (
        "UPDATE event SET payload = replace(payload, 'Linde', 'Eiche') WHERE id = {0}",
        "event {0} ",
    ),
    "removed": ("DELETE FROM event WHERE id = {0}", "event {0} is missing"),
    "blurred unasked": ("UPDATE sealed_event SET salt = NULL WHERE event_id = {0}", "event {0} "),
    "seal removed": ("DELETE FROM event_seal WHERE sequence = 1", "between the seals 0 and 2"),
    "last seal removed": ("DELETE FROM event_seal WHERE sequence = 2", "seals after 1 are missing"),
    "seal changed": ("UPDATE event_seal SET sealed_at = '2026-01-01 00:00:00'", "seal 1 or"),
    "kept changed": ("UPDATE sealed_event SET lasting = 'x' WHERE event_id = {0}", "seal 1 or"),
    "kept removed": ("DELETE FROM sealed_event WHERE event_id = {0}", "event {0} of"),
}


@BOTH
@pytest.mark.parametrize("what", CHANGES)
def test_who_changes_the_past_is_found(server: Any, what: str) -> None:
    for clock in ("08:00", "09:00", "10:00"):
        book(server, clock)
    seal_all(server.services.context)
    book(server, "11:00")
    seal_all(server.services.context)
    statement, said = (part.format(numbers(server)[1]) for part in CHANGES[what])
    assert check(server).faults == ()
    assert run(server, statement) > 0
    assert any(said in fault for fault in check(server).faults), check(server).faults


@BOTH
def test_what_is_put_into_the_past_is_found(server: Any) -> None:
    for clock in ("08:00", "09:00"):
        book(server, clock)
    number = numbers(server)[0]
    room = f"UPDATE event SET id = id + 1000 WHERE id > {number}"  # noqa: S608
    run(server, room)
    seal_all(server.services.context)
    columns = "area_id, service_date, type, payload, happened_at"
    run(
        server,
        f"INSERT INTO event (id, version, {columns}) SELECT id + 1, 77, {columns} "  # noqa: S608
        f"FROM event WHERE id = {number}",
    )
    assert check(server).faults == (
        f"event {number + 1} of 2026-03-30 (version 77, offer_taken) was put among those sealed before",
    )


def test_the_end_cut_off_is_found_by_a_seal_kept_elsewhere(server: Any) -> None:
    book(server, "08:00")
    seal_all(server.services.context)
    first = check(server).newest
    book(server, "09:00")
    seal_all(server.services.context)
    second = check(server).newest
    assert check(server, first, second[:30]).faults == ()
    last = numbers(server)[1]
    for table, column in (
        ("event", "id"),
        ("sealed_event", "event_id"),
        ("event_seal", "last_event"),
    ):
        run(server, f"DELETE FROM {table} WHERE {column} = {last}")  # noqa: S608
    assert check(server, first).faults == ()  # nothing in the database says so
    assert check(server, second).faults == ("seal 2 was kept elsewhere and is not there",)
    other = first[:-1] + ("0" if first[-1] != "0" else "1")
    assert check(server, other).faults == ("seal 1 is not the one that was kept elsewhere",)


@BOTH
def test_after_a_restore_the_chain_is_whole(start: Any, tmp_path: Path) -> None:
    server = start(improve=False)
    book(server, "08:00")
    seal_all(server.services.context)
    book(server, "09:00")
    kept = check(server).newest
    server.services.context.database.back_up(tmp_path / "backup")
    book(server, "10:00")
    server.client.__exit__(None, None, None)
    database = Database(server.settings.database_url)
    database.restore(tmp_path / "backup", force=True)
    database.close()
    server = start(server.clock.now(), improve=False)
    assert (check(server, kept).unsealed, check(server, kept).faults) == (1, ())
    book(server, "11:00")
    seal_all(server.services.context)
    assert (check(server, kept).seals, check(server, kept).faults) == (2, ())


def test_a_seal_that_is_none_is_refused(server: Any) -> None:
    for wrong in ("talheim", "talheim:1:abc", "talheim:x:" + "0" * 64, "a:1:" + "g" * 64):
        with pytest.raises(SettingsError):
            check_seals(server.settings, [wrong])


def test_the_doctor_shows_the_newest_seal_and_names_what_was_changed(
    server: Any, village: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from buergerbus.cli import run as command

    book(server)
    seal_all(server.services.context)
    newest, number = check(server).newest, numbers(server)[0]
    doctor = ["doctor", str(village), "--data-dir", str(tmp_path / "data"), "--json", "--seal"]

    def findings() -> list[dict[str, str]]:
        command([*doctor, newest])
        told = json.loads(capsys.readouterr().out)
        return [each for each in told if each["what"] == "log talheim"]

    (fine,) = findings()
    assert (fine["level"], newest in fine["found"]) == ("ok", True)
    run(server, "UPDATE event SET payload = '{}'")
    (wrong,) = findings()
    assert wrong["level"] == "bad"
    assert f"event {number} of 2026-03-30 (version" in wrong["found"]


# What follows is about the chain itself, without a database.

places = st.fixed_dictionaries(
    {
        "lon": st.floats(-180, 180, allow_nan=False),
        "lat": st.floats(-85, 85, allow_nan=False),
        "label": st.text(min_size=1, max_size=9),
    }
)
payloads = st.fixed_dictionaries(
    {"booking": st.text(max_size=5), "origin": places, "line": st.text(min_size=1, max_size=5)}
).map(lambda data: json.dumps(data, ensure_ascii=False, sort_keys=True))


@st.composite
def logs(draw: st.DrawFn) -> list[EventRow]:
    """Draw what happened in an area, oldest first."""
    ids = sorted(draw(st.sets(st.integers(1, 99), min_size=1, max_size=8)))
    kinds = st.sampled_from([*sorted(BLURRED_EVENTS), "booking_cancelled", "plan_improved"])
    return [
        EventRow(
            id=number,
            area_id="talheim",
            service_date=MONDAY + timedelta(days=draw(st.integers(0, 2))),
            version=version,
            type=draw(kinds),
            payload=draw(payloads),
            report_id=draw(st.none() | st.text(max_size=3)),
            happened_at=NOW + timedelta(microseconds=draw(st.integers(0, 10**10))),
        )
        for version, number in enumerate(ids, 1)
    ]


@dataclass
class Sealed:
    """A log and its chain."""

    events: dict[int, EventRow]
    chain: list[tuple[SealRow, list[SealedEventRow]]]
    forgotten: set[date]

    @classmethod
    def of(cls, log: list[EventRow], size: int) -> "Sealed":
        """Seal a log, so many events at a time."""
        head, chain = Head("talheim"), []
        for first in range(0, len(log), size):
            part = log[first : first + size]
            row, kept = seal(head, part, [SALT] * len(part), NOW)
            chain.append((row, kept))
            head = Head.of("talheim", row)
        return cls({e.id: e for e in log if e.id is not None}, chain, set())

    def faults(self) -> Iterator[str]:
        """Yield what does not fit."""
        before = Head("talheim")
        for row, kept in self.chain:
            yield from faults(before, row, kept, self.events, self.forgotten)
            before = Head.of("talheim", row)

    def forget(self, chosen: set[int]) -> None:
        """Take persons off some events, as the program does."""
        for _, kept in self.chain:
            for each in kept:
                event = self.events[each.event_id]
                if each.event_id in chosen and event.type in BLURRED_EVENTS:
                    event.payload, each.salt = blurred_payload(event.payload), None
                    self.forgotten.add(event.service_date)


def _swap(sealed: Sealed, one: int, other: int) -> None:
    first, second = sealed.events[one], sealed.events[other]
    first.id, second.id = other, one
    sealed.events[one], sealed.events[other] = second, first


def _character(sealed: Sealed, one: int, other: int) -> None:
    event = sealed.events[one]
    at = other % len(event.payload)
    swapped = "7" if event.payload[at] != "7" else "8"
    event.payload = event.payload[:at] + swapped + event.payload[at + 1 :]


def _set(name: str, change: Callable[[Any], Any]) -> Callable[[Sealed, int, int], None]:
    def work(sealed: Sealed, one: int, _: int) -> None:
        event = sealed.events[one]
        setattr(event, name, change(getattr(event, name)))

    return work


FORGERIES: dict[str, Callable[[Sealed, int, int], None]] = {
    "removed": lambda sealed, one, _: sealed.events.pop(one) and None,
    "swapped": _swap,
    "a character": _character,
    "a space": _set("payload", lambda value: value + " "),
    "version": _set("version", lambda value: value + 1),
    "area": _set("area_id", lambda value: value + "x"),
    "day": _set("service_date", lambda value: value + timedelta(days=1)),
    "type": _set(
        "type", lambda value: "booking_changed" if value == "offer_taken" else "offer_taken"
    ),
    "report": _set("report_id", lambda value: (value or "") + "x"),
    "instant": _set("happened_at", lambda value: value + timedelta(microseconds=1)),
}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), logs(), st.integers(1, 4), st.sampled_from(sorted(FORGERIES)))
def test_any_change_is_found_and_forgetting_is_none(
    data: st.DataObject, log: list[EventRow], size: int, how: str
) -> None:
    """Law: a log whose persons are taken off, in whatever order, is whole; with any forgery it is not."""
    sealed = Sealed.of(log, size)
    assert list(sealed.faults()) == []
    ids = sorted(sealed.events)
    for _ in range(2):  # again changes nothing more
        sealed.forget(data.draw(st.sets(st.sampled_from(ids))))
        assert list(sealed.faults()) == []
    one, other = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(ids))
    if how == "swapped" and one == other:
        return
    FORGERIES[how](sealed, one, other)
    assert list(sealed.faults()) != []


@given(logs(), st.integers(1, 3), st.data())
def test_a_chain_with_a_seal_less_or_another_order_is_found(
    log: list[EventRow], size: int, data: st.DataObject
) -> None:
    """Law: only the end of a chain can be cut off unseen."""
    sealed = Sealed.of(log, size)
    if len(sealed.chain) > 1:
        gone = data.draw(st.integers(0, len(sealed.chain) - 2))
        del sealed.chain[gone]
        assert list(sealed.faults()) != []


def test_the_form_of_a_seal_stays() -> None:
    """Chains on disk outlive the program that wrote them: whoever changes this breaks them all."""
    payload = '{"booking": "b", "line": "7", "origin": {"label": "Ahornweg 1", "lat": 48.40023, "lon": 9.1}}'
    event = EventRow(
        id=7, area_id="talheim", service_date=MONDAY, version=1, type="offer_taken", payload=payload,
        report_id=None, happened_at=NOW,
    )  # fmt: skip
    row, (kept,) = seal(Head("talheim"), [event], [SALT], NOW)
    assert Head("talheim").sha256 == NOTHING
    assert (row.sequence, row.events, row.last_event) == (1, 1, 7)
    assert kept.lasting == "44ac24d7635befe10464e129b96fb9595044b6bb254f68db3ec60eff0633eb92"
    assert kept.commitment == "25cbf2ed6cf16c76a0696f502c73313170e6f1f7603292351644b1d6141bc96b"
    assert row.sha256 == "2351f6cd1f3a012da9744625ab8052bc9dff19310a348c0f4e1f41f61d9e073e"
