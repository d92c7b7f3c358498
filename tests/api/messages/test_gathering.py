"""Of several messages about a ride one is told, and not too often."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from api.messages.causes import row_of
from api.messages.gathering import Known, Verdict, Waiting, Way, gather
from api.messages.model import LAST, NEWS, URGENT, Kind, Rules, Times
from api.servicetime import ServiceDay
from tests.api.conftest import MONDAY

BERLIN = ZoneInfo("Europe/Berlin")
RULES = Rules()
NOON = datetime(2026, 3, 30, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def times(pickup: int, late: int = 0) -> Times:
    """Return times with a pickup so many minutes after noon, and a bus so late."""
    start = NOON + pickup * MINUTE
    first = Times(start, start + 10 * MINUTE, start + 40 * MINUTE)
    if not late:
        return first
    return replace(
        first,
        expected_pickup=first.pickup_until + late * MINUTE,
        expected_arrival=first.arrive_by + late * MINUTE,
    )


def waiting(kind: Kind, at: Times, number: int = 0) -> Waiting:
    """Return a message that waits."""
    return Waiting(str(number), kind, at)


@dataclass
class Ride:
    """A ride whose rider is told as the rules say; time passes as a test wants."""

    told: Times
    pickup: Times
    queue: list[tuple[datetime, Waiting]] = field(default_factory=list)
    sent: list[tuple[datetime, Waiting]] = field(default_factory=list)
    calls: list[Waiting] = field(default_factory=list)
    heard: list[Times] = field(default_factory=list)
    until: datetime | None = None
    number: int = 0

    def cause(self, kind: Kind, at: Times, now: datetime) -> None:
        """Let something happen."""
        self.number += 1
        row = row_of(
            "talheim", ServiceDay(MONDAY, BERLIN), ("b", kind, at), self.number, now, RULES
        )
        assert Times.read(row["payload"]) == at
        self.queue.append((row["next_try"], waiting(kind, at, self.number)))
        self.pickup = at

    def look(self, now: datetime) -> None:
        """Do what the sending job does."""
        if not any(due <= now for due, _ in self.queue):
            return
        known = Known(self.told, tuple(at for at, _ in self.sent), open=self.pickup.there > now)
        verdict: Verdict = gather([each for _, each in self.queue], known, RULES, now)
        self.queue = []
        if verdict.chosen is None:
            return
        if verdict.way is Way.WAIT:
            assert verdict.until is not None
            assert verdict.until > now
            self.queue = [(verdict.until, verdict.chosen)]
            return
        if verdict.way is Way.CALL:
            self.calls.append(verdict.chosen)
        else:
            self.sent.append((now, verdict.chosen))
        self.told = verdict.chosen.times
        self.heard.append(self.told)


changes = st.lists(
    st.tuples(
        st.integers(1, 25),  # minutes until
        st.sampled_from([Kind.CHANGED, Kind.LATE, Kind.BETTER]),
        st.integers(60, 600),
        st.integers(1, 60),
    ),
    min_size=1,
    max_size=25,
)


def play(steps: list[tuple[int, Kind, int, int]]) -> Ride:
    """Let a day go by: a minute at a time, with something new now and then."""
    ride, now = Ride(times(90), times(90)), NOON
    for wait, kind, pickup, late in steps:
        for _ in range(wait):
            ride.look(now)
            now += MINUTE
        ride.cause(kind, times(pickup, late if kind is Kind.LATE else 0), now)
    for _ in range(120):
        ride.look(now)
        now += MINUTE
    return ride


@given(changes)
def test_once_nothing_waits_the_rider_knows_what_is_true(
    steps: list[tuple[int, Kind, int, int]],
) -> None:
    """Up to a few minutes later: who believes it comes in time, whatever was said in between."""
    ride = play(steps)
    assert not ride.queue
    if ride.pickup.there > NOON + 120 * MINUTE + sum(step[0] for step in steps) * MINUTE:
        behind = ride.pickup.ready - ride.told.ready
        assert timedelta(0) <= behind < RULES.small
        assert abs(ride.pickup.there - ride.told.there) < RULES.small


@given(changes)
def test_nobody_is_told_more_than_the_rules_allow(steps: list[tuple[int, Kind, int, int]]) -> None:
    sent = [at for at, _ in play(steps).sent]
    for at in sent:
        assert sum(at - timedelta(hours=1) < other <= at for other in sent) <= RULES.per_hour
    assert all(one != other for one, other in pairwise(play(steps).heard))


@given(st.lists(st.sampled_from([*NEWS, *LAST, Kind.BOOKED, Kind.REMINDER_HOUR]), min_size=1))
def test_whoever_cancelled_hears_nothing_else(kinds: list[Kind]) -> None:
    queue = [waiting(kind, times(90 + 7 * k), k) for k, kind in enumerate(kinds)]
    for is_open in (True, False):
        known = Known(times(90), (NOON,) * 9, open=is_open)
        verdict = gather(queue, known, RULES, NOON)
        if LAST & set(kinds):
            assert verdict.chosen is not None
            assert verdict.chosen.kind in LAST
            assert verdict.way is Way.SEND  # however much was told before
        elif not is_open:
            assert verdict == Verdict()


def test_a_line_that_falls_behind_bit_by_bit_is_told_now_and_then() -> None:
    """A line a minute later every minute for 40 minutes: told a few times, not forty."""
    ride = play([(1, Kind.CHANGED, 90 + minute, 0) for minute in range(1, 41)])
    assert len(ride.sent) + len(ride.calls) <= 5
    assert ride.pickup.ready - ride.told.ready < RULES.small


def test_earlier_is_told_at_once_and_later_can_wait() -> None:
    known = Known(times(90), (NOON - MINUTE,))
    earlier = gather([waiting(Kind.CHANGED, times(88))], known, RULES, NOON)
    assert (earlier.way, earlier.chosen is not None) == (Way.SEND, True)
    later = gather([waiting(Kind.CHANGED, times(100))], known, RULES, NOON)
    assert (later.way, later.until) == (Way.WAIT, NOON + 9 * MINUTE)
    near = Known(times(10), (NOON - MINUTE,))
    soon = gather([waiting(Kind.CHANGED, times(20))], near, RULES, NOON)
    assert soon.way is Way.SEND


def test_a_bus_that_is_on_time_again_is_told_to_who_heard_it_was_late() -> None:
    on_time = replace(times(90), expected_pickup=NOON + 95 * MINUTE)
    news = [waiting(Kind.LATE, times(90, 20)), waiting(Kind.BETTER, on_time, 1)]
    assert gather(news, Known(times(90)), RULES, NOON).chosen is None
    told = gather(news[1:], Known(times(90, 20)), RULES, NOON).chosen
    assert told is not None
    assert told.kind is Kind.BETTER


def test_a_confirmation_not_yet_sent_has_the_newest_times() -> None:
    queue = [waiting(Kind.BOOKED, times(90)), waiting(Kind.CHANGED, times(110), 1)]
    verdict = gather(queue, Known(times(90)), RULES, NOON)
    assert verdict.chosen == waiting(Kind.BOOKED, times(110))


def test_who_has_no_bus_is_called_only_while_that_is_so() -> None:
    queue = [waiting(Kind.UNASSIGNED, times(90))]
    lost = gather(queue, Known(times(90), unassigned=True), RULES, NOON)
    assert (lost.way, lost.chosen) == (Way.CALL, queue[0])
    assert gather(queue, Known(times(90)), RULES, NOON) == Verdict()


def test_news_wait_for_newer_ones_unless_the_bus_comes_soon() -> None:
    service = ServiceDay(MONDAY, BERLIN)
    for pickup, waits in ((90, True), (25, False)):
        told = "b", Kind.CHANGED, times(pickup)
        row = row_of("talheim", service, told, 1, NOON)
        assert (row["next_try"] > NOON) is waits
    assert timedelta(minutes=25) < URGENT


@given(st.sampled_from(list(Kind)), st.integers(0, 5), st.integers(0, 5))
def test_a_cause_has_one_name(kind: Kind, version: int, other: int) -> None:
    """What happens to a ride once has one name for good; new times have one for each version."""
    service = ServiceDay(MONDAY, BERLIN)
    one, two = (
        row_of("talheim", service, ("b", kind, times(90)), each, NOON) for each in (version, other)
    )
    again = kind in {*NEWS, Kind.UNASSIGNED} and version != other
    assert (one["cause"] == two["cause"]) is not again
    assert (one["id"] == two["id"]) is not again
