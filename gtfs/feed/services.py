"""calendar.txt and calendar_dates.txt as one bitmap of services and days."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from gtfs.archive import Limits
from gtfs.feed import values
from gtfs.feed.inspection import Inspection
from gtfs.feed.tables import WEEKDAYS
from gtfs.report import Severity

_WEEK = 7
_YEAR = 366
_ADDED, _REMOVED = 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Services:
    """``days[v, d]`` tells whether service ``ids[v]`` runs on the day with ordinal ``first_day + d``."""

    ids: pd.Index
    first_day: int
    days: npt.NDArray[np.bool_]


def read_services(
    inspection: Inspection, frames: dict[str, pd.DataFrame], limits: Limits, today: date | None
) -> Services:
    """Combine both calendar tables.

    Raises
    ------
    FeedError
        ``bad-date``, ``bad-value``, ``duplicate-id``, ``no-service``.
    """
    weekly = _weekly(inspection, frames.get("calendar"))
    single = _single(inspection, frames.get("calendar_dates"))
    inspection.refuse()
    ids = pd.Index(weekly["service_id"]).append(pd.Index(single["service_id"])).unique()
    added = single[single["exception_type"] == _ADDED]
    kept = weekly[weekly["until"] >= weekly["since"]]
    bounds = [*kept["since"], *kept["until"], *added["day"]]
    if not bounds:
        inspection.error("no-service", "The calendars name no day on which anything runs.")
    inspection.refuse()
    first, end = _window(inspection, min(bounds), max(bounds) + 1, limits.days, today)
    bitmap = np.zeros((len(ids), end - first), dtype=np.bool_)
    _mark_weeks(bitmap, ids.get_indexer(pd.Index(kept["service_id"])), kept, first)
    day = single["day"].to_numpy(dtype=np.int64)
    inside = (first <= day) & (day < end)
    rows = ids.get_indexer(pd.Index(single["service_id"]))
    bitmap[rows[inside], day[inside] - first] = (single["exception_type"] == _ADDED)[inside]
    if not bitmap.any():
        inspection.error("no-service", "The calendars name no day on which anything runs.")
    inspection.refuse()
    return Services(ids=ids, first_day=first, days=bitmap)


def _weekly(inspection: Inspection, frame: pd.DataFrame | None) -> pd.DataFrame:
    """calendar.txt with ``since`` and ``until`` as ordinals."""
    if frame is None:
        return pd.DataFrame(columns=["service_id", *WEEKDAYS, "since", "until"])
    frame = frame.assign(
        since=values.days(frame["start_date"]), until=values.days(frame["end_date"])
    )
    for column, number in (("start_date", "since"), ("end_date", "until")):
        message = f"{column} must be a date such as 20260131, not {{{column}!r}}."
        bad = (frame[number] < 0).to_numpy()
        inspection.rows("bad-date", "calendar", frame, bad, message)
    for weekday in WEEKDAYS:
        message = f"{weekday} must be 0 or 1, not {{{weekday}}}."
        bad = (~frame[weekday].isin([0, 1])).to_numpy()
        inspection.rows("bad-value", "calendar", frame, bad, message)
    twice = frame["service_id"].duplicated().to_numpy()
    inspection.rows(
        "duplicate-id", "calendar", frame, twice, "service {service_id} is there twice."
    )
    ended = ((frame["until"] < frame["since"]) & (frame["until"] >= 0)).to_numpy()
    message = "service {service_id} ends before it begins and never runs."
    inspection.rows("calendar-backwards", "calendar", frame, ended, message, Severity.WARNING)
    return frame


def _single(inspection: Inspection, frame: pd.DataFrame | None) -> pd.DataFrame:
    """calendar_dates.txt with ``day`` as an ordinal."""
    if frame is None:
        return pd.DataFrame(columns=["service_id", "exception_type", "day"])
    frame = frame.assign(day=values.days(frame["date"]))
    message = "date must be a date such as 20260131, not {date!r}."
    inspection.rows("bad-date", "calendar_dates", frame, (frame["day"] < 0).to_numpy(), message)
    unknown = (~frame["exception_type"].isin([_ADDED, _REMOVED])).to_numpy()
    message = "exception_type must be 1 (runs) or 2 (does not run), not {exception_type}."
    inspection.rows("bad-value", "calendar_dates", frame, unknown, message)
    twice = frame.duplicated(["service_id", "date"]).to_numpy()
    message = "service {service_id} has two exceptions on {date}; the last one counts."
    inspection.rows(
        "duplicate-exception", "calendar_dates", frame, twice, message, Severity.WARNING
    )
    return frame


def _window(
    inspection: Inspection, first: int, end: int, days: int, today: date | None
) -> tuple[int, int]:
    """Days to keep: all, or if they are too many those around ``today``."""
    if end - first <= days:
        return first, end
    if today is not None:
        first = min(max(first, today.toordinal() - _YEAR), end - days)
    inspection.warn(
        "calendar-long",
        f"The calendars cover more than {days} days; kept from {date.fromordinal(first)}.",
    )
    return first, first + days


def _mark_weeks(
    bitmap: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.intp],
    weekly: pd.DataFrame,
    first: int,
) -> None:
    """Set the days of calendar.txt."""
    # ordinal 1 was a Monday
    weekday = (np.arange(first, first + bitmap.shape[1]) - 1) % _WEEK
    patterns = weekly[list(WEEKDAYS)].to_numpy(dtype=np.bool_)
    begins = (weekly["since"].to_numpy(dtype=np.int64) - first).clip(min=0)
    ends = (weekly["until"].to_numpy(dtype=np.int64) - first + 1).clip(min=0)
    for row, pattern, begin, end in zip(rows, patterns, begins, ends, strict=True):
        bitmap[row, begin:end] = pattern[weekday[begin:end]]
