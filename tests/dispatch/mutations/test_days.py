"""The days whose plans are corrupted are right themselves, and have in them what must not be forgotten."""

from typing import Any

from dispatch.model import RideStatus
from dispatch.verify import check_plan


def test_every_decision_passes(steps: list[Any]) -> None:
    for step in steps:
        check_plan(step.state, step.before, step.event)


def test_everything_happens(steps: list[Any]) -> None:
    """Pooled rides, breaks, returns, breakdowns, wheelchairs, who rides alone, and all that is reported."""
    bookings = [b for step in steps for b in step.state.bookings.values()]
    assert any(b.carried_by for b in bookings)
    assert any(b.request.alone for b in bookings)
    assert any(b.request.return_of for b in bookings)
    assert any(b.request.standing for b in bookings)
    assert {b.status for b in bookings} == set(RideStatus)
    visits = [v for s in steps for tour in s.state.tours.values() for v in tour.visits]
    assert any(v.pause is not None and v.status == "departed" for v in visits)
    assert any(len(v.board) + len(v.alight) > 1 for v in visits)
    assert min(len(step.state.shifts) for step in steps) < 4
