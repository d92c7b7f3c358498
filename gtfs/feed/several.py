"""One or several feeds to what a region needs: a timetable, other services one can call, reports."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from gtfs.archive import Limits
from gtfs.errors import FeedError
from gtfs.feed.read import read_feed, read_other_services
from gtfs.merge import merge
from gtfs.reading import Reading
from gtfs.report import FeedReport
from gtfs.timetable import Timetable

_DEFAULTS = Limits()


def read_feeds(
    archives: Mapping[str, Path], *, limits: Limits = _DEFAULTS, today: date | None = None
) -> Reading:
    """Read feeds, by name, and merge their timetables; ids get the name as a prefix if they are several.

    A feed of nothing but on-demand service adds its services; if all are such, there is no timetable.

    Raises
    ------
    FeedError
        As :func:`gtfs.feed.read_feed`, with the file of the faulty feed in the message if they are several;
        ``time-zones-differ``.
    """
    timetables: dict[str, Timetable] = {}
    reports: list[FeedReport] = []
    for name, archive in archives.items():
        try:
            timetable, report = _read(archive, limits, today)
        except FeedError as error:
            if len(archives) == 1:
                raise
            message = f"{archive.name}: {error.message}"
            raise FeedError(error.code, message, error.findings) from error
        if timetable is not None:
            timetables[name] = timetable
        reports.append(report)
    merged = merge(timetables) if timetables else None
    if merged is not None:
        merged.check()
    return Reading(timetable=merged, reports=tuple(reports))


def _read(archive: Path, limits: Limits, today: date | None) -> tuple[Timetable | None, FeedReport]:
    try:
        return read_feed(archive, limits=limits, today=today)
    except FeedError as error:
        if error.code != "no-scheduled-trips":
            raise
        services, findings = read_other_services(archive, limits=limits)
        if not services:
            raise
        hours = [hours for service in services for hours in service.hours]
        return None, FeedReport(
            file=archive.name,
            first_day=min(h.first_day for h in hours),
            last_day=max(h.last_day for h in hours),
            counts={"other_services": len(services)},
            findings=findings,
            other_services=services,
        )
