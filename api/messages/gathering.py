"""Of several messages about a ride one is told, and not too often: a pure function.

What counts is what the rider believes, not what was planned in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from api.messages.model import LAST, NEWS, REMINDERS, URGENT, Kind, Rules, Times

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that may be sent."""

    id: str
    kind: Kind
    times: Times


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a ride.

    Parameters
    ----------
    times
        What the rider was told last, by us or when booking.
    told_at
        When messages about the ride were sent.
    open
        Whether the rider still waits for the bus.
    unassigned
        Whether no bus carries it.
    """

    times: Times
    told_at: tuple[datetime, ...] = ()
    open: bool = True
    unassigned: bool = False


class Way(StrEnum):
    """What to do with the message chosen."""

    SEND = "send"
    CALL = "call"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which message to tell and how, ``until`` when to wait; all others are gathered into it."""

    chosen: Waiting | None = None
    way: Way = Way.SEND
    until: datetime | None = None


def gather(waiting: Sequence[Waiting], known: Known, rules: Rules, now: datetime) -> Verdict:
    """Decide what to tell of a ride; ``waiting`` is in the order of what caused it."""
    final = [each for each in waiting if each.kind in LAST]
    if final:
        return Verdict(final[-1])
    chosen = _choose(waiting, known) if known.open else None
    if chosen is None:
        return Verdict()
    if chosen.kind is Kind.UNASSIGNED:
        return Verdict(chosen, Way.CALL)
    if chosen.kind in NEWS:
        return _news(chosen, known, rules, now)
    if chosen.kind in REMINDERS and chosen.times.ready <= now:
        return Verdict()
    return _at_most(chosen, known, rules, now)


def _news(chosen: Waiting, known: Known, rules: Rules, now: datetime) -> Verdict:
    """Tell new times if they matter; what is urgent does not wait."""
    if not _matters(chosen.times, known.times, rules):
        return Verdict()
    urgent = chosen.times.ready < known.times.ready or chosen.times.ready - now <= URGENT
    quiet_until = max(known.told_at, default=now - rules.quiet) + rules.quiet
    if not urgent and now < quiet_until:
        return Verdict(chosen, Way.WAIT, quiet_until)
    return _at_most(chosen, known, rules, now, urgent=urgent)


def _choose(waiting: Sequence[Waiting], known: Known) -> Waiting | None:
    """Return the message that says what is newest: a confirmation or reminder with the newest times."""
    lost = [each for each in waiting if each.kind is Kind.UNASSIGNED]
    if known.unassigned and lost:
        return lost[-1]
    left = [each for each in waiting if each.kind is not Kind.UNASSIGNED]
    if not left:
        return None
    news = [each for each in left if each.kind in NEWS]
    asked = [each for each in left if each.kind not in NEWS]
    if not asked:
        return news[-1]
    if not news:
        return asked[-1]
    if news[-1].times.late:
        return news[-1]
    first = next((each for each in asked if each.kind is Kind.BOOKED), asked[-1])
    return replace(first, times=news[-1].times)


def _matters(new: Times, told: Times, rules: Rules) -> bool:
    """Whether new times are worth a message: earlier always, for who comes too late misses the bus."""
    return (
        new.ready < told.ready
        or new.ready - told.ready >= rules.small
        or abs(new.there - told.there) >= rules.small
    )


def _at_most(
    chosen: Waiting, known: Known, rules: Rules, now: datetime, *, urgent: bool = False
) -> Verdict:
    """Send, unless the rider has heard enough in the last hour: then somebody calls, or it waits."""
    lately = sorted(at for at in known.told_at if at > now - _HOUR)
    if len(lately) < rules.per_hour:
        return Verdict(chosen)
    if urgent:
        return Verdict(chosen, Way.CALL)
    return Verdict(chosen, Way.WAIT, lately[-rules.per_hour] + _HOUR)
