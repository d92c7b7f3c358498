"""Reading a feed and asking for departures."""

import time
from argparse import Namespace
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.record import Record, percentile
from benchmarks.sources import sample_files
from gtfs.departures import departures
from gtfs.feed import read_feed

SEED = 1
QUESTIONS = 300
SEVEN = 7 * 3600


def run(options: Namespace) -> Record:
    """Read ``--feed`` and ask for departures at random stops on a random day of its service."""
    if options.gtfs is not None:
        return _measure(options.gtfs)
    with sample_files() as files:
        return _measure(files.gtfs)


def _measure(feed: Path) -> Record:
    begun = time.perf_counter()
    timetable, report = read_feed(feed)
    build_s = time.perf_counter() - begun
    random = np.random.default_rng(SEED)
    days = (report.last_day - report.first_day).days + 1
    departures(timetable, 0, report.first_day, SEVEN)
    times = []
    for _ in range(QUESTIONS):
        stop = int(random.integers(len(timetable.stop_lon)))
        day = report.first_day + timedelta(days=int(random.integers(days)))
        begun = time.perf_counter()
        departures(timetable, stop, day, SEVEN)
        times.append((time.perf_counter() - begun) * 1000)
    return Record(
        "timetable",
        {"feed": feed.name, "questions": QUESTIONS, "seed": SEED, **report.counts},
        {
            "build_s": build_s,
            "departures_median_ms": percentile(times, 0.5),
            "departures_p95_ms": percentile(times, 0.95),
        },
    )
