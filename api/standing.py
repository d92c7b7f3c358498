"""Use cases: standing orders are made, changed, paused and ended; what became of them is shown."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from api.codes import new_request_id
from api.context import Context
from api.errors import Problem
from api.idempotency import Once, Reply
from api.kinds import KINDS
from api.refusals import reasons
from api.schemas.fields import EARLIEST
from api.schemas.standing import (
    SeriesAnswer,
    SeriesWish,
    Settlement,
    StandingOrderAnswer,
    StandingOrderChange,
    StandingOrdersAnswer,
    StandingOrderWish,
    StandingRideAnswer,
    Weekday,
)
from api.store.reader import Reader
from api.store.tables import RiderRow, StandingOrderRow, StandingRideRow
from api.store.writer import Writer
from dispatch.model import Rule
from regions.area import Area

BY_RULE = "no_shows"
"""Why an order is paused that nobody wished to pause."""
TOLERANCE, CLOCK_CHANGE = "tolerance", "clock-change"
"""Why a date was not booked where no rule of the engine refused it."""
_SHOWN_AHEAD = timedelta(days=42)


def add(context: Context, body: StandingOrderWish, key: str) -> Reply[StandingOrderAnswer]:
    """Make a standing order; its dates are booked when they come within the horizon.

    Raises
    ------
    Problem
        ``area-unknown``, ``rider-unknown``, ``address-unknown``, ``address-unclear``,
        ``idempotency-key-invalid``, ``idempotency-key-reused``.
    """
    area, once = context.area(body.area_id), Once.of("standing-orders", key, body)
    wish = _found(context, area, body.series)

    def work(writer: Writer) -> Reply[StandingOrderAnswer]:
        answered = once.answered(writer, StandingOrderAnswer)
        if answered is not None:
            return answered
        now, rider = context.clock.now(), writer.rider(body.rider_id)
        if rider is None or rider.area_id not in writer.areas_with(area.id):
            raise Problem("rider-unknown")
        row = StandingOrderRow(
            id=new_request_id(),
            rider_id=rider.id,
            area_id=area.id,
            state="active",
            reason="",
            valid_from=body.valid_from,
            valid_until=body.valid_until,
            paused_from=None,
            paused_until=None,
            skipped=[],
            wish=wish,
            created_at=now,
            changed_at=now,
        )
        writer.add(row)
        (answer,) = order_answers(context, writer, [row])
        once.keep(writer, answer, now)
        return Reply(answer)

    with context.underway(once):
        return context.database.write(work)


def change(context: Context, order_id: str, body: StandingOrderChange) -> StandingOrderAnswer:
    """Change what is still to be booked of a standing order; what is booked stays and is listed.

    Raises
    ------
    Problem
        ``standing-order-unknown``, ``standing-order-ended``, ``address-unknown``, ``address-unclear``,
        ``invalid``.
    """
    area = context.area(_find(context, order_id).area_id)
    wish = _found(context, area, body.series) if body.series else None

    def work(writer: Writer) -> StandingOrderAnswer:
        now, row = context.clock.now(), writer.order(order_id)
        if row is None:
            raise Problem("standing-order-unknown")
        if row.state == "ended":
            raise Problem("standing-order-ended")
        if wish is not None:
            row.wish = wish
        _put_days(row, body)
        if body.state is not None:
            _put_state(writer, row, body.state, now)
        row.changed_at = now
        (answer,) = order_answers(context, writer, [row])
        return answer

    return context.database.write(work)


def settle(context: Context, order_id: str, body: Settlement) -> StandingOrderAnswer:
    """Take down that somebody dealt with a date that was refused (``task-unknown``)."""
    _find(context, order_id)

    def work(writer: Writer) -> StandingOrderAnswer:
        ride = writer.standing_ride((order_id, body.date, body.direction))
        row = writer.order(order_id)
        if ride is None or row is None or ride.state != "refused":
            raise Problem("task-unknown")
        ride.settled_at = ride.settled_at or context.clock.now()
        (answer,) = order_answers(context, writer, [row])
        return answer

    return context.database.write(work)


def show(context: Context, order_id: str) -> StandingOrderAnswer:
    """Show a standing order (``standing-order-unknown``)."""
    row = _find(context, order_id)
    with context.database.reading() as reader:
        (answer,) = order_answers(context, reader, [row])
    return answer


def orders(context: Context, area_id: str, *, ended: bool = False) -> StandingOrdersAnswer:
    """List the standing orders of an area (``area-unknown``)."""
    area = context.area(area_id)
    with context.database.reading() as reader:
        rows = reader.orders_in([area.id], ended=ended)
        return StandingOrdersAnswer(standing_orders=order_answers(context, reader, rows))


def due_dates(row: StandingOrderRow, area: Area, first: date, last: date) -> Iterator[date]:
    """Yield the dates of an order from ``first`` to ``last``: its weekdays but pauses and closed days."""
    series = SeriesAnswer.model_validate(row.wish)
    first = max(first, row.valid_from)
    last = min(last, row.valid_until or last)
    skipped = {date.fromisoformat(each) for each in row.skipped}
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        closed = series.skip_closed and day in area.policy.closed_days
        if Weekday.of(day) in series.weekdays and day not in skipped and not closed:
            paused = row.paused_from is not None and row.paused_from <= day
            if not (paused and day <= (row.paused_until or day)):
                yield day


def since_when(context: Context, rider: RiderRow) -> datetime:
    """From when on missed rides count: as long as the area says, but not before they were forgiven."""
    span = timedelta(seconds=context.area(rider.area_id).policy.no_shows_s)
    return max(context.clock.now() - span, rider.no_shows_after or EARLIEST)


def order_answers(
    context: Context, reader: Reader, rows: Sequence[StandingOrderRow]
) -> tuple[StandingOrderAnswer, ...]:
    """Describe standing orders with what became of their dates from today on."""
    rows = [row for row in rows if row.area_id in context.regions]
    today = context.clock.now().date() - timedelta(days=1)
    rides: dict[str, list[StandingRideRow]] = {}
    for ride in reader.standing_rides([row.id for row in rows], today):
        rides.setdefault(ride.order_id, []).append(ride)
    answers = []
    for row in rows:
        rider = reader.rider(row.rider_id)
        assert rider is not None  # noqa: S101  # orders go with their rider
        answers.append(_answer(context, row, rider, rides.get(row.id, [])))
    return tuple(answers)


def _answer(
    context: Context, row: StandingOrderRow, rider: RiderRow, rides: Iterable[StandingRideRow]
) -> StandingOrderAnswer:
    area, now = context.area(row.area_id), context.clock.now()
    today = now.astimezone(area.time_zone).date()
    told = tuple(_ride(ride, area) for ride in rides if ride.service_date >= today)
    known = {ride.date for ride in told}
    ahead = due_dates(row, area, today, today + _SHOWN_AHEAD) if row.state == "active" else ()
    pause = None
    if row.paused_from is not None:
        pause = row.paused_from, row.paused_until or row.paused_from
    return StandingOrderAnswer(
        id=row.id,
        rider_id=rider.id,
        rider_name=rider.name,
        area_id=row.area_id,
        state=row.state,  # type: ignore[arg-type]  # a check constraint of the table
        paused_by_rule=row.state == "paused" and row.reason == BY_RULE,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        pause=pause,
        skipped=tuple(date.fromisoformat(day) for day in row.skipped),
        series=SeriesAnswer.model_validate(row.wish),
        rides=told,
        upcoming=tuple(day for day in ahead if day not in known),
    )


def _ride(row: StandingRideRow, area: Area) -> StandingRideAnswer:
    settled = row.settled_at and row.settled_at.astimezone(area.time_zone)
    return StandingRideAnswer(
        date=row.service_date,
        direction=row.direction,  # type: ignore[arg-type]  # a check constraint of the table
        state=row.state,  # type: ignore[arg-type]  # the same
        booking_id=row.booking_id,
        rule=row.rule,
        reason=None if row.rule is None else reason_of(row.rule, area),
        decided_at=row.decided_at.astimezone(area.time_zone),
        settled_at=settled,
    )


def reason_of(rule: str, area: Area) -> str:
    """Say in German why a date was not booked."""
    if rule in _OWN_REASONS:
        return _OWN_REASONS[rule]
    if rule in KINDS:
        return KINDS[rule].sentences[0]
    return reasons(Rule(rule), area.policy)[0]


_OWN_REASONS = {
    TOLERANCE: "Es gibt nur Fahrten, die weiter vom Wunsch abweichen als erlaubt.",
    CLOCK_CHANGE: "Zu dieser Uhrzeit werden die Uhren umgestellt.",
}


def _put_days(row: StandingOrderRow, body: StandingOrderChange) -> None:
    given = body.model_fields_set
    if "valid_until" in given:
        if body.valid_until is not None and body.valid_until < row.valid_from:
            raise Problem("invalid")
        row.valid_until = body.valid_until
    if "pause" in given:
        row.paused_from, row.paused_until = body.pause or (None, None)
    if body.skipped is not None:
        row.skipped = sorted(day.isoformat() for day in body.skipped)


def _put_state(writer: Writer, row: StandingOrderRow, state: str, now: datetime) -> None:
    """Pause, go on or end; whoever lets an order go on that the rule paused forgives what was missed."""
    if state == "active" and row.reason == BY_RULE:
        rider = writer.rider(row.rider_id)
        assert rider is not None  # noqa: S101  # orders go with their rider
        rider.no_shows_after = now
    row.state, row.reason = state, ""


def _find(context: Context, order_id: str) -> StandingOrderRow:
    with context.database.reading() as reader:
        row = reader.order(order_id)
    if row is None or row.area_id not in context.regions:
        raise Problem("standing-order-unknown")
    return row


def _found(context: Context, area: Area, series: SeriesWish) -> dict[str, Any]:
    """Return a series as it is stored, its places found."""
    finder = context.finders[area.id]
    ends = {
        "origin": finder.resolve(series.origin),
        "destination": finder.resolve(series.destination),
    }
    plain = series.model_dump(mode="json", exclude={"origin", "destination"})
    return plain | {name: spot.model_dump(mode="json") for name, spot in ends.items()}
