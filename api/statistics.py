"""Use case: what the service did in some weeks, in numbers without persons.

Told to people outside the service, numbers from 1 to 4 are hidden, and with them whatever would give them
away by subtraction (primary and complementary suppression, as statistical offices do).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from api.context import Context
from api.errors import Problem
from api.schemas.statistics import FiguresAnswer, RuleAnswer, StatisticsAnswer, WeekAnswer
from api.showing import check_day
from api.store.statistics import RideFigures, TourFigures

SMALLEST = 5
"""Fewer than so many are not told outside."""
_LONGEST = timedelta(days=366)
_MINUTE = 60
_KM = 1000
_COUNTED = ("cancelled", "no_shows", "standing", "refusals")
_OF_RIDES = (
    "rides",
    "done",
    "persons",
    "shared",
    "timed",
    "boarded_in_time",
    "arrived_in_time",
    "late_minutes",
    "fares_cents",
)


@dataclass(slots=True)
class Figures:
    """Counts in the making."""

    counts: Counter[str] = field(default_factory=Counter)
    late_s: int = 0
    late: int = 0
    metres: int = 0
    loaded_m: int = 0

    def add_ride(self, ride: RideFigures, *, shared: bool) -> None:
        """Count a ride."""
        counts = self.counts
        counts["cancelled" if ride.status == "cancelled" else "rides"] += 1
        counts["no_shows"] += ride.status == "no_show"
        counts["standing"] += ride.standing and ride.status != "cancelled"
        if ride.status != "done":
            return
        counts["done"] += 1
        counts["persons"] += ride.persons
        counts["fares_cents"] += ride.fare_cents
        counts["shared"] += shared
        if ride.boarded_at is None or ride.left_at is None:
            return
        counts["timed"] += 1
        late_s = (ride.boarded_at - ride.pickup_until).total_seconds()
        counts["boarded_in_time"] += late_s <= 0
        counts["arrived_in_time"] += ride.left_at <= ride.arrive_by
        if late_s > 0:
            self.late, self.late_s = self.late + 1, self.late_s + round(late_s)

    def add_tour(self, tour: TourFigures) -> None:
        """Count a tour."""
        self.counts["tours"] += 1
        if tour.metres is not None and tour.loaded_m is not None:
            self.counts["tours_measured"] += 1
            self.metres += tour.metres
            self.loaded_m += tour.loaded_m

    def add(self, other: "Figures") -> None:
        """Count what another one counted."""
        self.counts.update(other.counts)
        self.late, self.late_s = self.late + other.late, self.late_s + other.late_s
        self.metres, self.loaded_m = self.metres + other.metres, self.loaded_m + other.loaded_m

    def answer(self) -> FiguresAnswer:
        """Describe what was counted."""
        named = {
            name: self.counts[name] for name in (*_COUNTED, *_OF_RIDES, "tours", "tours_measured")
        }
        named.pop("late_minutes")
        return FiguresAnswer(
            **named,
            late_minutes=round(self.late_s / self.late / _MINUTE, 1) if self.late else None,
            km=round(self.metres / _KM, 1),
            km_with_riders=round(self.loaded_m / _KM, 1),
        )


def statistics(
    context: Context, area_id: str, first: date, last: date, *, hide_small: bool
) -> StatisticsAnswer:
    """Count what happened in an area from one day to another, week by week.

    Raises
    ------
    Problem
        ``area-unknown``, ``date-out-of-range``, ``period-wrong``.
    """
    area = context.area(area_id)
    check_period(first, last)
    weeks = {day: Figures() for day in _mondays(first, last)}
    rules: Counter[str] = Counter()
    with context.database.reading() as reader:
        rides = list(reader.ride_figures([area.id], first, last))
        for tour in reader.tour_figures([area.id], first, last):
            weeks[monday(tour.day)].add_tour(tour)
        for day, rule, count in reader.refusal_counts([area.id], first, last):
            weeks[monday(day)].counts["refusals"] += count
            rules[rule] += count
    shared = shared_rides(rides)
    total = Figures()
    for ride in rides:
        weeks[monday(ride.day)].add_ride(ride, shared=ride.id in shared)
    for week in weeks.values():
        total.add(week)
    told = [WeekAnswer(week=day, **dict(each.answer())) for day, each in weeks.items()]
    whole = total.answer()
    if hide_small:
        told, whole = _hidden(told), _hidden_total(whole)
    return StatisticsAnswer(
        area_id=area.id,
        first=first,
        last=last,
        small_hidden=hide_small,
        total=whole,
        weeks=tuple(told),
        refusals_by_rule=tuple(_by_rule(rules, hide_small=hide_small)),
    )


def check_period(first: date, last: date) -> None:
    """Refuse what is no period (``date-out-of-range``, ``period-wrong``)."""
    check_day(first)
    check_day(last)
    if not timedelta(0) <= last - first < _LONGEST:
        raise Problem("period-wrong")


def shared_rides(rides: Iterable[RideFigures]) -> set[str]:
    """Return the rides during which another party was aboard the same bus."""
    tours: dict[str, list[RideFigures]] = {}
    for ride in rides:
        if ride.tour_id is not None and ride.boarded_at is not None and ride.left_at is not None:
            tours.setdefault(ride.tour_id, []).append(ride)
    found: set[str] = set()
    for aboard in tours.values():
        aboard.sort(key=lambda ride: (ride.boarded_at, ride.id))
        latest: RideFigures | None = None
        for ride in aboard:
            if latest is not None and ride.boarded_at < latest.left_at:  # type: ignore[operator]  # both are timed
                found |= {latest.id, ride.id}
            if latest is None or ride.left_at > latest.left_at:  # type: ignore[operator]  # the same
                latest = ride
    return found


def monday(day: date) -> date:
    """Return the first day of a date's week."""
    return day - timedelta(days=day.weekday())


def suppressed(counts: Sequence[int]) -> list[int | None]:
    """Hide numbers from 1 to 4, and one more if the sum would give a single or small one away."""
    hidden = {k for k, count in enumerate(counts) if 0 < count < SMALLEST}
    others = sorted((count, k) for k, count in enumerate(counts) if count and k not in hidden)
    while hidden and others and (len(hidden) == 1 or sum(counts[k] for k in hidden) < SMALLEST):
        hidden.add(others.pop(0)[1])
    return [None if k in hidden else count for k, count in enumerate(counts)]


def _mondays(first: date, last: date) -> Iterator[date]:
    day = monday(first)
    while day <= last:
        yield day
        day += timedelta(days=7)


def _hidden(weeks: list[WeekAnswer]) -> list[WeekAnswer]:
    """Hide what is small in some weeks; few rides hide all that is told of them."""
    rides = suppressed([week.done or 0 for week in weeks])
    columns = {name: suppressed([getattr(week, name) for week in weeks]) for name in _COUNTED}
    hidden = []
    for k, week in enumerate(weeks):
        without = dict.fromkeys(_OF_RIDES) if rides[k] is None else {}
        hidden.append(
            week.model_copy(update=without | {name: columns[name][k] for name in _COUNTED})
        )
    return hidden


def _hidden_total(total: FiguresAnswer) -> FiguresAnswer:
    few = 0 < (total.done or 0) < SMALLEST
    without: dict[str, None] = dict.fromkeys(_OF_RIDES) if few else {}
    small = {name: None for name in _COUNTED if 0 < getattr(total, name) < SMALLEST}
    return total.model_copy(update=without | small)


def _by_rule(rules: Counter[str], *, hide_small: bool) -> Iterator[RuleAnswer]:
    ordered = rules.most_common()
    counts = suppressed([n for _, n in ordered]) if hide_small else [n for _, n in ordered]
    rest = 0
    for (rule, count), told in zip(ordered, counts, strict=True):
        if told is None:
            rest += count
        else:
            yield RuleAnswer(rule=rule, count=count)
    if rest:
        yield RuleAnswer(rule="other", count=rest if rest >= SMALLEST else None)
