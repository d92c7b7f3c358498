"""The timetable of a region: stored, opened, and renewed while the region is in use.

Timetable and on-demand services lie in one folder, whose name is in the manifest. A new one is written
beside the old and comes into force with the manifest, which is replaced in one step.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from gtfs.archive import Limits
from gtfs.errors import FeedError
from gtfs.other_services import CallStop, Hours, Notice, OtherService
from gtfs.reading import Reading, feed_names, read_apart
from gtfs.renewal import HORIZON_DAYS, Changes, compare
from gtfs.timetable import Timetable
from regions.arrays import load_arrays, save_arrays
from regions.errors import FormatError
from regions.manifest import Counts, Manifest, Source

_META = "meta.json"
_OTHERS = "other_services.json"
_DEFAULTS = Limits()


def save_reading(reading: Reading, folder: Path) -> None:
    """Write what was read from feeds into ``folder`` (created; must not hold another)."""
    if reading.timetable is not None:
        save_arrays(reading.timetable, folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        [asdict(service) for service in reading.other_services], default=_plain, ensure_ascii=False
    )
    (folder / _OTHERS).write_text(text, encoding="utf-8")


def load_timetable(folder: Path) -> Timetable | None:
    """Open the timetable in ``folder``; None where there is none."""
    return load_arrays(Timetable, folder) if (folder / _META).is_file() else None


def load_other_services(folder: Path) -> tuple[OtherService, ...]:
    """Open the on-demand services one can call; none where no feed was read.

    Raises
    ------
    FormatError
        ``arrays-unreadable`` when the file is damaged.
    """
    path = folder / _OTHERS
    if not path.is_file():
        return ()
    try:
        return tuple(_service(data) for data in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(
            "arrays-unreadable", f"{path} cannot be read ({error}); build the region again."
        ) from error


def counts_of(reading: Reading) -> dict[str, int | float]:
    """Add up what the feeds hold."""
    total: dict[str, int | float] = {"feeds": len(reading.reports)}
    for report in reading.reports:
        for key, number in report.counts.items():
            total[key] = total.get(key, 0) + number
    total["other_services"] = len(reading.other_services)
    if reading.timetable is not None:
        total["days"] = reading.timetable.service_days.shape[1]
        total["transfers"] = len(reading.timetable.transfer_stop)
    return total


def renew_timetable(
    region: Path,
    feeds: Sequence[Path],
    today: date,
    *,
    horizon_days: int = HORIZON_DAYS,
    limits: Limits = _DEFAULTS,
) -> Changes:
    """Put the timetable of ``feeds`` in the place of that of the region and say what changed.

    Whoever has the region open goes on with the old one until he opens it again.

    Raises
    ------
    gtfs.errors.FeedError
        A feed is refused, or runs on no day of the horizon (``no-service-in-horizon``), or holds no
        timetable; the old timetable is then as it was.
    FormatError
        The region cannot be read.
    """
    manifest = Manifest.read(region)
    reading = read_apart(feed_names(feeds), limits=limits, today=today)
    if reading.timetable is None:
        raise FeedError(
            "no-scheduled-trips", "The feeds hold on-demand service only; the timetable stays."
        )
    old = load_timetable(region / manifest.timetable)
    changes = compare(old, reading.timetable, today, horizon_days=horizon_days)
    folder = Path(tempfile.mkdtemp(prefix="timetable-", dir=region))
    try:
        folder.chmod(0o755)
        save_reading(reading, folder / "new")
        sources = [source for source in manifest.sources if source.kind != "gtfs"]
        counts: Counts = {**manifest.counts, "timetable": counts_of(reading)}
        replace(
            manifest,
            timetable=f"{folder.name}/new",
            sources=(*sources, *(Source.of("gtfs", feed) for feed in feeds)),
            counts=counts,
            feed_warnings=reading.warnings,
        ).write(region)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    # those who have it open keep what they mapped
    shutil.rmtree(region / Path(manifest.timetable).parts[0], ignore_errors=True)
    return changes


def _plain(value: object) -> Any:  # noqa: ANN401  # what json writes
    """Dates and sets as json knows them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be written")


def _service(data: dict[str, Any]) -> OtherService:
    return OtherService(
        **{
            **data,
            "messages": tuple(data["messages"]),
            "notice": Notice(**data["notice"]),
            "hours": tuple(_hours(hours) for hours in data["hours"]),
            "stops": tuple(CallStop(**stop) for stop in data["stops"]),
            "zones": tuple(
                tuple(tuple((lon, lat) for lon, lat in ring) for ring in zone)
                for zone in data["zones"]
            ),
        }
    )


def _hours(data: dict[str, Any]) -> Hours:
    return Hours(
        from_s=data["from_s"],
        until_s=data["until_s"],
        weekdays=tuple(data["weekdays"]),
        first_day=date.fromisoformat(data["first_day"]),
        last_day=date.fromisoformat(data["last_day"]),
        also_on=frozenset(map(date.fromisoformat, data["also_on"])),
        not_on=frozenset(map(date.fromisoformat, data["not_on"])),
    )
