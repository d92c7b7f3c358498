"""Writing down what the engine decided: rows for its effects, one event, the checker in between."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from api.day import Day, depots, loggable
from api.errors import Problem
from api.store.mapping import promise_columns, put_booking, shift_row, tour_id
from api.store.tour_changes import TourChange, tour_change
from api.store.writer import Writer
from dispatch.engine import decide
from dispatch.events import (
    Alarm,
    Effect,
    Event,
    PromiseAtRisk,
    PromiseGiven,
    RideChanged,
    State,
    TourChanged,
)
from dispatch.model import Tour
from dispatch.verify import PlanRefused, check_plan

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Decision:
    """What would follow from an event. Nothing is changed until it is stored and accepted."""

    state: State
    effects: tuple[Effect, ...]
    event: Event

    @classmethod
    def of(cls, day: Day, event: Event, now: datetime) -> "Decision":
        """Decide about an event.

        Raises
        ------
        dispatch.errors.IllegalEvent
            The event makes no sense in this state.
        """
        state, effects = decide(day.state, event, day.seconds(now))
        return cls(state=state, effects=tuple(effects), event=event)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the event log: what happened, as plain data, and the tablet's id of a report."""

    type: str
    payload: dict[str, Any]
    report_id: str | None = None

    @property
    def text(self) -> str:
        """The payload as stored."""
        return json.dumps(self.payload, ensure_ascii=False, sort_keys=True)


def check(day: Day, decision: Decision) -> None:
    """Let the independent checker see a plan before anybody else does.

    Raises
    ------
    Problem
        ``plan-refused``.
    """
    try:
        check_plan(decision.state, before=day.state, event=decision.event)
    except PlanRefused as error:
        _log.error(  # what is broken says more than the stack
            "plan refused by the checker",
            area=day.area.id,
            day=day.service.day.isoformat(),
            violations=loggable(error.violations),
        )
        raise Problem("plan-refused") from error


def write(writer: Writer, day: Day, decision: Decision, entry: Entry, now: datetime) -> None:
    """Store the changed tours and rides and the event that led to them."""
    for effect in decision.effects:
        if isinstance(effect, RideChanged | PromiseGiven):
            row = writer.booking(effect.booking.id)
            assert row is not None  # noqa: S101  # every ride of a state is stored
            put_booking(row, effect.booking, day.service, day.places.position, now)
            if isinstance(effect, PromiseGiven):
                writer.log_promise(promise_columns(row, now))
        elif isinstance(effect, PromiseAtRisk):
            expected_s = effect.expected_arrival_s
            _log.warning(  # without the booking's id: it opens the booking
                "promise at risk",
                area=day.area.id,
                reason=effect.reason.value,
                promised=day.service.local(effect.promise.arrive_by_s).isoformat(),
                expected=None if expected_s is None else day.service.local(expected_s).isoformat(),
            )
        elif isinstance(effect, Alarm):
            _log.warning("alarm", area=day.area.id, code=effect.code.value, shift=effect.shift)
    writer.put_tours(
        _change(writer, day, decision.state, effect.tour)
        for effect in _last_of_each(decision.effects)
    )
    writer.log_event(
        {
            "area_id": day.area.id,
            "service_date": day.service.day,
            "version": decision.state.version,
            "type": entry.type,
            "payload": entry.text,
            "report_id": entry.report_id,
            "happened_at": now,
        }
    )


def accept(day: Day, decision: Decision) -> None:
    """Make the decision the present state; call it once the transaction has ended well."""
    day.state = decision.state
    day.stored_version = decision.state.version


def _last_of_each(effects: Iterable[Effect]) -> Iterable[TourChanged]:
    """Keep the last word about each tour."""
    return {e.tour.shift: e for e in effects if isinstance(e, TourChanged)}.values()


def _change(writer: Writer, day: Day, after: State, tour: Tour) -> TourChange:
    """Compare a tour with what is stored of it: what the day has, or nothing yet."""
    shift, known = tour.shift, day.state.tours.get(tour.shift)
    stored, row = tour_id(day.area.id, day.service.day, shift), None
    has_visits = known is not None and known.visits  # then there is a row they belong to
    if not has_visits and not writer.has_tour(stored):
        ends = depots(day.area, shift)
        assert ends is not None  # noqa: S101  # a shift without stored tour comes from the area file
        of_shift = day.state.shifts[shift]
        row = shift_row(of_shift, ends, day.area.id, day.service, day.places.position)
        known = None
    bookings = day.state.bookings, after.bookings
    return tour_change(stored, row, (known, tour), bookings, day.service, day.places.position)
