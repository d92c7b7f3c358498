"""agency, stops, routes and trips: ids that are unique, references that lead somewhere."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from gtfs.feed.inspection import Inspection
from gtfs.feed.services import Services
from gtfs.report import Severity

_LAST_BASIC_TYPE = 12
_EXTENDED_TYPES = 100, 1799


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
    kind = routes["route_type"]
    strange = ~(kind.between(0, _LAST_BASIC_TYPE) | kind.between(*_EXTENDED_TYPES))
    message = "route_type {route_type} of route {route_id} is neither a basic nor an extended one."
    mask = strange.to_numpy(dtype=np.bool_)
    inspection.rows("bad-value", "routes", routes, mask, message, Severity.WARNING)
    for code, bad, problem in checks:
        message = f"route {{route_id}} {problem}."
        mask = bad.to_numpy(dtype=np.bool_)
        inspection.rows(code, "routes", routes, mask, message, Severity.WARNING)
