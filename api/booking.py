"""Use cases: take an offer, cancel a booking."""

from dataclasses import dataclass
from datetime import datetime

from api import ledger
from api.asking import alternatives
from api.codes import new_code
from api.context import Change, Context
from api.day import Day
from api.errors import Problem
from api.idempotency import Once, Reply
from api.messages.wishes import ContactWish
from api.phone import e164
from api.schemas.answers import BookingAnswer
from api.schemas.requests import BookingWish
from api.store.mapping import Person, booking_row, promise_columns
from api.store.reader import Reader, RideTimes
from api.store.tables import BookingRow
from api.store.writer import Writer
from api.tickets import Ticket
from api.views import Arrivals, booking_answer
from dispatch.errors import IllegalEvent
from dispatch.events import BookingCancelled, OfferTaken, RideBooked
from dispatch.model import BookingId, RideStatus, ShiftId

_NOT_ANY_MORE = {"promise-past", "place-unreachable", "load-too-big"}
"""What an offer we made may have become since: its time is over, a road is closed, a bus is missing."""


def take(context: Context, body: BookingWish, key: str) -> Reply[BookingAnswer]:
    """Turn an offer into a booking: one transaction for ride, promise, tours, event and answer.

    Raises
    ------
    Problem
        ``idempotency-key-invalid``, ``idempotency-key-reused``, ``offer-invalid``,
        ``offer-expired``, ``offer-gone``, ``offer-taken``, ``phone-invalid``, ``plan-refused``.
    """
    once = Once.of("bookings", key, body)
    with context.database.reading() as reader:
        answered = once.answered(reader, BookingAnswer)
    if answered is not None:
        return answered
    ticket = context.office.ticket(body.offer)
    area = context.area(ticket.area_id)
    phone = e164(body.phone, area.phone) if body.phone else None
    who = Who(body.name, phone, ContactWish.of(body))
    if context.clock.now() >= ticket.good_until:
        raise with_alternatives(context, ticket, Problem("offer-expired"))

    def work(writer: Writer, day: Day) -> Change[Reply[BookingAnswer]]:
        answered = once.answered(writer, BookingAnswer)
        if answered is not None:
            return Change(answered)
        now = context.clock.now()
        decision, row = book(context, writer, ticket, day, who, now)
        answer = booking_answer(row, _arrivals(decision, day, row), area.time_zone)
        once.keep(writer, answer, now)
        return Change(Reply(answer), decision)

    with context.underway(once):
        try:
            return context.change(area.id, ticket.day, work)
        except Problem as problem:
            if problem.code != "offer-gone":
                raise
            raise with_alternatives(context, ticket, problem) from problem


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a booking is for, and how they want to hear of it where that is special."""

    name: str
    phone: str | None
    contact: ContactWish | None = None


def book(
    context: Context, writer: Writer, ticket: Ticket, day: Day, who: Who, now: datetime
) -> tuple[ledger.Decision, BookingRow]:
    """Write down a ride: booking, promise, tours and event; the caller accepts the decision.

    Raises
    ------
    Problem
        ``offer-gone``, ``offer-taken``, ``plan-refused``.
    """
    decision, booked = _decide(context, ticket, day, now)
    person = Person(code=_free_code(writer), name=who.name, phone=who.phone)
    ends = ticket.origin, ticket.destination
    row = booking_row(
        booked.booking, person, ends, day.area.id, day.service, day.places.position, now
    )
    writer.add_booking(row)
    writer.log_promise(promise_columns(row, now))
    if who.contact is not None:
        writer.add_contact(who.contact.row(row.id))
    told = ticket.model_dump(mode="json") | {"booking": row.id}
    ledger.write(writer, day, decision, ledger.Entry("offer_taken", told), now)
    return decision, row


def cancel(context: Context, booking_id: str) -> BookingAnswer:
    """Cancel a booking; one already cancelled stays so.

    Raises
    ------
    Problem
        ``booking-unknown``, ``cancel-too-late``, ``day-closed``, ``plan-refused``.
    """
    row = find(context, booking_id)

    def work(writer: Writer, day: Day) -> Change[BookingAnswer]:
        now, stored = context.clock.now(), writer.booking(booking_id)
        assert stored is not None  # noqa: S101  # bookings are never deleted
        if stored.status == RideStatus.CANCELLED:
            return Change(answer_of(context, writer, stored))
        try:
            decision = ledger.Decision.of(day, BookingCancelled(BookingId(booking_id)), now)
        except IllegalEvent as error:
            raise Problem("cancel-too-late") from error
        ledger.check(day, decision)
        entry = ledger.Entry("booking_cancelled", {"booking": booking_id})
        ledger.write(writer, day, decision, entry, now)
        return Change(answer_of(context, writer, stored), decision)

    return context.change(row.area_id, row.service_date, work)


def find(context: Context, booking_id: str) -> BookingRow:
    """Return a booking's row.

    Raises
    ------
    Problem
        ``booking-unknown``.
    """
    with context.database.reading() as reader:
        row = reader.booking(booking_id)
    if row is None or row.area_id not in context.regions:
        raise Problem("booking-unknown")
    return row


def with_alternatives(context: Context, ticket: Ticket, problem: Problem) -> Problem:
    """Tell what is possible instead; whoever hears that makes no writer wait."""
    with (
        context.locked(ticket.area_id, ticket.day) as slot,
        context.database.reading() as reader,
    ):
        now_possible = alternatives(context, ticket, slot.present(reader))
    return Problem(problem.code, {"alternatives": now_possible})


def _decide(
    context: Context, ticket: Ticket, day: Day, now: datetime
) -> tuple[ledger.Decision, RideBooked]:
    """Decide about taking an offer (``offer-gone``, ``offer-taken``)."""
    origin, destination = day.locate(now, ticket.origin, ticket.destination)
    try:
        booking = context.office.booking_id(ticket)
        event = OfferTaken(ticket.offer(booking, origin, destination))
        decision = ledger.Decision.of(day, event, now)
    except IllegalEvent as error:
        if error.code == "booking-exists":
            raise Problem("offer-taken") from error
        if error.code not in _NOT_ANY_MORE:
            raise
        raise Problem("offer-gone") from error
    for effect in decision.effects:
        if isinstance(effect, RideBooked):
            ledger.check(day, decision)
            return decision, effect
    raise Problem("offer-gone")


def _arrivals(decision: ledger.Decision, day: Day, row: BookingRow) -> Arrivals:
    """When the bus is to reach the rider, and the rider the destination, by what was decided."""
    visits = decision.state.tours[ShiftId(row.shift_id)].visits
    pickup_s = next(visit.arrive_s for visit in visits if row.id in visit.board)
    drop_off_s = next(visit.arrive_s for visit in visits if row.id in visit.alight)
    return day.service.instant(pickup_s), day.service.instant(drop_off_s)


def _free_code(reader: Reader) -> str:
    code = new_code()
    while reader.code_exists(code):
        code = new_code()
    return code


def answer_of(context: Context, reader: Reader, row: BookingRow) -> BookingAnswer:
    """Describe a booking as it is stored now."""
    times = reader.times([row.id]).get(row.id, RideTimes())
    return booking_answer(row, times.arrivals, context.area(row.area_id).time_zone)
