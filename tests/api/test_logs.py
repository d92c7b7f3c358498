"""What is logged: enough to find the fault, nothing that opens a booking."""

from datetime import date
from typing import Any

import pytest
from structlog.testing import capture_logs

from dispatch.errors import IllegalEvent
from dispatch.verify import PlanRefused, Violation

MONDAY = date(2026, 3, 30)


def booked(server: Any) -> str:
    """Book a ride; return the booking's id."""
    booking = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    return str(booking["id"])


def violation(booking: str) -> Violation:
    """Return a violation whose message names a booking, as the checker's do."""
    return Violation("room", f"Booking {booking} has no seat.", shift="frueh", booking=booking)


def test_refused_plan_is_logged_without_bookings(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = booked(server)

    def refuse(*_: Any, **__: Any) -> None:
        raise PlanRefused([violation(booking), violation(booking)])

    monkeypatch.setattr("api.ledger.check_plan", refuse)
    with capture_logs() as logs:
        answer = server.client.delete(f"/v1/bookings/{booking}")
    assert (answer.status_code, answer.json()["code"]) == (500, "plan-refused")
    assert booking not in str(logs)
    assert logs[0]["violations"] == ["room frueh: 2"]


def test_broken_stored_plan_is_logged_without_bookings(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = booked(server)
    context = server.services.context
    context.days.forget(MONDAY, date.min)
    monkeypatch.setattr("api.day.verify", lambda _: (violation(booking),))
    with capture_logs() as logs:
        server.tours()
    assert booking not in str(logs)
    assert logs[0]["violations"] == ["room frueh: 1"]


def test_refusal_by_the_core_is_logged_without_bookings(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = booked(server)

    def refuse(*_: Any) -> None:
        raise IllegalEvent("unheard-of", f"Booking {booking} is unheard of.")

    monkeypatch.setattr("api.showing.booking", refuse)
    with capture_logs() as logs:
        answer = server.client.get(f"/v1/bookings/{booking}")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert booking not in str(logs)
    assert (logs[0]["code"], logs[0]["error"]) == ("unheard-of", "IllegalEvent")
