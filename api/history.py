"""What driven rides teach: how much longer than a drive by car a ride takes."""

from collections.abc import Mapping
from datetime import date, timedelta

from api.clock import Clock
from api.settings import Settings
from api.store.database import Database
from api.store.reader import Reader
from api.store.scope import all_areas
from gtfs.export.durations import fit_safe_duration
from gtfs.export.service import SafeDuration
from regions.area import Area
from regions.giving import driving_of, promised_duration
from regions.region import Region

_LOOKED_AT = timedelta(days=365)
_RIDES_AT_MOST = 1_000


def duration_of(reader: Reader, region: Region, area: Area, today: date) -> SafeDuration:
    """Fit the newest rides of the last year; what the rules promise at worst while there are too few."""
    rides = reader.driven(area.id, today - _LOOKED_AT, _RIDES_AT_MOST)
    driving = driving_of(region, area, ((ride.origin, ride.destination) for ride in rides))
    kept = [s if r.driving_s is None else r.driving_s for s, r in zip(driving, rides, strict=True)]
    known = [(s, ride.seconds) for s, ride in zip(kept, rides, strict=True) if s > 0]
    return fit_safe_duration(
        [driven for driven, _ in known],
        [ridden for _, ridden in known],
        promised_duration(area.policy),
    )


@all_areas()
def stored_durations(settings: Settings, regions: Mapping[str, Region]) -> dict[str, SafeDuration]:
    """Fit every area of ``regions`` (by area id) for the command line; nothing without a database.

    Raises
    ------
    api.store.errors.StoreError
        The database cannot be read.
    """
    database = Database(settings.database_url)
    if not database.exists:
        return {}
    database.migrate()
    today = Clock().now().date()
    try:
        with database.reading() as reader:
            return {
                area_id: duration_of(reader, region, region.areas[area_id], today)
                for area_id, region in regions.items()
            }
    finally:
        database.close()
