"""Feeds read in a process of their own: the same answer, and one coded error whatever happens there."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from gtfs.archive import Limits
from gtfs.errors import FeedError
from gtfs.feed import read_feed
from gtfs.reading import read_apart

Zipped = Callable[[Mapping[str, str | bytes]], Path]


def test_the_answer_is_the_same(village: dict[str, str], zipped: Zipped) -> None:
    archive = zipped(village)
    timetable, report = read_feed(archive)
    reading = read_apart({"village": archive})
    assert reading.reports == (report,)
    for field in fields(timetable):
        ours, theirs = (getattr(t, field.name) for t in (timetable, reading.timetable))
        assert np.array_equal(ours, theirs), field.name


def test_a_fault_comes_out_as_it_was(village: dict[str, str], zipped: Zipped) -> None:
    del village["stops.txt"], village["trips.txt"]
    archive = zipped(village)
    with pytest.raises(FeedError) as told:
        read_feed(archive)
    with pytest.raises(FeedError) as apart:
        read_apart({"village": archive})
    assert (apart.value.code, apart.value.message, apart.value.findings) == (
        told.value.code,
        told.value.message,
        told.value.findings,
    )


def test_a_feed_that_eats_memory_is_refused(village: dict[str, str], zipped: Zipped) -> None:
    """A departure every second, all day, on thousands of rows: some kilobytes that ask for 30 GB."""
    village["frequencies.txt"] = "trip_id,start_time,end_time,headway_secs\n" + (
        "bus1,00:00:00,24:00:00,1\n" * 9_000
    )
    limits = Limits(stop_times=10**10, memory_bytes=2 << 30, seconds=120)
    with pytest.raises(FeedError, match="2048 MB") as caught:
        read_apart({"village": zipped(village)}, limits=limits)
    assert caught.value.code == "out-of-memory"


@pytest.mark.parametrize(
    ("does", "code", "told"),
    [
        ("os.abort()", "reader-crashed", "signal 6"),
        ("sys.exit('no luck')", "reader-crashed", "ended with 1; the feed is refused. no luck"),
        ("print(1)", "reader-crashed", "answered"),
        ("time.sleep(60)", "feed-too-slow", "2 s"),
    ],
)
def test_a_process_that_fails_is_one_coded_error(does: str, code: str, told: str) -> None:
    command = [sys.executable, "-c", f"import os, sys, time; {does}"]
    begun = time.monotonic()
    with pytest.raises(FeedError, match=told) as caught:
        read_apart({}, limits=Limits(seconds=2), command=command)
    assert caught.value.code == code
    assert time.monotonic() - begun < 30


def test_a_killed_process_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = "import os, tempfile; tempfile.mkdtemp(); os.kill(os.getpid(), 9)"
    with pytest.raises(FeedError, match="signal 9"):
        read_apart({}, command=[sys.executable, "-c", code])
    assert list(tmp_path.iterdir()) == []
