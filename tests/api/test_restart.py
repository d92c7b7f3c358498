"""Stopping and starting changes nothing: the plan is rebuilt from what is stored."""

from datetime import date
from typing import Any

import pytest

from api.day import Day
from api.errors import Problem
from api.people.this_machine import AT_THIS_MACHINE
from dispatch.verify import verify

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

MONDAY = date(2026, 3, 30)


def day_of(server: Any) -> Day:
    """Return the Monday in memory."""
    context = server.services.context
    with context.days.locked("talheim", MONDAY) as slot, context.database.reading() as reader:
        present: Day = slot.present(reader)
    return present


def plain(day: Day) -> dict[str, Any]:
    """Describe a state with positions instead of indices, which depend on the order of asking."""
    where = day.places.position

    def visit(each: Any) -> Any:
        return each.id, where(each.place), each.arrive_s, each.depart_s, each.board, each.alight

    def request(each: Any) -> Any:
        return where(each.origin), where(each.destination), each.time_kind, each.time_s, each.load

    state = day.state
    return {
        "tours": {
            key: [(*visit(v), v.status) for v in tour.visits]
            for key, tour in sorted(state.tours.items())
            if tour.visits
        },
        "bookings": {
            key: (request(b.request), b.promise, b.shift, b.fare_cents, b.status)
            for key, b in sorted(state.bookings.items())
        },
        "shifts": {key: (s.driver, s.start_s, s.end_s) for key, s in state.shifts.items()},
    }


def fill(server: Any) -> list[dict[str, Any]]:
    """Book a few rides, one cancelled, one under way, one that did not come."""
    booked = [
        server.book(server.place(column, 0), server.place(column, 6), depart_at=server.at("08:00"))
        for column in range(4)
    ]
    server.client.delete(f"/v1/bookings/{booked[3]['id']}")
    server.clock.move(hours=2, minutes=5)
    (tour,) = server.tours()["tours"]
    for number, visit in enumerate(tour["visits"][:2]):
        for kind in ("arrived", "departed"):
            absent = [rider["booking_id"] for rider in visit["board"]] if number else []
            report = {
                "event_id": f"0b3f8f36-6f52-4f5e-9d53-2b0f5d9f6a{number}{len(kind)}",
                "type": kind,
                "at": server.at(f"08:0{number * 2}"),
                "no_shows": absent if kind == "departed" else [],
            }
            url = f"/v1/tours/{tour['id']}/visits/{visit['id']}/events"
            answer = server.client.post(url, json=report)
            assert answer.status_code == 200, answer.text
    return booked


def test_restart_changes_nothing(start: Any) -> None:
    server = start()
    booked = fill(server)
    shown, state, now = server.tours(), plain(day_of(server)), server.clock.now()
    single = [server.client.get(f"/v1/bookings/{each['id']}").json() for each in booked]
    assert {each["status"] for each in single} >= {"cancelled", "no_show"}
    server = start(now=now)
    assert server.tours() == shown
    assert plain(day_of(server)) == state
    assert [server.client.get(f"/v1/bookings/{e['id']}").json() for e in booked] == single
    assert verify(day_of(server).state) == ()


def test_offer_made_before_a_restart_can_be_taken_after(start: Any) -> None:
    server = start()
    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    server = start()
    assert server.take(offer).status_code == 201


def test_versions_go_on_after_a_restart(start: Any) -> None:
    server = start()
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    before = server.tours()["version"]
    server = start()
    server.book(server.place(1, 0), server.place(4, 4), depart_at=server.at("11:00"))
    assert server.tours()["version"] > before


def test_another_process_changing_the_day_is_noticed(start: Any, region: Any) -> None:
    """A second server on the same database books; the first one decides from the new plan."""
    from starlette.testclient import TestClient

    from api.app import create_app

    first = start()
    first.book(first.place(0, 0), first.place(4, 4), depart_at=first.at("09:00"))
    app = create_app(first.settings, first.clock, {"talheim": region})
    with TestClient(app, base_url="http://localhost") as client:
        second = type(first)(client, first.clock, first.settings)
        second.book(first.place(1, 0), first.place(4, 4), depart_at=first.at("09:00"))
    first.book(first.place(2, 0), first.place(4, 4), depart_at=first.at("09:00"))
    riders = {
        b for tour in day_of(first).state.tours.values() for v in tour.visits for b in v.board
    }
    assert len(riders) == 3
    assert verify(day_of(first).state) == ()


def test_refused_plan_is_not_stored(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the checker rejects is neither stored nor kept in memory, and nothing is told of it."""
    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    before, shown = plain(day_of(server)), server.tours()

    def refuse(*_: Any) -> None:
        raise Problem("plan-refused")

    with monkeypatch.context() as patch:
        patch.setattr("api.ledger.check", refuse)
        answer = server.take(offer, key="k")
    assert (answer.status_code, answer.json()["code"]) == (500, "plan-refused")
    assert plain(day_of(server)) == before
    assert server.tours() == shown
    assert server.services.bookings(AT_THIS_MACHINE, MONDAY).bookings == ()
    assert server.take(offer, key="k").status_code == 201


def test_checker_stands_between_decision_and_store(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that forgets the drop-off is caught by the real checker."""
    from dataclasses import replace

    from api import ledger

    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    real = ledger.decide

    def forgetful(*arguments: Any) -> Any:
        state, effects = real(*arguments)
        tours = {k: replace(t, visits=t.visits[:-1]) for k, t in state.tours.items()}
        return replace(state, tours=tours), effects

    monkeypatch.setattr(ledger, "decide", forgetful)
    answer = server.take(offer)
    assert (answer.status_code, answer.json()["code"]) == (500, "plan-refused")
    assert server.services.bookings(AT_THIS_MACHINE, MONDAY).bookings == ()


def test_nothing_is_half_written(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever step of the transaction fails, the database and the plan in memory stay as they were."""
    from api.store.writer import Writer

    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    before, shown = plain(day_of(server)), server.tours()
    for method in ("add_booking", "log_promise", "put_tours", "log_event", "keep_answer"):
        with monkeypatch.context() as patch:

            def fail(*_: Any, **__: Any) -> None:
                raise RuntimeError("the disk says no")

            patch.setattr(Writer, method, fail)
            answer = server.take(offer, key="k")
        assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        assert "disk" not in answer.text
        assert plain(day_of(server)) == before
        assert server.tours() == shown
    assert server.take(offer, key="k").status_code == 201


def test_places_nobody_booked_are_forgotten(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.days.SPARE_PLACES", 6)
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    before = plain(day_of(server))
    for column in range(8):
        server.ask(server.place(column, 1), server.place(column, 5), depart_at=server.at("10:00"))
        assert len(day_of(server).places) <= 3 + 6 + 2
    assert plain(day_of(server)) == before


def test_a_tour_is_drawn_without_the_days_lock(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks at a tour must not keep anybody who books waiting."""
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    shifts = []
    drawn = Day.line

    def line(day: Day, shift: Any, tour: Any) -> Any:
        slot = server.services.context.days._slots[day.area.id, day.service.day]
        assert not slot.lock.locked()
        shifts.append(shift.id)
        return drawn(day, shift, tour)

    monkeypatch.setattr(Day, "line", line)
    shown = [tour for tour in server.tours()["tours"] if tour["visits"]]
    assert [tour["geometry"]["type"] for tour in shown] == ["LineString"]
    server.client.get(f"/v1/tours/{shown[0]['id']}").raise_for_status()
    assert shifts.count(shown[0]["shift"]["id"]) == 2
