"""agency, stops, routes and trips: ids that are unique, references that lead somewhere, usable places."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from gtfs.feed.inspection import BoolArray, Inspection
from gtfs.feed.services import Services
from gtfs.report import Severity

_METRES_PER_DEGREE = 111_195.0
_SAME_PLACE_M = 1.5
_LAST_LOCATION_TYPE = 4


def check_network(
    inspection: Inspection, frames: dict[str, pd.DataFrame], services: Services
) -> None:
    """Check ids and references of everything but the stop times.

    Raises
    ------
    FeedError
        ``duplicate-id``, ``dangling-reference``.
    """
    for table, column in (("stops", "stop_id"), ("routes", "route_id"), ("trips", "trip_id")):
        frame = frames[table]
        twice = frame[column].duplicated().to_numpy()
        inspection.rows(
            "duplicate-id", table, frame, twice, f"{column} {{{column}}} is there twice."
        )
    trips = frames["trips"]
    lost = (~trips["route_id"].isin(frames["routes"]["route_id"])).to_numpy()
    message = "route {route_id} of trip {trip_id} is not in routes.txt."
    inspection.rows("dangling-reference", "trips", trips, lost, message)
    lost = (~trips["service_id"].isin(services.ids)).to_numpy()
    message = "service {service_id} of trip {trip_id} is in no calendar."
    inspection.rows("dangling-reference", "trips", trips, lost, message)
    inspection.refuse()
    _check_routes(inspection, frames["routes"], frames["agency"])


def read_time_zone(inspection: Inspection, agencies: pd.DataFrame) -> str:
    """Return the one time zone of all agencies.

    Raises
    ------
    FeedError
        ``bad-time-zone``, ``time-zones-differ``.
    """
    names = agencies["agency_timezone"].str.strip()
    name = str(names.iloc[0])
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{name!r} is no time zone; use a name such as Europe/Berlin."
        inspection.error("bad-time-zone", message, "agency", 2)
    inspection.refuse()
    differ = (names != name).to_numpy(dtype=np.bool_)
    message = (
        f"agency_timezone must be the same for all agencies, not {{agency_timezone}} and {name}."
    )
    inspection.rows("time-zones-differ", "agency", agencies, differ, message)
    if "agency_id" in agencies and len(agencies) > 1:
        nameless = agencies["agency_id"].isna().to_numpy()
        message = "one of several agencies has no agency_id."
        inspection.rows(
            "agency-without-id", "agency", agencies, nameless, message, Severity.WARNING
        )
    inspection.refuse()
    return name


def check_places(inspection: Inspection, stops: pd.DataFrame, used: BoolArray) -> None:
    """Check the coordinates of the stops in use.

    Raises
    ------
    FeedError
        ``missing-coordinates``, ``bad-coordinates``.
    """
    unused = int(np.count_nonzero(~used))
    if unused:
        message = f"{unused} stops are served by no trip and left out."
        inspection.warn("unused-stop", message, "stops")
    stops = stops[used]
    lon, lat = stops["stop_lon"], stops["stop_lat"]
    missing = (lon.isna() | lat.isna()).to_numpy()
    message = "stop {stop_id} has no coordinates."
    inspection.rows("missing-coordinates", "stops", stops, missing, message)
    outside = ((lon.abs() > 180) | (lat.abs() > 90)).fillna(False).to_numpy(dtype=np.bool_)  # noqa: FBT003, PLR2004  # the globe; a pandas signature
    message = "stop {stop_id} lies at {stop_lat}, {stop_lon}, which is no place on earth."
    inspection.rows("bad-coordinates", "stops", stops, outside, message)
    inspection.refuse()
    null = ((lon.abs() < 1) & (lat.abs() < 1)).to_numpy(dtype=np.bool_)
    message = "stop {stop_id} lies at {stop_lat}, {stop_lon}, in the Gulf of Guinea."
    inspection.rows("null-island", "stops", stops, null, message, Severity.WARNING)
    nameless = stops["stop_name"].isna().to_numpy()
    message = "stop {stop_id} has no name; its id is shown instead."
    inspection.rows("stop-without-name", "stops", stops, nameless, message, Severity.WARNING)
    if "location_type" in stops:
        odd = ~stops["location_type"].fillna(0).isin(range(_LAST_LOCATION_TYPE + 1)).to_numpy()
        message = "location_type must be 0 to 4, not {location_type}."
        inspection.rows("bad-value", "stops", stops, odd, message, Severity.WARNING)
    _check_twins(inspection, stops)


def _check_twins(inspection: Inspection, stops: pd.DataFrame) -> None:
    """Warn of two served stops with different ids and names at the same place."""
    lon, lat = stops["stop_lon"].to_numpy(np.float64), stops["stop_lat"].to_numpy(np.float64)
    if "parent_station" in stops:
        # a platform lies where its station lies: no mistake
        free = stops["parent_station"].isna() & ~stops["stop_id"].isin(stops["parent_station"])
        keep = free.to_numpy(dtype=np.bool_)
        stops, lon, lat = stops[keep], lon[keep], lat[keep]
    if len(stops) <= 1:
        return
    points = np.column_stack([lon * np.cos(np.radians(lat)), lat]) * _METRES_PER_DEGREE
    found = cKDTree(points).query(points, k=2, distance_upper_bound=_SAME_PLACE_M)
    distance, neighbour = np.asarray(found[0]), np.asarray(found[1])
    close = np.isfinite(distance).all(axis=1)
    names = stops["stop_name"].fillna("").to_numpy(dtype=np.object_)
    close[close] = (names[neighbour[close]] != names[close][:, None]).any(axis=1)
    message = "stop {stop_id} ({stop_name}) lies where another stop lies; are they the same?"
    inspection.rows("stops-close", "stops", stops, close, message, Severity.WARNING)


def _check_routes(inspection: Inspection, routes: pd.DataFrame, agencies: pd.DataFrame) -> None:
    """Warn of routes that are named oddly or belong to an unknown agency."""
    blank = pd.Series("", index=routes.index, dtype="string")
    short = routes["route_short_name"].fillna("") if "route_short_name" in routes else blank
    long = routes["route_long_name"].fillna("") if "route_long_name" in routes else blank
    agency = routes["agency_id"].fillna("") if "agency_id" in routes else blank
    names = pd.DataFrame({"short": short, "long": long, "agency": agency})
    known = agencies["agency_id"].dropna() if "agency_id" in agencies else blank.iloc[:0]
    checks = (
        (
            "route-without-name",
            (short == "") & (long == ""),
            "has no name; its id is shown instead",
        ),
        ("route-names-equal", (short != "") & (short == long), "has the same short and long name"),
        ("route-name-repeated", names.duplicated(), "has the same names as another route"),
        ("dangling-agency", (agency != "") & ~agency.isin(known), "belongs to an unknown agency"),
    )
    for code, bad, problem in checks:
        message = f"route {{route_id}} {problem}."
        mask = bad.to_numpy(dtype=np.bool_)
        inspection.rows(code, "routes", routes, mask, message, Severity.WARNING)
