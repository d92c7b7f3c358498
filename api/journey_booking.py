"""Use case: take the rides of a journey, all of them or none; before and after, look at it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from api import ledger
from api.booking import Who, answer_of, book
from api.context import Change, Context
from api.day import Day
from api.errors import Problem
from api.idempotency import Once, Reply
from api.messages.wishes import ContactWish
from api.phone import e164
from api.schemas.answers import OfferAnswer
from api.schemas.journeys import JourneyBooking, JourneyBookingAnswer
from api.store.tables import BookingRow
from api.store.writer import Writer
from api.tickets import JourneyTicket, Ticket
from api.views import offer_answer

if TYPE_CHECKING:
    from dispatch.events import Effect


def look_up(context: Context, token: str) -> tuple[OfferAnswer, ...]:
    """Describe the rides of a journey that was handed out and is still good.

    Raises
    ------
    Problem
        ``offer-invalid``, ``journey-gone``.
    """
    rides = context.office.journey(token).rides
    if context.clock.now() >= rides[0].good_until:
        raise Problem("journey-gone")
    area = context.area(rides[0].area_id)
    service = context.service(area, rides[0].day)
    return tuple(offer_answer(ticket, token, service, area) for ticket in rides)


def told(context: Context, token: str, bookings: Collection[str]) -> JourneyTicket | None:
    """Return what was told of the journey these bookings belong to, however old; None for anything else."""
    try:
        ticket = context.office.journey(token)
    except Problem:
        return None
    known = {context.office.booking_id(ride) for ride in ticket.rides}
    return ticket if known.issuperset(bookings) else None


def take(context: Context, body: JourneyBooking, key: str) -> Reply[JourneyBookingAnswer]:
    """Turn a journey into bookings: one transaction for all its rides.

    Raises
    ------
    Problem
        ``idempotency-key-invalid``, ``idempotency-key-reused``, ``offer-invalid``,
        ``journey-gone``, ``offer-taken``, ``phone-invalid``, ``plan-refused``.
    """
    once = Once.of("journeys", key, body)
    with context.database.reading() as reader:
        answered = once.answered(reader, JourneyBookingAnswer)
    if answered is not None:
        return answered
    journey = context.office.journey(body.journey)
    first = journey.rides[0]
    area = context.area(first.area_id)
    phone = e164(body.phone, area.phone) if body.phone else None
    who = Who(body.name, phone, ContactWish.of(body))
    if context.clock.now() >= first.good_until:
        raise Problem("journey-gone")

    def work(writer: Writer, day: Day) -> Change[Reply[JourneyBookingAnswer]]:
        answered = once.answered(writer, JourneyBookingAnswer)
        if answered is not None:
            return Change(answered)
        now = context.clock.now()
        last, rows = _book_all(context, writer, journey, day, who, now)
        answers = tuple(answer_of(context, writer, row) for row in rows)
        answer = JourneyBookingAnswer(bookings=answers)
        once.keep(writer, answer, now)
        return Change(Reply(answer), last)

    with context.underway(once):
        return context.change(area.id, first.day, work)


def _book_all(
    context: Context, writer: Writer, journey: JourneyTicket, day: Day, who: Who, now: datetime
) -> tuple[ledger.Decision, list[BookingRow]]:
    """Book ride after ride, each in the state that has the ones before; return what they come to."""
    rows: list[BookingRow] = []
    then, decision = day, None
    effects: tuple[Effect, ...] = ()
    for ticket in journey.rides:
        linked = ticket if not rows else _way_on(ticket, rows[0].id)
        try:
            decision, row = book(context, writer, linked, then, who, now)
        except Problem as problem:
            if problem.code == "offer-gone":
                raise Problem("journey-gone") from problem
            raise
        then = replace(then, state=decision.state, stored_version=decision.state.version)
        effects += decision.effects
        rows.append(row)
    assert decision is not None  # noqa: S101  # a token has at least one ride
    return replace(decision, effects=effects), rows


def _way_on(ticket: Ticket, first: str) -> Ticket:
    """Tie the second ride to the first: without that one it makes no sense."""
    return ticket.model_copy(update={"details": ticket.details | {"return_of": first}})
