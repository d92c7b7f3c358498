"""Use case: a rider wants another time or way; the old ride stays until the new one is certain."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from api import ledger
from api.answering import Refused, alternatives_answer, offers_answer, refuse
from api.asked import Asked
from api.asking import calendar_rule, wish_of
from api.booking import Who, answer_of, book, find, with_alternatives
from api.codes import new_request_id
from api.context import Change, Context
from api.day import Day
from api.errors import Problem
from api.idempotency import Once, Reply
from api.schemas.answers import BookingAnswer, OffersAnswer
from api.schemas.changes import BookingChange, ChangeWish
from api.schemas.fields import Passengers
from api.schemas.requests import OfferWish, Point
from api.store.details import details_of_request
from api.store.mapping import load_of_row, put_booking
from api.store.tables import BookingRow, ContactRow
from api.store.writer import Writer
from api.tickets import Ticket
from api.wish import Wish
from dispatch.engine import decide
from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingCancelled,
    BookingChanged,
    OfferGone,
    OffersMade,
    RideRefused,
    RideRequested,
)
from dispatch.handlers.linked import ways_back
from dispatch.model import BookingId, Offer, RideStatus

_OPEN = (RideStatus.BOOKED, RideStatus.UNASSIGNED)


def ask(context: Context, booking_id: str, body: ChangeWish, language: str) -> OffersAnswer:
    """Answer what could be had instead of a booking, on its own day as if it were not there.

    Raises
    ------
    Problem
        ``booking-unknown``, ``change-too-late``, ``address-unknown``, ``address-unclear``, ``no-road``.
    """
    row = find(context, booking_id)
    if row.status not in _OPEN:
        raise Problem("change-too-late")
    wish, rule = wish_of(context, _whole(body, row))
    rule = rule or calendar_rule(context, wish)
    if rule is not None:
        answer, _ = refuse(context, wish, Refused(rule), language)
        return answer
    with (
        context.locked(wish.area.id, wish.service.day) as slot,
        context.database.reading() as reader,
    ):
        asked, effect = _answer(context, slot.present(reader), wish, row)
    if isinstance(effect, OffersMade):
        offers = tuple(_freshly_named(offer) for offer in effect.offers)
        return OffersAnswer(offers=offers_answer(context, asked, offers))
    refusal = effect.refusal
    named = tuple(_freshly_named(offer) for offer in refusal.alternatives)
    instead = alternatives_answer(context, asked, replace(refusal, alternatives=named))
    answer, _ = refuse(context, wish, Refused(refusal.rule, refusal.also, instead), language)
    return answer


def take(context: Context, booking_id: str, body: BookingChange, key: str) -> Reply[BookingAnswer]:
    """Put an offer in place of a booking: one transaction, the old ride goes only if the new one is there.

    On the same day the booking keeps its id and code; on another it is a new one, the old is cancelled.

    Raises
    ------
    Problem
        ``booking-unknown``, ``change-too-late``, ``change-linked``, ``change-elsewhere``,
        ``idempotency-key-invalid``, ``idempotency-key-reused``, ``offer-invalid``, ``offer-expired``,
        ``offer-gone``, ``offer-taken``, ``day-closed``, ``plan-refused``.
    """
    once = Once.of(f"changes/{booking_id}", key, body)
    with context.database.reading() as reader:
        answered = once.answered(reader, BookingAnswer)
    if answered is not None:
        return answered
    ticket, row = context.office.ticket(body.offer), find(context, booking_id)
    if ticket.area_id != row.area_id:
        raise Problem("change-elsewhere")
    if context.clock.now() >= ticket.good_until:
        raise with_alternatives(context, ticket, Problem("offer-expired"))
    put = _same_day if ticket.day == row.service_date else _other_day
    with context.underway(once):
        try:
            return put(context, row, ticket, once)
        except Problem as problem:
            if problem.code != "offer-gone":
                raise
            raise with_alternatives(context, ticket, problem) from problem


def _whole(body: ChangeWish, row: BookingRow) -> OfferWish:
    """Return the whole wish: what is not named stays as it was booked."""
    asked = details_of_request(row.details)
    return OfferWish(
        area_id=row.area_id,
        origin=body.origin or Point(**_end(row, "origin")),
        destination=body.destination or Point(**_end(row, "destination")),
        depart_at=body.depart_at,
        arrive_by=body.arrive_by,
        passengers=body.passengers or Passengers.of(load_of_row(row)),
        needs=asked["needs"],
        alone=asked["alone"],
        purpose=asked["purpose"],
        return_of=asked["return_of"],
    )


def _end(row: BookingRow, end: str) -> dict[str, Any]:
    return {name: getattr(row, f"{end}_{name}") for name in ("lon", "lat", "label")}


def _answer(
    context: Context, day: Day, wish: Wish, row: BookingRow
) -> tuple[Asked, OffersMade | RideRefused]:
    """Ask the engine under the booking's id, which then asks as if it were not there."""
    now = context.clock.now()
    asked = Asked.of(wish, day, now)
    standing = details_of_request(row.details)["standing"]
    own = BookingId(row.id) if day.service.day == row.service_date else asked.request.id
    asked = replace(asked, request=replace(asked.request, id=own, standing=standing))
    _, effects = decide(day.state, RideRequested(asked.request), day.seconds(now))
    return asked, next(e for e in effects if isinstance(e, OffersMade | RideRefused))


def _freshly_named(offer: Offer) -> Offer:
    """Give an offer an id of its own: a token can be read, and a booking's id opens the booking."""
    return replace(offer, request=replace(offer.request, id=BookingId(new_request_id())))


def _same_day(
    context: Context, row: BookingRow, ticket: Ticket, once: Once
) -> Reply[BookingAnswer]:
    def work(writer: Writer, day: Day) -> Change[Reply[BookingAnswer]]:
        answered = once.answered(writer, BookingAnswer)
        if answered is not None:
            return Change(answered)
        now, stored = context.clock.now(), writer.booking(row.id)
        assert stored is not None  # noqa: S101  # bookings are never deleted
        decision = _changed(ticket, stored, day, now)
        told = ticket.model_dump(mode="json") | {"booking": stored.id}
        if decision.state is not day.state:  # else it is the very ride that is booked already
            ledger.write(writer, day, decision, ledger.Entry("booking_changed", told), now)
        booking = decision.state.bookings[BookingId(stored.id)]
        put_booking(stored, booking, day.service, day.places.position, now)
        _put_ends(stored, ticket)
        answer = answer_of(context, writer, stored)
        once.keep(writer, answer, now)
        return Change(Reply(answer), decision)

    return context.change(row.area_id, row.service_date, work)


def _changed(ticket: Ticket, row: BookingRow, day: Day, now: datetime) -> ledger.Decision:
    """Decide about another offer for a booking (``change-too-late``, ``offer-gone``)."""
    origin, destination = day.locate(now, ticket.origin, ticket.destination)
    try:
        event = BookingChanged(ticket.offer(BookingId(row.id), origin, destination))
        decision = ledger.Decision.of(day, event, now)
    except IllegalEvent as error:
        late = error.code in {"ride-under-way", "day-closed", "booking-unknown"}
        raise Problem("change-too-late" if late else "offer-gone") from error
    if any(isinstance(effect, OfferGone) for effect in decision.effects):
        raise Problem("offer-gone")
    ledger.check(day, decision)
    return decision


def _put_ends(row: BookingRow, ticket: Ticket) -> None:
    row.origin_label = ticket.origin.label
    row.origin_lon, row.origin_lat = ticket.origin.lon, ticket.origin.lat
    row.destination_label = ticket.destination.label
    row.destination_lon, row.destination_lat = ticket.destination.lon, ticket.destination.lat


def _other_day(
    context: Context, row: BookingRow, ticket: Ticket, once: Once
) -> Reply[BookingAnswer]:
    def work(writer: Writer, days: dict[date, Day]) -> tuple[Reply[BookingAnswer], _Decided]:
        answered = once.answered(writer, BookingAnswer)
        if answered is not None:
            return answered, {}
        now, stored = context.clock.now(), writer.booking(row.id)
        assert stored is not None  # noqa: S101  # bookings are never deleted
        old, new = days[row.service_date], days[ticket.day]
        gone = _cancelled(stored, old, now)
        entry = ledger.Entry("booking_cancelled", {"booking": stored.id})
        ledger.write(writer, old, gone, entry, now)
        who = Who(stored.name, stored.phone)
        made, fresh = book(context, writer, ticket, new, who, now)
        contact = writer.contact(stored.id)
        if contact is not None:
            columns = contact.model_dump() | {"booking_id": fresh.id}
            writer.add_contact(ContactRow(**columns))
        answer = answer_of(context, writer, fresh)
        once.keep(writer, answer, now)
        return Reply(answer), {row.service_date: gone, ticket.day: made}

    return _change_days(context, row.area_id, (row.service_date, ticket.day), work)


def _cancelled(row: BookingRow, day: Day, now: datetime) -> ledger.Decision:
    """Decide that a ride is given up for another day (``change-too-late``, ``change-linked``)."""
    if row.status not in _OPEN:
        raise Problem("change-too-late")
    if ways_back(day.state, BookingId(row.id)):
        raise Problem("change-linked")
    try:
        decision = ledger.Decision.of(day, BookingCancelled(BookingId(row.id)), now)
    except IllegalEvent as error:
        raise Problem("change-too-late") from error
    ledger.check(day, decision)
    return decision


_Decided = dict[date, ledger.Decision]
_Work = Callable[[Writer, dict[date, Day]], tuple[Reply[BookingAnswer], _Decided]]


def _change_days(
    context: Context, area_id: str, days: tuple[date, date], work: _Work
) -> Reply[BookingAnswer]:
    """Decide about two days of an area in one transaction; as :meth:`Context.change` does about one.

    Only the writing thread ever holds two days, so nobody waits for it in a circle.
    """
    context.area(area_id)  # refuses what the present work is not about
    versions: dict[date, int] = {}

    def decide_both(writer: Writer) -> Reply[BookingAnswer]:
        writer.lock_area(area_id)
        with ExitStack() as held:
            slots = {day: held.enter_context(context.locked(area_id, day)) for day in sorted(days)}
            present = {day: slot.present(writer) for day, slot in slots.items()}
            answer, decided = work(writer, present)
            for day, decision in decided.items():
                context.tell(writer, present[day], decision)
                ledger.accept(present[day], decision)
                versions[day] = present[day].stored_version
        return answer

    def settle(kept: bool) -> None:  # noqa: FBT001  # called by the scribe
        for day, version in versions.items():
            with context.locked(area_id, day) as slot:
                slot.settle(kept=kept)
            if kept:
                context.changes.publish(area_id, day, version)

    return context.database.write(decide_both, settle)
