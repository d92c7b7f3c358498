"""Journeys with the timetable: earliest arrival, all stops at once, an hour's departures, news of the day."""

import time
from argparse import Namespace
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.realtime import today
from benchmarks.record import Record, median_ms, percentile
from benchmarks.sources import sample_files
from gtfs.days import TimetableDay, timetable_day
from gtfs.feed import read_feed
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
QUESTIONS = 1_000
HOUR = 3600
ANY_TRANSFERS = 40
Question = tuple[list[Offer], list[Offer], int]
T = TypeVar("T")


def run(options: Namespace) -> Record:
    """Ask for journeys between random stops of ``--gtfs`` at random times of a busy day."""
    if options.gtfs is not None:
        return _measure(options.gtfs, QUESTIONS // 5 if options.quick else QUESTIONS)
    with sample_files() as files:
        return _measure(files.gtfs, QUESTIONS // 5)


def _measure(feed: Path, size: int) -> Record:
    timetable, report = read_feed(feed)
    day = _busy_day(timetable)
    begun = time.perf_counter()
    searched = timetable_day(timetable, day)
    first_ms = (time.perf_counter() - begun) * 1000
    asked = _questions(timetable, size)
    firsts, single = _timed(lambda q: earliest_arrival(searched, *q), asked)
    _, back = _timed(lambda q: latest_departure(searched, q[0], q[1], q[2] + 2 * HOUR), asked)
    _, everywhere = _timed(lambda q: arrivals(searched, q[0], q[2]), asked)
    windows, hour = _timed(lambda q: journeys_leaving(searched, *q, q[2] + HOUR), asked)
    return Record(
        "journeys",
        {"feed": feed.name, "day": str(day), "questions": size, "seed": SEED, **report.counts}
        | {"runs": len(searched.run_trip), "lines": len(searched.net.first_run) - 1},
        {
            "exact": float(_agree(searched, asked, firsts, windows)),
            "answered": sum(found is not None for found in firsts) / size,
            "journeys_mean": sum(len(found) for found in windows) / size,
            "day_first_ms": first_ms,
            "day_ms": median_ms(lambda: timetable_day(timetable, day), 5),
            "earliest_median_ms": percentile(single, 0.5),
            "earliest_p99_ms": percentile(single, 0.99),
            "latest_median_ms": percentile(back, 0.5),
            "everywhere_median_ms": percentile(everywhere, 0.5),
            "everywhere_p99_ms": percentile(everywhere, 0.99),
            **today(timetable, day),
            "range_median_ms": percentile(hour, 0.5),
            "range_p99_ms": percentile(hour, 0.99),
            # what the common door calls them
            "median_ms": percentile(hour, 0.5),
            "p95_ms": percentile(hour, 0.95),
        },
    )


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
