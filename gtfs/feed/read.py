"""From a zip to a timetable and a report, step by step."""

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from gtfs.archive import Limits, unpack
from gtfs.feed.assemble import Onward, assemble
from gtfs.feed.call_services import CALL_TABLES, read_call_services
from gtfs.feed.continuations import read_continuations
from gtfs.feed.inspection import BoolArray, Inspection
from gtfs.feed.network import check_network, read_time_zone
from gtfs.feed.pathways import TABLE as PATHWAYS
from gtfs.feed.pathways import read_pathways
from gtfs.feed.places import check_places, check_roles, check_wheelchair
from gtfs.feed.runs import Runs, spell_out
from gtfs.feed.services import Services, read_services
from gtfs.feed.stop_times import StopTimes, read_stop_times
from gtfs.feed.tables import TABLES, read_tables
from gtfs.feed.transfers import read_transfers
from gtfs.other_services import OtherService
from gtfs.report import FeedReport, Finding
from gtfs.timetable import Timetable
from gtfs.transfers import Links, add_missing, footpaths

_WARN_DAYS = 14
_DEFAULTS = Limits()


def read_feed(
    archive: Path, *, limits: Limits = _DEFAULTS, today: date | None = None
) -> tuple[Timetable, FeedReport]:
    """Read the GTFS feed in the zip ``archive``.

    Parameters
    ----------
    limits
        How large it may be.
    today
        If given, the report warns when service has ended, ends within 14 days or has not begun.

    Raises
    ------
    FeedError
        The feed would mislead or cannot be read; ``code`` names the first fault, ``findings`` lists all.
    """
    with tempfile.TemporaryDirectory(prefix="gtfs-") as folder:
        inspection = Inspection(Path(folder))
        present = unpack(archive, inspection.folder, (*TABLES, PATHWAYS, *CALL_TABLES), limits)
        frames = read_tables(inspection, present)
        time_zone = read_time_zone(inspection, frames["agency"])
        services = read_services(inspection, frames, limits, today)
        check_network(inspection, frames, services)
        trip_ids, stop_ids = (
            pd.Index(frames["trips"]["trip_id"]),
            pd.Index(frames["stops"]["stop_id"]),
        )
        stop_times = read_stop_times(inspection, frames.pop("stop_times"), trip_ids, stop_ids)
        runs = spell_out(inspection, frames.get("frequencies"), stop_times, trip_ids, limits)
        served = np.zeros(len(stop_ids), dtype=np.bool_)
        served[stop_times.stop[runs.row]] = True
        used = served | _stations(inspection, frames["stops"], served)
        check_places(inspection, frames["stops"], used)
        check_roles(inspection, frames["stops"], served)
        check_wheelchair(inspection, frames)
        onward = Onward(
            told=_links(inspection, present, frames, served),
            footpaths=_footpaths(frames["stops"], served),
            continues=read_continuations(inspection, frames, services, stop_times, runs),
        )
        timetable = assemble(frames, time_zone, services, stop_times, runs, used, onward)
        timetable.check()
        first_day, last_day = _days_of_service(inspection, timetable)
        _check_dates(inspection, first_day, last_day, today)
        _check_usual(inspection, present, stop_times)
        other_services = read_call_services(inspection, present)
        report = FeedReport(
            file=archive.name,
            first_day=first_day,
            last_day=last_day,
            counts=_counts(timetable, frames, services, stop_times, runs),
            findings=tuple(inspection.findings),
            other_services=other_services,
        )
    return timetable, report


def read_other_services(
    archive: Path, *, limits: Limits = _DEFAULTS
) -> tuple[tuple[OtherService, ...], tuple[Finding, ...]]:
    """Read the on-demand services (GTFS-Flex) of a feed, with what is odd about them.

    For feeds that hold nothing else, which :func:`read_feed` refuses as ``no-scheduled-trips``; of
    others they are in the report.

    Raises
    ------
    FeedError
        The archive cannot be unpacked.
    """
    with tempfile.TemporaryDirectory(prefix="gtfs-") as folder:
        inspection = Inspection(Path(folder))
        present = unpack(archive, inspection.folder, (*TABLES, *CALL_TABLES), limits)
        return read_call_services(inspection, present), tuple(inspection.findings)


def _links(
    inspection: Inspection,
    present: frozenset[str],
    frames: dict[str, pd.DataFrame],
    served: BoolArray,
) -> Links:
    """Transfers of the feed, then ways through stations."""
    stops = frames["stops"]
    rows = read_transfers(inspection, frames.get("transfers"), stops, served)
    return add_missing(rows, read_pathways(inspection, present, stops, served))


def _footpaths(stops: pd.DataFrame, served: BoolArray) -> Links:
    lon, lat = (stops[column].to_numpy(np.float64) for column in ("stop_lon", "stop_lat"))
    return footpaths(lon, lat, np.flatnonzero(served))


def _stations(inspection: Inspection, stops: pd.DataFrame, used: BoolArray) -> BoolArray:
    """Which stops are the stations of the platforms in use."""
    result = np.zeros(len(stops), dtype=np.bool_)
    if "parent_station" not in stops:
        return result
    platforms = stops[used & stops["parent_station"].notna().to_numpy()]
    station = pd.Index(stops["stop_id"]).get_indexer(pd.Index(platforms["parent_station"]))
    message = "station {parent_station} of stop {stop_id} is not in stops.txt."
    inspection.rows("dangling-reference", "stops", platforms, station < 0, message)
    inspection.refuse()
    result[station] = True
    return result


def _days_of_service(inspection: Inspection, timetable: Timetable) -> tuple[date, date]:
    """First and last date on which any trip runs."""
    services = np.unique(timetable.trip_service)
    days = np.flatnonzero(timetable.service_days[services].any(axis=0))
    if not len(days):
        inspection.error("no-service", "No trip runs on any day of the calendars.")
    inspection.refuse()
    first, last = (int(day) + timetable.first_day for day in (days[0], days[-1]))
    return date.fromordinal(first), date.fromordinal(last)


def _check_dates(inspection: Inspection, first: date, last: date, today: date | None) -> None:
    """Warn of a timetable that does not cover ``today`` and the days to come."""
    if today is None:
        return
    if last < today:
        inspection.warn("feed-ended", f"The timetable ended on {last}; fetch a newer feed.")
    elif (last - today).days < _WARN_DAYS:
        inspection.warn("feed-ends-soon", f"The timetable ends on {last}; fetch a newer feed.")
    if first > today:
        inspection.warn("feed-not-begun", f"The timetable begins on {first} only.")


def _check_usual(inspection: Inspection, present: frozenset[str], stop_times: StopTimes) -> None:
    """Warn of what a good feed has, and of what is not read yet."""
    if "feed_info" not in present:
        inspection.warn(
            "no-feed-info", "feed_info.txt is missing: nobody tells who publishes this."
        )
    if stop_times.on_demand_rows:
        inspection.warn(
            "on-demand-left-out",
            f"{stop_times.on_demand_rows} rows of {len(stop_times.on_demand_trips)} trips describe "
            "on-demand service (GTFS-Flex): no journeys are planned with them.",
            "stop_times",
        )


def _counts(
    timetable: Timetable,
    frames: dict[str, pd.DataFrame],
    services: Services,
    stop_times: StopTimes,
    runs: Runs,
) -> dict[str, int]:
    return {
        "stops": len(timetable.stop_id),
        "stops_unused": len(frames["stops"]) - len(timetable.stop_id),
        "routes": len(timetable.route_id),
        "trips": len(timetable.trip_id),
        "trips_unused": len(frames["trips"]) - len(np.unique(runs.trip)),
        "stop_times": len(timetable.stop_time_trip),
        "stop_times_on_demand": stop_times.on_demand_rows,
        "transfers": len(timetable.transfer_stop),
        "trips_continued": int(np.count_nonzero(timetable.trip_continues >= 0)),
        "services": len(services.ids),
        "days": int(services.days.shape[1]),
    }
