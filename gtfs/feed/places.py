"""stops.txt: usable places, and what they are (platforms, stations, entrances)."""

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from gtfs.feed.inspection import BoolArray, Inspection
from gtfs.report import Severity

_METRES_PER_DEGREE = 111_195.0
_SAME_PLACE_M = 1.5
_LAST_LOCATION_TYPE = 4


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


def check_roles(inspection: Inspection, stops: pd.DataFrame, served: BoolArray) -> None:
    """Warn of trips that halt at stations or entrances, and of platforms inside no station."""
    if "location_type" not in stops:
        return
    kind = stops["location_type"].fillna(0).to_numpy(dtype=np.int64)
    message = "a trip halts at {stop_id} ({stop_name}), which is no platform (location_type {location_type})."
    inspection.rows(
        "trip-at-station", "stops", stops, served & (kind > 0), message, Severity.WARNING
    )
    if "parent_station" in stops:
        platforms = stops[served & (kind == 0) & stops["parent_station"].notna().to_numpy()]
        station = pd.Index(stops["stop_id"]).get_indexer(pd.Index(platforms["parent_station"]))
        message = "{parent_station}, named as the station of stop {stop_id}, is no station (location_type 1)."
        inspection.rows(
            "parent-no-station", "stops", platforms, kind[station] != 1, message, Severity.WARNING
        )


def check_wheelchair(inspection: Inspection, frames: dict[str, pd.DataFrame]) -> None:
    """Warn of values that say nothing about wheelchairs."""
    for table, column in (("stops", "wheelchair_boarding"), ("trips", "wheelchair_accessible")):
        frame = frames[table]
        if column in frame:
            odd = ~frame[column].fillna(0).isin([0, 1, 2]).to_numpy(dtype=np.bool_)
            message = f"{column} must be 0, 1 or 2, not {{{column}}}; taken as unknown."
            inspection.rows("bad-value", table, frame, odd, message, Severity.WARNING)


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
