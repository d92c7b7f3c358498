"""Use cases about riders, standing orders, changes, feedback and figures: one method each."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from api import changing, exports, feedback, riders, standing, statistics
from api.context import Context
from api.errors import Problem
from api.exports import Layout
from api.feedback import ALL_STATES, Gate
from api.idempotency import Reply
from api.rights import Actor, Permission
from api.schemas.answers import BookingAnswer, OffersAnswer
from api.schemas.changes import BookingChange, ChangeWish
from api.schemas.feedback import (
    FeedbackAnswer,
    FeedbackChange,
    FeedbackReceipt,
    FeedbacksAnswer,
    FeedbackWish,
)
from api.schemas.riders import (
    CallerAnswer,
    RiderAnswer,
    RiderPageAnswer,
    RidersAnswer,
    RiderSearch,
    RiderWish,
)
from api.schemas.standing import (
    Settlement,
    StandingOrderAnswer,
    StandingOrderChange,
    StandingOrdersAnswer,
    StandingOrderWish,
)
from api.schemas.statistics import StatisticsAnswer

FEEDBACK_AN_HOUR = 20
"""From one address: a family says what it thinks, a program does not fill the disk."""


class RiderServices:
    """A part of :class:`api.services.Services`; every error is an :class:`api.errors.Problem`."""

    context: Context

    def __init__(self) -> None:
        self._feedback_gate = Gate(FEEDBACK_AN_HOUR)

    def ask_change(self, booking_id: str, wish: ChangeWish, language: str = "de") -> OffersAnswer:
        """Answer what could be had instead; see :func:`api.changing.ask`."""
        return changing.ask(self.context, booking_id, wish, language)

    def change_booking(
        self, booking_id: str, body: BookingChange, key: str
    ) -> Reply[BookingAnswer]:
        """Put an offer in place of a booking; see :func:`api.changing.take`."""
        return changing.take(self.context, booking_id, body, key)

    def search_riders(self, actor: Actor, body: RiderSearch) -> RidersAnswer:
        """Find riders; see :func:`api.riders.search`."""
        actor.require(Permission.SEE_RIDERS, body.area_id)
        return riders.search(self.context, body)

    def caller(self, actor: Actor, body: RiderSearch) -> CallerAnswer:
        """Tell who may be calling; see :func:`api.riders.caller`."""
        actor.require(Permission.SEE_RIDERS, body.area_id)
        return riders.caller(self.context, body)

    def add_rider(self, actor: Actor, body: RiderWish, key: str) -> Reply[RiderAnswer]:
        """Remember a rider; see :func:`api.riders.add`."""
        actor.require(Permission.CHANGE_RIDERS, body.area_id)
        return riders.add(self.context, body, key)

    def change_rider(self, actor: Actor, rider_id: str, body: RiderWish) -> RiderAnswer:
        """Correct what is stored of a rider; see :func:`api.riders.change`."""
        self.rider(actor, rider_id)
        actor.require(Permission.CHANGE_RIDERS, body.area_id)
        return riders.change(self.context, rider_id, body)

    def rider(self, actor: Actor, rider_id: str) -> RiderPageAnswer:
        """Show a rider to staff of the operator (``rider-unknown``)."""
        shown = riders.show(self.context, rider_id)
        if not actor.sees(shown.area_id):
            raise Problem("rider-unknown")
        return shown

    def add_order(
        self, actor: Actor, body: StandingOrderWish, key: str
    ) -> Reply[StandingOrderAnswer]:
        """Make a standing order; see :func:`api.standing.add`."""
        actor.require(Permission.CHANGE_RIDERS, body.area_id)
        return standing.add(self.context, body, key)

    def change_order(
        self, actor: Actor, order_id: str, body: StandingOrderChange
    ) -> StandingOrderAnswer:
        """Change a standing order; see :func:`api.standing.change`."""
        self.order(actor, order_id)
        return standing.change(self.context, order_id, body)

    def settle_task(self, actor: Actor, order_id: str, body: Settlement) -> StandingOrderAnswer:
        """Settle a date that was refused; see :func:`api.standing.settle`."""
        self.order(actor, order_id)
        return standing.settle(self.context, order_id, body)

    def order(self, actor: Actor, order_id: str) -> StandingOrderAnswer:
        """Show a standing order to staff of its area (``standing-order-unknown``)."""
        shown = standing.show(self.context, order_id)
        if not actor.sees(shown.area_id):
            raise Problem("standing-order-unknown")
        return shown

    def orders(self, actor: Actor, area_id: str, *, ended: bool = False) -> StandingOrdersAnswer:
        """List the standing orders of an area (``area-unknown``)."""
        actor.require(Permission.SEE_RIDERS, area_id)
        return standing.orders(self.context, area_id, ended=ended)

    def give_feedback(self, body: FeedbackWish, key: str, address: str) -> Reply[FeedbackReceipt]:
        """Take down what somebody says; see :func:`api.feedback.give` (``too-many-requests``)."""
        self._feedback_gate.let(address)
        return feedback.give(self.context, body, key)

    def feedback(
        self,
        actor: Actor,
        area_id: str,
        states: Collection[str] = ALL_STATES,
        before: datetime | None = None,
    ) -> FeedbacksAnswer:
        """List feedback (``area-unknown``); whom it is from only for who may see riders."""
        actor.require(Permission.SEE_FEEDBACK, area_id)
        listed = feedback.listed(self.context, area_id, states, before)
        if actor.may(Permission.SEE_RIDERS):
            return listed
        hidden = {"contact": None, "about_id": None}
        nameless = tuple(each.model_copy(update=hidden) for each in listed.feedback)
        return listed.model_copy(update={"feedback": nameless})

    def feedback_about(self, booking_id: str) -> tuple[FeedbackAnswer, ...]:
        """Return what was said about a booking."""
        return feedback.about_booking(self.context, booking_id)

    def answer_feedback(
        self, actor: Actor, feedback_id: str, body: FeedbackChange
    ) -> FeedbackAnswer:
        """Take down that feedback was read or answered (``feedback-unknown``)."""
        if not actor.sees(feedback.area_of(self.context, feedback_id)):
            raise Problem("feedback-unknown")
        return feedback.answer(self.context, feedback_id, body)

    def statistics(
        self, actor: Actor, area_id: str, first: date, last: date, *, hide_small: bool
    ) -> StatisticsAnswer:
        """Count what happened; small numbers are told to the service itself only."""
        actor.require(Permission.SEE_STATISTICS, area_id)
        hidden = hide_small or not actor.may(Permission.SEE_RIDES)
        return statistics.statistics(self.context, area_id, first, last, hide_small=hidden)

    def rides_table(
        self, actor: Actor, area_id: str, first: date, last: date, layout: Layout
    ) -> Iterator[str]:
        """Yield rides as a table; see :func:`api.exports.rides`."""
        actor.require(Permission.SEE_RIDES, area_id)
        return exports.rides(self.context, area_id, first, last, layout)

    def feedback_table(self, actor: Actor, area_id: str, layout: Layout) -> Iterator[str]:
        """Yield feedback as a table; see :func:`api.exports.feedback`."""
        actor.require(Permission.SEE_FEEDBACK, area_id)
        return exports.feedback(self.context, area_id, layout)
