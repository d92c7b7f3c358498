"""A day played minute by minute: lines run late, buses drive as planned, drivers wait as they do.

A rider who comes by line is at the bus when the line is really there and the transfer is over. A driver
waits for who is missing ``policy.wait_s`` after the time told, then leaves. With care the delays known so
far become events, and no driver waits for who is known to come after that time.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from benchmarks.delays import LinesToday
from dispatch.connections.care import late_lines, line_time_s
from dispatch.engine import decide
from dispatch.events import (
    BookingChanged,
    ConnectionLate,
    Effect,
    Event,
    PromiseAtRisk,
    PromiseGiven,
    Reason,
    State,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import BookingId, RideStatus, ShiftId, Visit
from dispatch.verify import Severity, verify
from simulations.buses import BusStep, Roads, next_step

_MINUTE = 60
_AGAIN_S = 5 * _MINUTE
"""After that long dispatch is told again of a line whose rider still has no place."""
_END_S = 23 * 3600
_ROADS = Roads(0.0, 0)
"""Every leg takes what the table says: nothing is late but the lines."""


@dataclass(slots=True)
class Replay:
    """A day under way.

    Parameters
    ----------
    state
        The plan and what was driven of it.
    today
        The lines, late as they are.
    care
        Delays of lines become events.
    coordinator
        Who cannot be helped by that takes the soonest option offered, if it comes in good time.
    """

    state: State
    today: LinesToday
    care: bool
    coordinator: bool = False
    ready: Mapping[BookingId, int] = field(default_factory=dict)
    """When riders who come by line are really at the bus."""
    heard: dict[BookingId, tuple[int, int]] = field(default_factory=dict)
    """When they will be as dispatch was told last, and when that was."""
    cases: dict[BookingId, bool] = field(default_factory=dict)
    """Riders the coordinator had to look at; whether there was ever an option."""
    told: Counter[BookingId] = field(default_factory=Counter)
    """New promises told."""
    events: int = 0
    violations: int = 0

    def __post_init__(self) -> None:
        """Look up when everybody will really be there."""
        self.ready = ready_by_line(self.state, self.today)

    def play(self) -> State:
        """Play the day from the first bus to the last and return its last state."""
        first_s = min(shift.start_s for shift in self.state.shifts.values())
        for now_s in range(first_s - 3600, _END_S, _MINUTE):
            if self.care:
                self._care(now_s)
            while (step := self._next(now_s)) is not None:
                self._drive(step)
        return self.state

    def _do(self, event: Event, now_s: int) -> tuple[Effect, ...]:
        before = self.state
        self.state, effects = decide(before, event, now_s)
        if self.state is not before:
            self.events += 1
            found = verify(self.state, before, event)
            self.violations += sum(each.severity is Severity.BROKEN for each in found)
        return effects

    def _care(self, now_s: int) -> None:
        for event in late_lines(self.state, self.today.at(now_s)):
            if not isinstance(event, ConnectionLate) or not self._is_news(event, now_s):
                continue
            for effect in self._do(event, now_s):
                if isinstance(effect, PromiseGiven):
                    self.told[effect.booking.id] += 1
                if isinstance(effect, PromiseAtRisk) and effect.reason is Reason.CONNECTION_LATE:
                    self._called(effect, event.ready_s, now_s)

    def _is_news(self, event: ConnectionLate, now_s: int) -> bool:
        """Whether a line is later than dispatch was told, or was told a while ago."""
        ready_s, told_s = self.heard.get(event.booking, (-1, -_AGAIN_S))
        news = event.ready_s != ready_s or now_s >= told_s + _AGAIN_S
        if news:
            self.heard[event.booking] = event.ready_s, now_s
        return news

    def _called(self, risk: PromiseAtRisk, ready_s: int, now_s: int) -> None:
        """Take down a case; the coordinator may book the soonest ride that comes in good time."""
        until_s = ready_s + self.state.policy.connection_wait_s
        options = [
            offer for offer in risk.options if ready_s <= offer.promise.pickup_from_s <= until_s
        ]
        self.cases[risk.booking] = self.cases.get(risk.booking, False) or bool(options)
        if self.coordinator and options:
            soonest = min(options, key=lambda offer: offer.planned_pickup_s)
            self._do(BookingChanged(soonest), now_s)

    # --- buses --------------------------------------------------------------------------------------

    def _next(self, now_s: int) -> BusStep | None:
        """Return what the next bus does within this minute."""
        steps = [step for shift in self.state.tours if (step := self._step(shift, now_s))]
        soonest = min(steps, key=lambda step: step.time_s, default=None)
        return soonest if soonest and soonest.time_s < now_s + _MINUTE else None

    def _step(self, shift: ShiftId, now_s: int) -> BusStep | None:
        step = next_step(self.state, shift, _ROADS, now_s)
        if step is None or step.arrives:
            return step
        return replace(step, time_s=max(step.time_s, *self._waits_s(step.visit), 0))

    def _waits_s(self, visit: Visit) -> list[int]:
        """Until when the driver waits for each rider who is not there yet."""
        if self.care:
            return []  # dispatch has told how long
        until = self._until_s(visit).items()
        return [min(self.ready.get(key, 0), until_s) for key, until_s in until]

    def _until_s(self, visit: Visit) -> dict[BookingId, int]:
        """When a driver gives up each rider who boards at a visit the bus stands at."""
        bookings, wait_s = self.state.bookings, self.state.policy.wait_s
        return {
            key: max(visit.arrive_s, bookings[key].promise.pickup_from_s) + wait_s
            for key in visit.board
            if bookings[key].status is RideStatus.BOOKED
        }

    def _drive(self, step: BusStep) -> None:
        visit, time_s = step.visit, step.time_s
        if step.arrives:
            self._do(VisitArrived(visit.id, time_s), time_s)
            return
        missing = tuple(key for key in visit.board if self.ready.get(key, 0) > time_s)
        self._do(VisitDeparted(visit.id, time_s, missing), time_s)


def ready_by_line(state: State, today: LinesToday) -> dict[BookingId, int]:
    """When each rider who comes by line is really at the bus."""
    lines, ready = today.in_the_end(), {}
    for key, booking in state.bookings.items():
        meets = booking.request.connection
        if meets is not None and not meets.to_line:
            there_s = line_time_s(lines, meets)
            assert there_s is not None  # noqa: S101  # late, but it runs
            ready[key] = there_s + meets.transfer_s
    return ready
