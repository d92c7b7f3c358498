"""Renew a region's timetable from where its feeds are published; unless a new one passes, the old stays."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from gtfs.renewal import HORIZON_DAYS, days_left
from gtfs.timetable import Timetable
from regions.errors import FetchError
from regions.fetching import Fetcher, FetchLimits
from regions.manifest import Manifest, Source
from regions.timetable import load_timetable, renew_timetable

_log = structlog.get_logger()
FETCHED = "fetched"
"""Folder of a region in which the feeds lie as they were fetched last."""
_LIMITS = FetchLimits(silent_s=60, seconds=30 * 60, bytes=2 * 2**30)


class Renewer:
    """Keeps the timetable of one region up to date."""

    def __init__(self, region: Path, sources: Sequence[str]) -> None:
        self._region = region
        self._fetchers = [Fetcher(source, _LIMITS) for source in sources]
        self._refused: tuple[date, frozenset[str]] | None = None

    def run(self, today: date, now_s: int) -> Timetable | None:
        """Return the timetable that came into force; None where all stays as it is.

        Running it twice changes nothing more; a feed that was refused is tried again the next day, as it
        may have been too early for it.

        Raises
        ------
        regions.errors.FetchError, gtfs.errors.FeedError, regions.errors.FormatError
            The old timetable stays in force.
        """
        manifest = Manifest.read(self._region)
        self._warn_of_the_end(load_timetable(self._region / manifest.timetable), today)
        if not self._fetchers:
            return None
        files = [self._fetch(fetcher, now_s) for fetcher in self._fetchers]
        hashes = frozenset(Source.of("gtfs", file).sha256 for file in files)
        in_force = {source.sha256 for source in manifest.sources if source.kind == "gtfs"}
        if hashes == in_force or self._refused == (today, hashes):
            return None
        self._refused = today, hashes
        changes = renew_timetable(self._region, files, today)
        _log.info(
            "timetable renewed",
            region=self._region.name,
            lines_new=changes.lines_new,
            lines_gone=changes.lines_gone,
            last_day=str(changes.last_day),
        )
        renewed = load_timetable(self._region / Manifest.read(self._region).timetable)
        self._warn_of_the_end(renewed, today)
        return renewed

    def _fetch(self, fetcher: Fetcher, now_s: int) -> Path:
        """Return the file of a source, fetched anew if it changed."""
        folder = self._region / FETCHED
        folder.mkdir(exist_ok=True)
        name = Path(urlsplit(fetcher.source).path).name or "feed"
        file, fresh = folder / name, folder / f".{name}"
        try:
            with fresh.open("wb") as target:
                changed = fetcher.fetch(target, now_s)
            if changed:
                fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
        if not file.is_file():
            fetcher.forget()
            raise FetchError(
                "fetch-failed", f"{fetcher.source} is not there yet; tried again later."
            )
        return file

    def _warn_of_the_end(self, timetable: Timetable | None, today: date) -> None:
        if timetable is not None and (left := days_left(timetable, today)) < HORIZON_DAYS:
            _log.warning("timetable ends", region=self._region.name, days_left=left)
