"""Reports from the tablet: in order, late, repeated, impossible."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

MONDAY = date(2026, 3, 30)


@pytest.fixture
def tour(server: Any) -> dict[str, Any]:
    """Book a tour with two riders, and let it begin."""
    for column in (0, 2):
        server.book(server.place(column, 0), server.place(column, 6), depart_at=server.at("09:00"))
    server.clock.move(hours=3)
    (only,) = server.tours()["tours"]
    return dict(only)


def report(server: Any, tour: dict[str, Any], number: int, kind: str, at: str, **more: Any) -> Any:
    """Send a report about the visit with this number."""
    body = {"event_id": str(uuid4()), "type": kind, "at": at} | more
    url = f"/v1/tours/{tour['id']}/visits/{tour['visits'][number]['id']}/events"
    return server.client.post(url, json=body)


def test_riders_board_and_leave(server: Any, tour: dict[str, Any]) -> None:
    for number, visit in enumerate(tour["visits"]):
        server.clock.instant = datetime.fromisoformat(visit["depart"])
        for kind, key in (("arrived", "arrive"), ("departed", "depart")):
            answer = report(server, tour, number, kind, visit[key])
            assert answer.status_code == 200, answer.text
    after = answer.json()["tour"]
    assert {visit["status"] for visit in after["visits"]} == {"departed"}
    day = server.client.get("/v1/bookings", params={"date": "2026-03-30"}).json()
    assert {each["status"] for each in day["bookings"]} == {"done"}


def test_late_bus_moves_what_follows_but_no_promise(server: Any, tour: dict[str, Any]) -> None:
    late = datetime.fromisoformat(tour["visits"][0]["arrive"]) + timedelta(minutes=5)
    server.clock.instant = late
    answer = report(server, tour, 0, "arrived", late.isoformat()).json()["tour"]
    assert answer["visits"][0]["arrive"] == late.isoformat()
    assert answer["visits"][0]["status"] == "arrived"
    assert answer["visits"][1]["arrive"] >= tour["visits"][1]["arrive"]
    for before, after in zip(tour["visits"], answer["visits"], strict=True):
        for was, rider in zip(before["board"], after["board"], strict=True):
            assert rider["pickup_until"] == was["pickup_until"]


def test_repeated_report_changes_nothing(server: Any, tour: dict[str, Any]) -> None:
    body = {"event_id": str(uuid4()), "type": "arrived", "at": tour["visits"][0]["arrive"]}
    url = f"/v1/tours/{tour['id']}/visits/{tour['visits'][0]['id']}/events"
    first = server.client.post(url, json=body)
    version = server.tours()["version"]
    again = server.client.post(url, json=body)
    assert first.json() == again.json()
    assert server.tours()["version"] == version
    other = server.client.post(url, json=body | {"type": "departed"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


def test_reports_hours_late_and_in_any_order(server: Any, tour: dict[str, Any]) -> None:
    server.clock.move(hours=3)
    last = len(tour["visits"]) - 1
    for number in (last, 0, 1, last, 0):
        visit = tour["visits"][number]
        for kind, key in (("departed", "depart"), ("arrived", "arrive")):
            answer = report(server, tour, number, kind, visit[key])
            assert answer.status_code == 200, answer.text


def test_no_show_is_taken_off_the_tour(server: Any, tour: dict[str, Any]) -> None:
    visit = tour["visits"][0]
    absent = visit["board"][0]["booking_id"]
    report(server, tour, 0, "arrived", visit["arrive"])
    answer = report(server, tour, 0, "departed", visit["depart"], no_shows=[absent])
    assert answer.status_code == 200, answer.text
    assert server.client.get(f"/v1/bookings/{absent}").json()["status"] == "no_show"
    leaving = [r["booking_id"] for v in answer.json()["tour"]["visits"] for r in v["alight"]]
    assert absent not in leaving


def test_rider_aboard_cannot_cancel(server: Any, tour: dict[str, Any]) -> None:
    report(server, tour, 0, "departed", tour["visits"][0]["depart"])
    aboard = tour["visits"][0]["board"][0]["booking_id"]
    answer = server.client.delete(f"/v1/bookings/{aboard}")
    assert (answer.status_code, answer.json()["code"]) == (409, "cancel-too-late")


@pytest.mark.parametrize(
    ("tour_id", "code"),
    [
        ("talheim.2026-03-30.spaet", "tour-unknown"),
        ("talheim.2026-02-30.frueh", "tour-unknown"),
        ("talheim.9999-01-01.frueh", "tour-unknown"),
        ("anderswo.2026-03-30.frueh", "tour-unknown"),
        ("frueh", "tour-unknown"),
        ("talheim.2026-03-30.frueh", "visit-unknown"),
    ],
)
def test_unknown_tours_and_visits(server: Any, tour_id: str, code: str) -> None:
    body = {"event_id": str(uuid4()), "type": "arrived", "at": server.at("06:00")}
    answer = server.client.post(f"/v1/tours/{tour_id}/visits/x-board/events", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_reports_from_the_future_are_not_believed(server: Any, tour: dict[str, Any]) -> None:
    answer = report(server, tour, 0, "arrived", server.at("11:00"))
    assert (answer.status_code, answer.json()["code"]) == (409, "report-impossible")


def test_stranger_cannot_fail_to_come(server: Any, tour: dict[str, Any]) -> None:
    visit = tour["visits"][0]
    answer = report(server, tour, 0, "departed", visit["depart"], no_shows=["nobody"])
    assert (answer.status_code, answer.json()["code"]) == (409, "report-impossible")


def test_report_about_a_far_day_leaves_nothing_in_memory(server: Any) -> None:
    url = "/v1/tours/talheim.2050-03-28.frueh/visits/v/events"
    body = {"event_id": str(uuid4()), "type": "arrived", "at": server.at("06:00")}
    answer = server.client.post(url, json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "visit-unknown")
    with server.services.context.days.locked("talheim", date(2050, 3, 28)) as slot:
        assert slot._day is None


def test_a_tour_is_sent_again_only_when_it_changed(server: Any, tour: dict[str, Any]) -> None:
    url = f"/v1/tours/{tour['id']}"
    first = server.client.get(url)
    assert first.json() == tour
    known = {"If-None-Match": first.headers["ETag"]}
    same = server.client.get(url, headers=known)
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["ETag"] == first.headers["ETag"]
    server.clock.instant = datetime.fromisoformat(tour["visits"][0]["depart"])
    there = report(server, tour, 0, "arrived", tour["visits"][0]["arrive"]).json()["tour"]
    after = server.client.get(url, headers=known)
    assert (after.status_code, after.json()) == (200, there)
    assert after.headers["ETag"] != first.headers["ETag"]


def test_what_happens_to_others_is_no_news_for_a_tour(server: Any, tour: dict[str, Any]) -> None:
    """A wish that is refused or asked in vain grows the travel table, and another day is another day."""
    url = f"/v1/tours/{tour['id']}"
    tag = server.client.get(url).headers["ETag"]
    server.ask(server.place(5, 1), server.place(5, 5), depart_at=server.at("11:00"))
    server.book(
        server.place(1, 0),
        server.place(1, 6),
        depart_at=server.at("09:00", MONDAY + timedelta(days=1)),
    )
    assert server.client.get(url, headers={"If-None-Match": tag}).status_code == 304
    server.book(server.place(1, 0), server.place(1, 6), depart_at=server.at("11:30"))
    assert server.client.get(url, headers={"If-None-Match": tag}).status_code == 200
