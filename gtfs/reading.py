"""Read feeds in a process of their own: one that eats memory, hangs or crashes ends there.

Nothing heavy is imported here, so a server may use it. What comes back is pickled by the process we
started; feeds themselves are never unpickled.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gtfs.archive import Limits
from gtfs.errors import FeedError
from gtfs.other_services import OtherService
from gtfs.report import FeedReport
from gtfs.timetable import Timetable

COMMAND = sys.executable, "-m", "gtfs.feed.child"
_DEFAULTS = Limits()
_TOLD = 300
"""Last characters of what a process said before it failed."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was read from one or several feeds; no timetable where all are on-demand service only."""

    timetable: Timetable | None
    reports: tuple[FeedReport, ...]

    @property
    def other_services(self) -> tuple[OtherService, ...]:
        """On-demand services one can call, of all feeds."""
        return tuple(service for report in self.reports for service in report.other_services)

    @property
    def warnings(self) -> tuple[str, ...]:
        """All warnings as sentences; with the name of the feed if there are several."""
        several = len(self.reports) > 1
        return tuple(
            f"{report.file}: {warning}" if several else warning
            for report in self.reports
            for warning in report.warnings
        )


@dataclass(frozen=True, slots=True)
class Task:
    """What the process is asked to read."""

    archives: Mapping[str, Path]
    limits: Limits
    today: date | None


def feed_names(archives: Sequence[Path]) -> dict[str, Path]:
    """Name feeds after their files, up to the first dot: the prefixes of their ids.

    Raises
    ------
    FeedError
        ``feed-twice`` where two would have the same name.
    """
    named: dict[str, Path] = {}
    for archive in archives:
        name = archive.name.split(".")[0]
        if name in named:
            raise FeedError(
                "feed-twice",
                f"Two feeds are called {name!r}; rename a file, ids are named after it.",
            )
        named[name] = archive
    return named


def read_apart(
    archives: Mapping[str, Path],
    *,
    limits: Limits = _DEFAULTS,
    today: date | None = None,
    command: Sequence[str] = COMMAND,
) -> Reading:
    """Read feeds, by name, as :func:`gtfs.feed.read_feeds` does, within ``limits`` of memory and time.

    Parameters
    ----------
    command
        What is started: it reads the pickled task and writes the pickled answer.

    Raises
    ------
    FeedError
        As :func:`gtfs.feed.read_feeds`; ``out-of-memory``, ``feed-too-slow``, ``reader-crashed``.
    """
    task = Task(dict(archives), limits, today)
    # the tables are unpacked in this folder: it goes even if the process is killed
    with tempfile.TemporaryDirectory(prefix="gtfs-") as folder:
        environment = {**os.environ, "TMPDIR": folder, "OPENBLAS_NUM_THREADS": "1"}
        answer = Path(folder) / "answer"
        with answer.open("wb") as target:
            try:
                ended = subprocess.run(  # noqa: S603  # ours
                    command,
                    input=pickle.dumps(task),
                    stdout=target,
                    stderr=subprocess.PIPE,
                    timeout=limits.seconds,
                    env=environment,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise FeedError(
                    "feed-too-slow", f"Reading took more than {limits.seconds} s and was ended."
                ) from error
        if ended.returncode:
            raise _crashed(ended.returncode, ended.stderr)
        found = _unpickled(answer)
    if isinstance(found, FeedError):
        raise found
    if not isinstance(found, Reading):
        raise _crashed(0, ended.stderr)
    return found


def _unpickled(answer: Path) -> object:
    """Read what the process answered; None where that cannot be read."""
    try:
        with answer.open("rb") as source:
            found: object = pickle.load(source)  # noqa: S301  # from the process we started
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # bytes that are no pickle raise nearly anything
        return None
    return found


def _crashed(code: int, said: bytes) -> FeedError:
    how = f"was ended by signal {-code}" if code < 0 else f"ended with {code}"
    if not code:
        how = "answered something else"
    words = " ".join(said.decode(errors="replace")[-_TOLD:].split())
    return FeedError(
        "reader-crashed",
        f"The process that reads feeds {how}; the feed is refused. {words}".strip(),
    )
