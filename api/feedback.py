"""Use cases: anybody says what they think; staff reads and answers it."""

from collections.abc import Collection
from datetime import datetime
from math import ceil
from time import time

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.codes import new_request_id
from api.context import Context
from api.errors import Problem
from api.idempotency import Once, Reply
from api.phone import e164
from api.schemas.feedback import (
    FeedbackAnswer,
    FeedbackChange,
    FeedbackReceipt,
    FeedbacksAnswer,
    FeedbackWish,
)
from api.store.tables import FeedbackRow
from api.store.writer import Writer

_AT_A_TIME = 100
ALL_STATES = ("new", "seen", "answered")


class Gate:
    """Lets one address through some times an hour; counted in memory only, so addresses are not stored."""

    def __init__(self, an_hour: int) -> None:
        self._allowed = RateLimitItemPerHour(an_hour)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def let(self, address: str) -> None:
        """Count one request.

        Raises
        ------
        Problem
            ``too-many-requests``.
        """
        if not self._limiter.hit(self._allowed, address):
            again = self._limiter.get_window_stats(self._allowed, address).reset_time
            wait_s = max(1, ceil(again - time()))
            raise Problem("too-many-requests", headers={"Retry-After": str(wait_s)})


def give(context: Context, body: FeedbackWish, key: str) -> Reply[FeedbackReceipt]:
    """Take down what somebody says.

    Raises
    ------
    Problem
        ``area-unknown``, ``booking-unknown``, ``idempotency-key-invalid``, ``idempotency-key-reused``.
    """
    area, once = context.area(body.area_id), Once.of("feedback", key, body)

    def work(writer: Writer) -> Reply[FeedbackReceipt]:
        answered = once.answered(writer, FeedbackReceipt)
        if answered is not None:
            return answered
        if body.about == "booking":
            booking = writer.booking(body.about_id or "")
            if booking is None or booking.area_id != area.id:
                raise Problem("booking-unknown")
        now = context.clock.now()
        row = FeedbackRow(
            id=new_request_id(),
            state="new",
            answer=None,
            created_at=now,
            answered_at=None,
            **(body.model_dump() | {"contact": _contact(body.contact, area.phone)}),
        )
        writer.add(row)
        receipt = FeedbackReceipt(id=row.id, received_at=now.astimezone(area.time_zone))
        once.keep(writer, receipt, now)
        return Reply(receipt)

    with context.underway(once):
        return context.database.write(work)


def _contact(text: str | None, home: str) -> str | None:
    """Write a telephone number as those of rides are written: so it is found when the person is erased."""
    try:
        return e164(text, home) if text else None
    except Problem:
        return text


def listed(
    context: Context,
    area_id: str,
    states: Collection[str] = ALL_STATES,
    before: datetime | None = None,
) -> FeedbacksAnswer:
    """List the feedback of an area, the newest first (``area-unknown``)."""
    area = context.area(area_id)
    with context.database.reading() as reader:
        rows = reader.feedback_in([area.id], states, _AT_A_TIME + 1, before)
    shown = tuple(_answer(context, row) for row in rows[:_AT_A_TIME])
    more = shown[-1].received_at if len(rows) > _AT_A_TIME else None
    return FeedbacksAnswer(feedback=shown, before=more)


def about_booking(context: Context, booking_id: str) -> tuple[FeedbackAnswer, ...]:
    """Return what was said about a booking, for whoever holds its id."""
    with context.database.reading() as reader:
        rows = reader.feedback_of((), (booking_id,))
    return tuple(_answer(context, row) for row in rows)


def area_of(context: Context, feedback_id: str) -> str:
    """Return the area feedback is about (``feedback-unknown``)."""
    with context.database.reading() as reader:
        row = reader.feedback(feedback_id)
    if row is None:
        raise Problem("feedback-unknown")
    return row.area_id


def answer(context: Context, feedback_id: str, body: FeedbackChange) -> FeedbackAnswer:
    """Take down that feedback was read or answered (``feedback-unknown``)."""

    def work(writer: Writer) -> FeedbackAnswer:
        row = writer.feedback(feedback_id)
        if row is None or row.area_id not in context.regions:
            raise Problem("feedback-unknown")
        if body.answer is not None:
            row.answer, row.answered_at = body.answer, context.clock.now()
        if row.state != "answered" or body.answer is not None:
            row.state = body.state
        return _answer(context, row)

    return context.database.write(work)


def _answer(context: Context, row: FeedbackRow) -> FeedbackAnswer:
    zone = context.area(row.area_id).time_zone
    return FeedbackAnswer(
        id=row.id,
        area_id=row.area_id,
        about=row.about,  # type: ignore[arg-type]  # a check constraint of the table
        about_id=row.about_id,
        kind=row.kind,  # type: ignore[arg-type]  # the same
        stars=row.stars,
        text=row.text,
        contact=row.contact,
        state=row.state,  # type: ignore[arg-type]  # the same
        answer=row.answer,
        received_at=row.created_at.astimezone(zone),
        answered_at=row.answered_at and row.answered_at.astimezone(zone),
    )
