"""Putting the parts together: regions, database and days become the services."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from api.clock import Clock
from api.context import Context
from api.days import Days
from api.finder import Finder
from api.live import Live
from api.services import Services
from api.settings import Settings, SettingsError
from api.store.database import Database
from api.store.tables import AreaRow
from api.store.writer import Writer
from api.tickets import TicketOffice
from regions.area import Area
from regions.region import Region, open_region


def open_regions(settings: Settings) -> dict[str, Region]:
    """Open the region folders of the settings, by their names.

    Raises
    ------
    SettingsError
        ``regions-missing``: none is named.
    regions.errors.RegionError
        A folder is no region, or is damaged.
    """
    if not settings.regions:
        raise SettingsError(
            "regions-missing",
            "There is no region to serve; name a region folder, e.g. BUERGERBUS_REGIONS=my-region.",
        )
    return {path.name: open_region(path) for path in settings.regions}


def open_services(settings: Settings, clock: Clock, regions: Mapping[str, Region]) -> Services:
    """Open the database, bring it up to date, and load what lies ahead.

    Raises
    ------
    SettingsError
        ``area-twice``, ``secret-short``, ``data-dir``.
    api.store.errors.StoreError
        The database cannot be used.
    regions.errors.AreaError, routing.errors.NoRoad
        A depot lies on no road, or a stored tour needs a vehicle that is gone.
    """
    by_area = _by_area(regions)
    database = Database(settings.database_url)
    database.migrate()
    context = Context(
        clock=clock,
        database=database,
        days=Days(by_area, clock),
        office=TicketOffice(settings.signing_key()),
        regions=by_area,
        finders={id_: Finder(region.areas[id_], region) for id_, region in by_area.items()},
        live=Live.of(by_area),
    )
    for area in context.areas():
        database.write(partial(_put, area=area))
    _load(context)
    return Services(context)


def _put(writer: Writer, area: Area) -> None:
    row = AreaRow(id=area.id, operator_id=0, name=area.name, time_zone=area.time_zone.key)
    writer.put_area(row, area.operator)


def _by_area(regions: Mapping[str, Region]) -> dict[str, Region]:
    by_area: dict[str, Region] = {}
    for region in regions.values():
        for area_id in region.areas:
            if area_id in by_area:
                raise SettingsError(
                    "area-twice",
                    f"Area {area_id!r} lies in {by_area[area_id].path} and in {region.path}; "
                    "serve one of them or rename one.",
                )
            by_area[area_id] = region
    return by_area


def _load(context: Context) -> None:
    """Build today and every booked day ahead, so that the first caller waits for nothing."""
    now = context.clock.now()
    today = {area.id: context.service_at(area, now).day for area in context.areas()}
    with context.database.reading() as reader:
        first = min(today.values(), default=now.date()) - timedelta(days=1)
        booked = set(reader.days_from(first)) - reader.closed_days(first)
        for area_id, day in sorted(booked | set(today.items())):
            if area_id in context.regions:
                with context.days.locked(area_id, day) as slot:
                    slot.present(reader)
