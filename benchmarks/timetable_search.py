"""Journeys with the timetable: earliest arrival, all stops at once, an hour's departures, news of the day."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

from benchmarks.record import median_ms, percentile
from benchmarks.timetable_by_hand import INF, TimetableByHand
from benchmarks.timetable_news import today
from gtfs.days import TimetableDay, timetable_day
from gtfs.journey import Journey, Offer
from gtfs.net import NEVER
from gtfs.search import (
    MOST_TRANSFERS,
    Limits,
    access_to,
    arrivals,
    earliest_arrival,
    egress_from,
    journeys_leaving,
    latest_departure,
)
from gtfs.timetable import Timetable

SEED = 1
ORIGINS, GOALS = 2, 100
"""Asked by hand as well: the brute-force search answers all goals of one origin at once."""
SPAN = (-6 * 3600, 36 * 3600)
HOUR = 3600
ANY_TRANSFERS = 40
Question = tuple[list[Offer], list[Offer], int]
T = TypeVar("T")


def search_figures(timetable: Timetable, size: int) -> tuple[dict[str, object], dict[str, float]]:
    """Ask for journeys between random stops at random times of a busy day: the work, and the figures."""
    day = _busy_day(timetable)
    begun = time.perf_counter()
    searched = timetable_day(timetable, day)
    first_ms = (time.perf_counter() - begun) * 1000
    asked = _questions(timetable, size)
    firsts, single = _timed(lambda q: earliest_arrival(searched, *q), asked)
    _, back = _timed(lambda q: latest_departure(searched, q[0], q[1], q[2] + 2 * HOUR), asked)
    _, everywhere = _timed(lambda q: arrivals(searched, q[0], q[2]), asked)
    windows, hour = _timed(lambda q: journeys_leaving(searched, *q, q[2] + HOUR), asked)
    exact = _agree(searched, asked, firsts, windows) and _as_by_hand(searched)
    work = {"day": str(day), "journeys": size, "by_hand": ORIGINS * GOALS}
    return work | {"runs": len(searched.run_trip), "lines": len(searched.net.first_run) - 1}, {
        "exact": float(exact),
        "answered": sum(found is not None for found in firsts) / size,
        "journeys_mean": sum(len(found) for found in windows) / size,
        "day_first_ms": first_ms,
        "day_ms": median_ms(lambda: timetable_day(timetable, day), 5),
        "earliest_median_ms": percentile(single, 0.5),
        "earliest_p99_ms": percentile(single, 0.99),
        "latest_median_ms": percentile(back, 0.5),
        "everywhere_median_ms": percentile(everywhere, 0.5),
        "everywhere_p99_ms": percentile(everywhere, 0.99),
        "range_median_ms": percentile(hour, 0.5),
        "range_p99_ms": percentile(hour, 0.99),
        **today(timetable, day),
    }


def _busy_day(timetable: Timetable) -> date:
    """Return the first of the days on which most trips run."""
    trips = np.bincount(timetable.trip_service, minlength=len(timetable.service_id))
    column = int(np.argmax(trips @ timetable.service_days))
    return date.fromordinal(timetable.first_day) + timedelta(days=column)


def _questions(timetable: Timetable, size: int) -> list[Question]:
    """Two different stops, each with where one walks from there, and a time between 5:00 and 21:00."""
    random = np.random.default_rng(SEED)
    served = np.unique(timetable.stop_time_stop)
    asked = []
    for _ in range(size):
        origin, goal = random.choice(served, 2, replace=False).tolist()
        at = int(random.integers(5 * HOUR, 21 * HOUR))
        asked.append((access_to(timetable, origin), egress_from(timetable, goal), at))
    return asked


def _timed(ask: Callable[[Question], T], asked: list[Question]) -> tuple[list[T], list[float]]:
    """Answers and their milliseconds; the first question is asked once more before, unmeasured."""
    ask(asked[0])
    answers, times = [], []
    for question in asked:
        begun = time.perf_counter()
        answers.append(ask(question))
        times.append((time.perf_counter() - begun) * 1000)
    return answers, times


def _agree(
    searched: TimetableDay,
    asked: list[Question],
    firsts: list[Journey | None],
    windows: list[list[Journey]],
) -> bool:
    """Whether connection scan, RAPTOR and the search backwards say the same."""
    for question, first, window in zip(asked, firsts, windows, strict=True):
        access, egress, at = question
        there = arrivals(searched, access, at)
        soonest = min(int(there[offer.stop]) + offer.seconds for offer in egress)
        soonest = min(soonest, NEVER)
        if (first.arrival_s if first else NEVER) != soonest:
            return False
        after = earliest_arrival(searched, access, egress, at + HOUR + 1)
        whole = journeys_leaving(searched, *question, at + HOUR, Limits(ANY_TRANSFERS))
        ways = [*whole, *([after] if after else [])]
        if min((way.arrival_s for way in ways), default=NEVER) != soonest:
            return False
        if window != [way for way in whole if way.transfers <= MOST_TRANSFERS]:
            return False
        back = first and latest_departure(searched, access, egress, first.arrival_s)
        if first and not (back and back.arrival_s == soonest and back.departure_s >= at):
            return False
    return True


def _as_by_hand(searched: TimetableDay) -> bool:
    """Whether half an hour's journeys and the soonest are what the brute-force search finds."""
    random = np.random.default_rng(SEED)
    timetable = searched.timetable
    by_hand = TimetableByHand(timetable, searched.day, SPAN)
    served = np.unique(timetable.stop_time_stop)
    for _ in range(ORIGINS):
        access = access_to(timetable, int(random.choice(served)))
        goals = [egress_from(timetable, int(goal)) for goal in random.choice(served, GOALS)]
        at = int(random.integers(5 * HOUR, 20 * HOUR))
        window = at, at + HOUR // 2
        soonest = by_hand.arrivals(access, at, ANY_TRANSFERS + 1)[-1]
        fronts = by_hand.fronts(access, goals, MOST_TRANSFERS + 1, window)
        for egress, front in zip(goals, fronts, strict=True):
            found = journeys_leaving(searched, access, egress, *window)
            if {(way.departure_s, way.arrival_s, way.transfers) for way in found} != front:
                return False
            first = earliest_arrival(searched, access, egress, at)
            times = [soonest[o.stop] + o.seconds for o in egress if o.stop in soonest]
            if (first.arrival_s if first else INF) != min(times, default=INF):
                return False
    return True
