"""The figures for monitoring: true, cheap, and about nobody."""

import time
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.rights import Role
from api.store.errors import StoreBusy
from tests.api.people import signed_in

Key = tuple[str, frozenset[tuple[str, str]]]


def figures(client: Any) -> dict[Key, float]:
    """Fetch all figures."""
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def key(name: str, **labels: str) -> Key:
    """Name a figure."""
    return f"buergerbus_{name}", frozenset(labels.items())


def test_requests_are_counted_by_their_route(server: Any) -> None:
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    server.client.get("/v1/bookings/nothing")
    server.client.get("/static/pages.css")
    server.client.get("/v1/Hedwig%20Beck")
    server.client.request("BREW", "/v1/areas")
    found = figures(server.client)
    assert found[key("requests_total", method="POST", route="/v1/bookings", status="201")] == 1
    unknown = {"method": "GET", "route": "/v1/bookings/{booking_id}", "status": "404"}
    assert found[key("requests_total", **unknown)] == 1
    assert found[key("requests_total", method="GET", route="/static", status="200")] == 1
    assert found[key("requests_total", method="GET", route="none", status="404")] == 1
    assert found[key("requests_total", method="OTHER", route="/v1/areas", status="405")] == 1
    took = found[key("request_seconds_sum", method="POST", route="/v1/bookings")]
    assert 0 < took < 10


def test_bookings_refusals_and_writing(server: Any) -> None:
    before = figures(server.client)
    wish = {"depart_at": server.at("09:00")}
    booking = server.book(server.place(0, 0), server.place(4, 4), **wish)
    server.book(server.place(1, 0), server.place(4, 4), **wish)
    server.client.delete(f"/v1/bookings/{booking['id']}")
    server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at("20:00"))
    found = figures(server.client)
    assert found[key("bookings", area="talheim", status="booked")] == 1
    assert found[key("bookings", area="talheim", status="cancelled")] == 1
    refused = {name: value for name, value in found.items() if name[0] == "buergerbus_refusals"}
    assert sum(refused.values()) == 1
    for name in ("changes_total", "transactions_total", "transaction_seconds_total"):
        assert found[key(name)] > before.get(key(name), 0), name
    assert found[key("write_queue")] == 0


def test_jobs_alarms_and_timetables(start: Any, with_line: Any) -> None:
    server = start(regions={"talheim": with_line})
    scheduler = server.client.app.state.scheduler
    scheduler.beat()
    scheduler.do(scheduler.jobs["tidy"])
    server.services.context.alarms.ring(
        "job-failed", "no-such-job"
    )  # jobs that run beside quiet their own
    found = figures(server.client)
    assert found[key("jobs_here")] == 1
    done = found[key("job_success_timestamp_seconds", job="tidy")]
    assert time.time() - 60 < done <= time.time()
    assert found[key("alarm", code="job-failed", what="no-such-job")] == 1
    left = [value for name, value in found.items() if name[0] == "buergerbus_timetable_days_left"]
    assert left == [18]


def test_an_unreadable_database_is_said(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any) -> None:
        raise StoreBusy("database-busy", "somebody else")

    assert figures(server.client)[key("database_readable")] == 1
    monkeypatch.setattr("api.store.reader.Reader.count_bookings", busy)
    assert figures(server.client)[key("database_readable")] == 0


def test_nothing_names_a_person_or_a_ride(server: Any) -> None:
    wish = {"depart_at": server.at("09:00")}
    offers = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"]
    booking = server.take(offers[0], name="Kanaria Zwitscher", phone="07123 998877").json()
    server.client.get(f"/v1/bookings/{booking['id']}")
    server.client.get("/v1/areas/talheim/places", params={"q": "Ahornweg 1"})
    text = server.client.get("/metrics").text
    for private in ("Kanaria", "998877", booking["id"], booking["code"], "Ahornweg", "A. Beck"):
        assert private not in text


def test_only_for_this_machine_and_who_operates(server: Any) -> None:
    """Before there is an account everybody here administers; then only the machine itself needs none."""
    app = server.client.app

    def ask(host: str, **headers: str) -> int:
        client = TestClient(app, base_url="http://localhost", client=(host, 1))
        return client.get("/metrics", headers=headers).status_code

    signed_in(server, Role.AGENT)
    boss = signed_in(server, Role.ADMINISTRATOR)
    assert ask("127.0.0.1") == ask("::1") == 200
    assert ask("192.0.2.7") == 401
    assert ask("192.0.2.7", **signed_in(server, Role.COORDINATOR)) == 403
    assert ask("192.0.2.7", **boss) == 200
    assert ask("127.0.0.1", **{"X-Forwarded-For": "192.0.2.7"}) == 401
