"""The world around the engine: people call when they call, buses drive as well as roads let them.

Everything that decides is ``dispatch.engine.decide``, the same function the server uses. The world only
knows the clock and what people (``simulations.riders``) and roads (``simulations.buses``) do.
Who has no way there needs no way back; who cancels or does not come gives up the way back too.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import count

from dispatch.engine import decide
from dispatch.events import (
    BookingCancelled,
    Effect,
    Event,
    OffersMade,
    OfferTaken,
    PromiseAtRisk,
    RideBooked,
    RideRefused,
    RideRequested,
    State,
    VisitArrived,
    VisitDeparted,
)
from dispatch.improve.day import find_improvement
from dispatch.improve.stop import MaxIterations
from dispatch.model import BookingId, Offer, Request, RideStatus, Rule
from dispatch.verify import check_plan
from simulations.buses import BusStep, Roads, next_step
from simulations.demand import Wish
from simulations.riders import Habits, character, choose
from simulations.scene import Scene

_MINUTE = 60
# a way back begins this long after the promised arrival at the earliest
_BACK_AFTER_S = 10 * _MINUTE
# riders cancel this long before the pickup at the latest
_CANCEL_BEFORE_S = 30 * _MINUTE
# a changed plan is improved this long after, and may change this long after that at the earliest
_IMPROVE_AFTER_S = 2 * _MINUTE
_SEARCH_S = _MINUTE


class Fate(StrEnum):
    """What became of a wish."""

    SERVED = "served"
    REFUSED = "refused"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    NOT_NEEDED = "not_needed"


_FATES = {
    RideStatus.DONE: Fate.SERVED,
    RideStatus.NO_SHOW: Fate.NO_SHOW,
    RideStatus.CANCELLED: Fate.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish; ``rule`` says why it was refused, ``offer`` is the one taken."""

    wish: Wish
    fate: Fate
    rule: Rule | None = None
    offer: Offer | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lived:
    """A day that is over: the last state with real times, and what became of every wish."""

    state: State
    outcomes: tuple[Outcome, ...]
    events: int
    at_risk: frozenset[BookingId]
    """Riders the engine warned about while the day ran."""


def live_through(scene: Scene, habits: Habits, seed: int, improve: int = 0) -> Lived:
    """Let one day happen; ``seed`` is of everything people and roads draw.

    Every state the engine returns is verified. With ``improve`` the plan is improved by so many
    iterations of the search shortly after every booking, as the server does.

    Raises
    ------
    dispatch.verify.PlanRefused
        The engine made a broken plan.
    """
    world = _World(scene, habits, seed, improve)
    world.run()
    outcomes = tuple(world.outcomes[wish.id] for wish in scene.wishes)
    return Lived(world.state, outcomes, world.events, frozenset(world.at_risk))


class _World:
    """The clock, what is to come, and what became of everybody so far."""

    def __init__(self, scene: Scene, habits: Habits, seed: int, improve: int) -> None:
        self.scene = scene
        self.habits = habits
        self.seed = seed
        self.improve = improve
        self.state = scene.state
        self.roads = Roads(habits.travel_noise, seed)
        self.now_s = 0
        self.events = 0
        self.at_risk: set[BookingId] = set()
        self.outcomes: dict[str, Outcome] = {}
        self.back_of = {wish.outward: wish.id for wish in scene.wishes if wish.outward}
        self._number = count()
        self._improvement_planned = False
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        for wish in scene.wishes:
            self._plan(wish.call_s, partial(self._call, wish))

    def run(self) -> None:
        """Let everything happen in the order of time, buses first where times are equal."""
        while True:
            steps = (next_step(self.state, key, self.roads, self.now_s) for key in self.state.tours)
            step = min(
                (step for step in steps if step), key=lambda s: (s.time_s, s.shift), default=None
            )
            if step and (not self._agenda or step.time_s <= self._agenda[0][0]):
                self.now_s = step.time_s
                self._drive(step)
            elif self._agenda:
                self.now_s, _, happen = heapq.heappop(self._agenda)
                happen()
            else:
                return

    def _plan(self, time_s: int, happen: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (time_s, next(self._number), happen))

    def _decide(self, event: Event) -> tuple[Effect, ...]:
        before = self.state
        self.state, effects = decide(before, event, self.now_s)
        self.events += 1
        if self.state is not before:
            check_plan(self.state, before, event)
        self.at_risk |= {effect.booking for effect in effects if isinstance(effect, PromiseAtRisk)}
        return effects

    # --- people ---------------------------------------------------------------------------------

    def _call(self, wish: Wish) -> None:
        """Somebody calls, hears offers, and takes one or not."""
        ends = self.scene.ends[wish.id]
        there = self.outcomes[wish.outward].offer if wish.outward else None
        if wish.outward and there is None:
            self.outcomes[wish.id] = Outcome(wish, Fate.NOT_NEEDED)
            return
        if ends is None:
            self.outcomes[wish.id] = Outcome(wish, Fate.REFUSED, Rule.UNREACHABLE)
            return
        if there:
            earliest_s = there.promise.arrive_by_s + _BACK_AFTER_S
            wish = replace(wish, time_s=max(wish.time_s, earliest_s))
        request = Request(
            id=BookingId(wish.id),
            origin=ends[0],
            destination=ends[1],
            time_kind=wish.time_kind,
            time_s=wish.time_s,
            load=wish.load,
            near_origin=self.scene.near[wish.id][0],
            near_destination=self.scene.near[wish.id][1],
            return_of=BookingId(wish.outward) if wish.outward else None,
        )
        self.outcomes[wish.id] = self._ask(wish, request)
        if self.outcomes[wish.id].offer:
            self._plan_cancellation(self.outcomes[wish.id])

    def _ask(self, wish: Wish, request: Request) -> Outcome:
        (answer,) = self._decide(RideRequested(request))
        if isinstance(answer, RideRefused):
            rule, offers = answer.refusal.rule, answer.refusal.alternatives
        else:
            rule, offers = None, answer.offers if isinstance(answer, OffersMade) else ()
        offer = choose(wish, offers)
        if offer is None:
            return Outcome(wish, Fate.REFUSED if rule else Fate.DECLINED, rule)
        effects = self._decide(OfferTaken(offer))
        if not any(isinstance(effect, RideBooked) for effect in effects):
            return Outcome(wish, Fate.REFUSED, Rule.VEHICLES_BUSY)
        if self.improve and not self._improvement_planned:
            self._improvement_planned = True
            self._plan(self.now_s + _IMPROVE_AFTER_S, self._improve)
        # until the day ends otherwise for this rider
        return Outcome(wish, Fate.SERVED, offer=offer)

    def _improve(self) -> None:
        """Improve what is open of the plan, as the server does in the background."""
        self._improvement_planned = False
        effort, from_s = MaxIterations(self.improve), self.now_s + _SEARCH_S
        found = find_improvement(self.state, from_s, effort, seed=self.seed)
        if found is not None:
            self._decide(found)

    def _plan_cancellation(self, outcome: Outcome) -> None:
        """Let some riders change their mind between the call and shortly before the pickup."""
        cancels_at = character(outcome.wish, self.habits, self.seed).cancels_at
        if cancels_at is None or outcome.offer is None:
            return
        last_s = outcome.offer.planned_pickup_s - _CANCEL_BEFORE_S
        time_s = self.now_s + round(cancels_at * (last_s - self.now_s))
        if time_s > self.now_s:
            self._plan(time_s, partial(self._cancel, BookingId(outcome.wish.id)))

    def _cancel(self, booking: BookingId) -> None:
        """Cancel a ride that has not begun; with it goes the way back."""
        booked = self.state.bookings.get(booking)
        if booked and booked.status is RideStatus.BOOKED:
            self._decide(BookingCancelled(booking))
        if booked and self.state.bookings[booking].status is RideStatus.CANCELLED:
            self._settle(booking)
        if booking in self.back_of:
            self._cancel(BookingId(self.back_of[booking]))

    # --- buses ----------------------------------------------------------------------------------

    def _drive(self, step: BusStep) -> None:
        """Let the bus reach or leave a visit, and those who did not come stay away for good."""
        if step.arrives:
            self._decide(VisitArrived(step.visit.id, step.time_s))
            return
        waited_for = [self.outcomes[booking].wish for booking in step.visit.board]
        absent = tuple(
            BookingId(wish.id)
            for wish in waited_for
            if not character(wish, self.habits, self.seed).comes
        )
        self._decide(VisitDeparted(step.visit.id, step.time_s, absent))
        for booking in (*step.visit.alight, *absent):
            self._settle(booking)
        for booking in absent:
            if booking in self.back_of:
                self._cancel(BookingId(self.back_of[booking]))

    def _settle(self, booking: BookingId) -> None:
        """Take down what became of a ride."""
        fate = _FATES[self.state.bookings[booking].status]
        self.outcomes[booking] = replace(self.outcomes[booking], fate=fate)
