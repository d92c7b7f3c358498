"""Does every stored plan keep its promises, and is the log as it was? For ``buergerbus doctor``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.agreement import disagreements
from api.clock import Clock
from api.day import broken_in, build_day
from api.opening import open_regions
from api.sealing import ChainCheck, check_chains
from api.servicetime import ServiceDay
from api.settings import Settings, SettingsError
from api.store.database import Database
from api.store.scope import all_areas
from dispatch.model import RideStatus
from dispatch.verify import Severity, verify

_KEPT = re.compile(r"[a-z0-9-]+:[0-9]{1,9}:[0-9a-fA-F]{16,64}")
"""A seal as it was shown once; the beginning of the hash will do."""


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What the checker says about one stored day, and where tables and memory disagree."""

    area_id: str
    service_date: date
    rides: int
    violations: tuple[str, ...]
    late: int
    """Promises that reality did not keep: nothing is wrong with the plan."""


@all_areas()
def check_stored_plans(settings: Settings) -> list[PlanCheck]:
    """Rebuild every stored day and let the checker see it.

    Raises
    ------
    SettingsError, regions.errors.RegionError, api.store.errors.StoreError
        Settings, regions or database cannot be used.
    """
    regions = open_regions(settings).values()
    by_area = {area_id: region for region in regions for area_id in region.areas}
    database = Database(settings.database_url)
    if not database.exists:
        return []
    database.migrate()
    now = Clock().now()
    checks = []
    try:
        with database.reading() as reader:
            closed = reader.closed_days(date.min)  # nobody knows any more where the bus was
            for area_id, day in reader.days_from(date.min):
                if area_id not in by_area or (area_id, day) in closed:
                    continue
                area = by_area[area_id].areas[area_id]
                service = ServiceDay(day, area.time_zone)
                rows = reader.day(area_id, day)
                built = build_day(by_area[area_id], area, service, rows, now)
                broken = tuple(violation.message for violation in broken_in(built))
                told = reader.last_promises(row.id for row in rows.bookings)
                broken += tuple(disagreements(built, rows, told))
                rides = sum(row.status != RideStatus.CANCELLED for row in rows.bookings)
                late = sum(v.severity is Severity.LATE for v in verify(built.state))
                checks.append(PlanCheck(area_id, day, rides, broken, late))
    finally:
        database.close()
    return checks


@all_areas()
def check_seals(settings: Settings, kept: Sequence[str] = ()) -> list[ChainCheck]:
    """Compare what happened with its seals; see :func:`api.sealing.check_chains`.

    Raises
    ------
    SettingsError, api.store.errors.StoreError
        Settings or database cannot be used.
    """
    for each in kept:
        if not _KEPT.fullmatch(each):
            raise SettingsError(
                "setting-invalid",
                f"--seal {each} is no seal: give AREA:NUMBER:HASH, at least 16 figures of the hash.",
            )
    database = Database(settings.database_url)
    if not database.exists:
        return []
    database.migrate()
    try:
        return check_chains(database, kept)
    finally:
        database.close()
