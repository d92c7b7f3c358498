"""Service days: where the seconds of a timetable begin on the world's clock.

GTFS counts from noon minus 12 hours, so that a clock change in the night moves no train.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_HALF_DAY = 12 * 3600


@lru_cache(maxsize=1024)
def service_day_start(day: date, time_zone: str) -> int:
    """UNIX time at which the seconds of service day ``day`` begin in ``time_zone``."""
    noon = datetime.combine(day, time(12), ZoneInfo(time_zone))
    return int(noon.timestamp()) - _HALF_DAY


def service_day_offset(day: date, days: int, time_zone: str) -> int:
    """Seconds from the start of service day ``day`` to that ``days`` days later (may be negative)."""
    other = day + timedelta(days=days)
    return service_day_start(other, time_zone) - service_day_start(day, time_zone)
