"""Reading a feed, and asking it for departures and journeys."""

import resource
import tempfile
import time
from argparse import Namespace
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.record import Record, median_ms, percentile
from benchmarks.sources import sample_files
from benchmarks.timetable_search import search_figures
from gtfs.departures import departures
from gtfs.reading import read_apart
from regions.timetable import load_timetable, save_reading

SEED = 1
QUESTIONS = 300
JOURNEYS = 1_000
SEVEN = 7 * 3600


def run(options: Namespace) -> Record:
    """Read ``--feed``, ask for departures on random days of its service and for journeys on a busy one."""
    if options.gtfs is not None:
        return _measure(options.gtfs, JOURNEYS // 5 if options.quick else JOURNEYS)
    with sample_files() as files:
        return _measure(files.gtfs, JOURNEYS // 5)


def _measure(feed: Path, journeys: int) -> Record:
    begun = time.perf_counter()
    reading = read_apart({feed.name: feed})
    build_s = time.perf_counter() - begun
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    timetable, report = reading.timetable, reading.reports[0]
    if timetable is None:
        raise SystemExit(f"{feed.name} holds on-demand service only.")
    with tempfile.TemporaryDirectory() as folder:
        save_reading(reading, Path(folder) / "timetable")
        open_ms = median_ms(lambda: load_timetable(Path(folder) / "timetable"), 9)
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
    searched, figures = search_figures(timetable, journeys)
    return Record(
        "timetable",
        {"feed": feed.name, "departures": QUESTIONS, "seed": SEED, **report.counts, **searched},
        {
            "build_s": build_s,
            "peak_mb": peak_mb,
            "open_ms": open_ms,
            "departures_median_ms": percentile(times, 0.5),
            "departures_p95_ms": percentile(times, 0.95),
            **figures,
        },
    )
