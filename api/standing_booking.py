"""Job: the dates of standing orders that come within the booking horizon become bookings.

They ask and book like everybody else, for the ride nearest to the wish; the area's share of standing
orders (``standing_share``) is the engine's own rule, so that single calls keep a chance. What cannot be
booked becomes a task. Each date and direction has one row, written in the booking's own transaction:
whoever runs this twice, or dies in the middle, finds what is done.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import structlog

from api.answering import Refused, refuse
from api.asked import Asked
from api.asking import calendar_rule, wish_of
from api.booking import Who, book
from api.context import Change, Context
from api.day import Day
from api.errors import Problem
from api.schemas.requests import OfferWish, Point
from api.schemas.standing import SeriesAnswer
from api.servicetime import NoSuchTime, instant_of
from api.standing import BY_RULE, CLOCK_CHANGE, TOLERANCE, due_dates, since_when
from api.store.tables import RefusalRow, StandingOrderRow, StandingRideRow
from api.store.writer import Writer
from api.tickets import GOOD_FOR, Ticket
from api.wish import Wish, refusal_row
from dispatch.engine import decide
from dispatch.events import OffersMade, RideRefused, RideRequested
from dispatch.model import BookingId, Offer, Rule, TimeKind
from regions.area import Area
from routing.errors import RoutingError

_log = structlog.get_logger()
_MINUTE = 60
_NOT_FOUND = {"address-unknown", "address-unclear", "no-road"}
"""Why no bus can go there, however often one asks."""
_THERE, _BACK = "there", "back"


@dataclass(frozen=True, slots=True)
class Due:
    """One date and direction of an order that can be asked for now."""

    order: StandingOrderRow
    series: SeriesAnswer
    day: date
    direction: str

    @property
    def key(self) -> tuple[str, date, str]:
        """What it is stored under."""
        return self.order.id, self.day, self.direction

    @property
    def kind(self) -> TimeKind:
        """Which end of the ride the time is of."""
        arrives = self.direction == _THERE and self.series.arrive_by is not None
        return TimeKind.ARRIVE_BY if arrives else TimeKind.DEPART_AT

    def instant(self, area: Area) -> datetime:
        """Return when it is wished (:class:`NoSuchTime` where clocks skip that)."""
        there = self.series.arrive_by or self.series.depart_at
        clock = there if self.direction == _THERE else self.series.return_at
        assert clock is not None  # noqa: S101  # only directions of the series are due
        return instant_of(self.day, time.fromisoformat(clock), area.time_zone)


def book_due(context: Context) -> tuple[int, int]:
    """Book what is due of all areas; return how many dates were booked and how many became tasks."""
    booked = refused = 0
    failed: Problem | None = None
    for area in context.areas():
        for order in _orders(context, area):
            if _missed_too_often(context, order):
                continue
            for due in _due(context, area, order):
                try:
                    made = _settle(context, area, due)
                except Problem as problem:  # the others are not kept waiting for this one
                    _log.warning("standing ride fails", area=area.id, code=problem.code)
                    failed = problem
                    continue
                booked, refused = booked + (made is True), refused + (made is False)
    if booked or refused:
        _log.info("standing orders", booked=booked, refused=refused)
    if failed is not None:
        raise failed  # the job is tried again, and an alarm rings until it succeeds
    return booked, refused


def _orders(context: Context, area: Area) -> list[StandingOrderRow]:
    with context.database.reading() as reader:
        rows = reader.orders_in([area.id], ended=False)
    return [row for row in rows if row.state == "active"]


def _missed_too_often(context: Context, order: StandingOrderRow) -> bool:
    """Pause a series whose rider missed as many rides as the area allows: one rule for all."""
    with context.database.reading() as reader:
        rider = reader.rider(order.rider_id)
        if rider is None:
            return True
        allowed = context.area(order.area_id).policy.no_shows_at_most
        areas = reader.areas_with(rider.area_id)
        missed = reader.no_shows(rider.phone, areas, since_when(context, rider))
    if not allowed or missed < allowed:
        return False

    def pause(writer: Writer) -> None:
        row = writer.order(order.id)
        if row is not None and row.state == "active":
            row.state, row.reason, row.changed_at = "paused", BY_RULE, context.clock.now()

    context.database.write(pause)
    _log.warning("standing order paused: rides missed", area=order.area_id, missed=missed)
    return True


def _due(context: Context, area: Area, order: StandingOrderRow) -> list[Due]:
    """Return what of an order can be asked for now and was not yet."""
    now, series = context.clock.now(), SeriesAnswer.model_validate(order.wish)
    today = now.astimezone(area.time_zone).date()
    horizon = timedelta(seconds=area.policy.booking_horizon_s)
    last = (now + horizon).astimezone(area.time_zone).date()
    with context.database.reading() as reader:
        known = {(r.service_date, r.direction) for r in reader.standing_rides([order.id], today)}
    directions = (_THERE, _BACK) if series.return_at else (_THERE,)
    found = []
    for day in due_dates(order, area, today, last):
        for direction in directions:
            due = Due(order, series, day, direction)
            if (day, direction) not in known and _within(due, area, now, now + horizon):
                found.append(due)
    return found


def _within(due: Due, area: Area, now: datetime, horizon: datetime) -> bool:
    try:
        return now < due.instant(area) <= horizon
    except NoSuchTime:
        return True


def _settle(context: Context, area: Area, due: Due) -> bool | None:
    """Book one date, or take down why not; None if that is done already or must wait."""
    try:
        wish, rule = wish_of(context, _offer_wish(due, area))
        rule = rule or calendar_rule(context, wish)
        if rule is Rule.TOO_FAR_AHEAD:
            return None
        if rule is None:
            return context.change(area.id, wish.service.day, _Booking(context, due, wish).work)
        reason, refusal = rule.value, refuse(context, wish, Refused(rule), "de")[1]
    except NoSuchTime:
        reason, refusal = CLOCK_CHANGE, None
    except (Problem, RoutingError) as error:
        if error.code not in _NOT_FOUND:
            raise
        reason, refusal = error.code, None
    return context.database.write(
        lambda writer: _put_refused(writer, due, reason, refusal, context.clock.now())
    )


def _offer_wish(due: Due, area: Area) -> OfferWish:
    series, at = due.series, due.instant(area)
    ends = series.origin, series.destination
    start, end = ends if due.direction == _THERE else reversed(ends)
    arrives = due.kind is TimeKind.ARRIVE_BY
    return OfferWish(
        area_id=area.id,
        origin=Point(**start.model_dump()),
        destination=Point(**end.model_dump()),
        depart_at=None if arrives else at,
        arrive_by=at if arrives else None,
        passengers=series.passengers,
        needs=frozenset(series.needs),
        purpose=series.purpose,
    )


@dataclass(frozen=True, slots=True)
class _Booking:
    """The work of one date, in the transaction of its booking."""

    context: Context
    due: Due
    wish: Wish

    def work(self, writer: Writer, day: Day) -> Change[bool | None]:
        """Ask and book; a refusal is written down with the task."""
        due, now = self.due, self.context.clock.now()
        order = writer.order(due.order.id)
        if writer.standing_ride(due.key) or order is None or not _same(order, due.order):
            return Change(None)
        wish = replace(self.wish, return_of=self._outward(writer))
        asked = Asked.of(wish, day, now)
        asked = replace(asked, request=replace(asked.request, standing=True))
        _, effects = decide(day.state, RideRequested(asked.request), day.seconds(now))
        answer = next(e for e in effects if isinstance(e, OffersMade | RideRefused))
        if isinstance(answer, RideRefused):
            if answer.refusal.rule is Rule.TOO_FAR_AHEAD:
                return Change(None)
            refusal = refusal_row(wish, answer.refusal.rule, 0, now)
            return Change(_put_refused(writer, due, answer.refusal.rule.value, refusal, now))
        offer = self._nearest(answer.offers)
        if offer is None:
            return Change(_put_refused(writer, due, TOLERANCE, None, now))
        return self._book(writer, day, asked, offer, now)

    def _outward(self, writer: Writer) -> BookingId | None:
        """Return the way there this is the way back of, if it was booked and still is."""
        if self.due.direction == _THERE:
            return None
        there = writer.standing_ride((self.due.order.id, self.due.day, _THERE))
        row = writer.booking(there.booking_id) if there and there.booking_id else None
        return BookingId(row.id) if row is not None and row.status != "cancelled" else None

    def _nearest(self, offers: tuple[Offer, ...]) -> Offer | None:
        """Return the best offer that differs from the wish by no more than the order allows."""
        wished_s = self.wish.service.seconds(self.wish.time_at)
        allowed_s = self.due.series.tolerance_min * _MINUTE

        def differs_s(offer: Offer) -> int:
            promise = offer.promise
            if self.due.kind is TimeKind.ARRIVE_BY:
                return abs(promise.arrive_by_s - wished_s)
            return abs(promise.pickup_from_s - wished_s)

        return next((offer for offer in offers if differs_s(offer) <= allowed_s), None)

    def _book(
        self, writer: Writer, day: Day, asked: Asked, offer: Offer, now: datetime
    ) -> Change[bool | None]:
        due = self.due
        ends = asked.spots[offer.request.origin], asked.spots[offer.request.destination]
        ticket = Ticket.of(offer, day.area.id, day.service.day, ends, now + GOOD_FOR)
        rider = writer.rider(due.order.rider_id)
        assert rider is not None  # noqa: S101  # orders go with their rider
        try:
            who = Who(rider.name, rider.phone)
            decision, row = book(self.context, writer, ticket, day, who, now)
        except Problem as problem:
            if problem.code != "offer-gone":
                raise
            return Change(_put_refused(writer, due, TOLERANCE, None, now))
        writer.add(_ride_row(due, now, booking_id=row.id))
        return Change(True, decision)  # noqa: FBT003  # booked


def _same(order: StandingOrderRow, as_read: StandingOrderRow) -> bool:
    """Whether an order still is what the job read: somebody may have paused or changed it meanwhile."""
    return order.state == "active" and order.changed_at == as_read.changed_at


def _put_refused(
    writer: Writer, due: Due, rule: str, refusal: RefusalRow | None, now: datetime
) -> bool | None:
    """Take down a date that could not be booked: a task for the coordinator."""
    if writer.standing_ride(due.key) is not None:
        return None
    writer.add(_ride_row(due, now, rule=rule))
    if refusal is not None:
        writer.add_refusal(refusal, now)
    return False


def _ride_row(
    due: Due, now: datetime, booking_id: str | None = None, rule: str | None = None
) -> StandingRideRow:
    order_id, day, direction = due.key
    return StandingRideRow(
        order_id=order_id,
        service_date=day,
        direction=direction,
        state="refused" if booking_id is None else "booked",
        booking_id=booking_id,
        rule=rule,
        decided_at=now,
        settled_at=None,
    )
