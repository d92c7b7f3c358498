"""The tables of a feed as gtfs_kit reads them, and whether everything needed is there."""

import csv
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import gtfs_kit
import numpy as np
import pandas as pd

from gtfs.errors import FeedError
from gtfs.feed.inspection import Inspection


@dataclass(frozen=True, slots=True)
class _Rule:
    """Columns a table must have, and those of them that may not be empty."""

    columns: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


def _all_filled(*columns: str) -> _Rule:
    return _Rule(columns, columns)


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RULES: dict[str, _Rule] = {
    "agency": _all_filled("agency_timezone"),
    "stops": _Rule(("stop_id", "stop_name", "stop_lat", "stop_lon"), ("stop_id",)),
    "routes": _all_filled("route_id", "route_type"),
    "trips": _all_filled("route_id", "service_id", "trip_id"),
    "stop_times": _Rule(
        ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"),
        ("trip_id", "stop_sequence"),
    ),
    "calendar": _all_filled("service_id", *WEEKDAYS, "start_date", "end_date"),
    "calendar_dates": _all_filled("service_id", "date", "exception_type"),
    "frequencies": _all_filled("trip_id", "start_time", "end_time", "headway_secs"),
    "feed_info": _Rule(),
    "transfers": _Rule(("from_stop_id", "to_stop_id")),
}
TABLES = tuple(_RULES)
# columns gtfs_kit knows no type for, which pandas would take for numbers: "01" is not 1
_TEXTS = {
    "stops": ("platform_code",),
    "transfers": ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id"),
}
_NEEDED = ("agency", "stops", "routes", "trips", "stop_times")
_CALENDARS = ("calendar", "calendar_dates")
# required by the standard, but nothing here depends on them
_USUAL = (("agency", "agency_name"), ("agency", "agency_url"))


def read_tables(inspection: Inspection, present: frozenset[str]) -> dict[str, pd.DataFrame]:
    """Read the unpacked tables; those without rows are left out.

    The index of every frame counts the rows of its file from 0.

    Raises
    ------
    FeedError
        ``missing-file``, ``no-rows``, ``missing-column``, ``missing-value``, ``too-many-fields``,
        ``bad-number``, ``unreadable-table``.
    """
    for table in _NEEDED:
        if table not in present:
            inspection.error("missing-file", f"{table}.txt is missing in the feed.")
    if not any(table in present for table in _CALENDARS):
        inspection.error("missing-file", "calendar.txt and calendar_dates.txt are both missing.")
    inspection.refuse()
    frames = _parse(inspection.folder)
    _check_rows(inspection, frames, present)
    for table, frame in frames.items():
        _check_columns(inspection, table, frame)
    inspection.refuse()
    for table, frame in frames.items():
        for column in _RULES[table].filled:
            message = f"{column} is empty (or NA, null, NaN, which are read as empty); fill it in."
            missing = frame[column].isna().to_numpy()
            inspection.rows("missing-value", table, frame, missing, message)
    inspection.refuse()
    return frames


def _parse(folder: Path) -> dict[str, pd.DataFrame]:
    """Let gtfs_kit parse the folder; tables without rows come back as None and are left out."""
    try:
        with warnings.catch_warnings():
            # columns gtfs_kit knows no type for; they are not used here
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            feed = gtfs_kit.read_feed(folder, dist_units="km")
    except (ValueError, OverflowError, TypeError) as error:
        if "out of memory" in str(error):
            raise MemoryError from error
        raise _diagnose(folder, error) from error
    read = {table: getattr(feed, table) for table in TABLES}
    frames: dict[str, pd.DataFrame] = {t: frame for t, frame in read.items() if frame is not None}
    for table, frame in frames.items():
        # pandas takes the first column for an index when rows have more fields than the header
        if not isinstance(frame.index, pd.RangeIndex):
            raise FeedError(
                "too-many-fields",
                f"{table}.txt, line 2: the row has more fields than the header; fix the commas.",
            )
        for column in set(_TEXTS.get(table, ())) & set(frame):
            frame[column] = _texts(folder / f"{table}.txt", column)
    return frames


def _texts(path: Path, column: str) -> "pd.Series[str]":
    """One column of a table as texts, empty ones as NA."""
    return pd.read_csv(
        path,
        usecols=lambda name: name.strip() == column,
        dtype="string",
        encoding="utf-8-sig",
        keep_default_na=False,
        na_values=[""],
    ).iloc[:, 0]


def _check_rows(
    inspection: Inspection, frames: dict[str, pd.DataFrame], present: frozenset[str]
) -> None:
    """Note tables that are there but hold no rows."""
    for table in sorted(present & set(_RULES) - set(frames)):
        message = f"{table}.txt has no rows."
        if table in _NEEDED or (table in _CALENDARS and not set(_CALENDARS) & set(frames)):
            inspection.error("no-rows", message)
        elif not (inspection.folder / f"{table}.txt").stat().st_size:
            inspection.warn("empty-file", f"{table}.txt is empty, not even a header.")


def _check_columns(inspection: Inspection, table: str, frame: pd.DataFrame) -> None:
    """Note columns that are missing."""
    for column in _RULES[table].columns:
        if column not in frame:
            inspection.error("missing-column", f"the column {column} is missing.", table, 1)
    for owner, column in _USUAL:
        if owner == table and column not in frame:
            inspection.warn("missing-column", f"the column {column} is missing.", table, 1)
    if table == "routes" and not {"route_short_name", "route_long_name"} & set(frame):
        message = "route_short_name and route_long_name are both missing."
        inspection.error("missing-column", message, table, 1)


def _diagnose(folder: Path, error: Exception) -> FeedError:
    """Find the row that pandas stumbled over; slow, but only done when a feed is refused anyway."""
    for table, dtypes in gtfs_kit.constants.DTYPES.items():
        path = folder / f"{table}.txt"
        if not path.is_file():
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            try:
                header = [name.strip() for name in next(reader, [])]
                for row in reader:
                    problem = _problem(header, row, dtypes)
                    if problem:
                        place = f"{table}.txt, line {reader.line_num}"
                        return FeedError(problem[0], f"{place}: {problem[1]}")
            except csv.Error as broken:
                return FeedError("unreadable-table", f"{table}.txt cannot be read: {broken}.")
    return FeedError("unreadable-table", f"The tables cannot be read: {error}.")


def _problem(
    header: list[str], row: list[str], dtypes: Mapping[str, str]
) -> tuple[str, str] | None:
    """Code and sentence for a row that cannot be read into columns of ``dtypes``."""
    if len(row) > len(header):
        return "too-many-fields", (
            f"the row has {len(row)} fields, the header {len(header)}; fix the commas or quotes."
        )
    for column, value in zip(header, row, strict=False):
        dtype = dtypes.get(column, "string")
        if value.strip() and not _fits(value, dtype):
            number = "a number" if dtype == "float" else f"a whole number ({dtype})"
            return "bad-number", f"{column} must be {number}, not {value!r}."
    return None


def _fits(value: str, dtype: str) -> bool:
    """Whether a text is a value of one of the dtypes gtfs_kit asks pandas for."""
    try:
        if dtype == "float":
            float(value)
        elif dtype.startswith("Int"):
            limits = np.iinfo(dtype.lower())
            return limits.min <= int(value) <= limits.max
    except ValueError:
        return False
    return True
