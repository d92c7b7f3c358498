"""Putting the parts together: regions, database and days become the services."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import structlog

from api.backups import FOLDER, newest
from api.clock import Clock
from api.context import Context
from api.days import Days
from api.finder import Finder
from api.live import Live
from api.paging import Cursors
from api.people.this_machine import check_exposed
from api.services import Services
from api.settings import Settings, SettingsError
from api.store.database import Database
from api.store.errors import StoreError, unusable
from api.store.scope import all_areas
from api.store.tables import AreaRow
from api.store.writer import Writer
from api.tickets import TicketOffice
from regions.area import Area
from regions.region import Region, open_region

_log = structlog.get_logger()


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


@all_areas()
def open_services(settings: Settings, clock: Clock, regions: Mapping[str, Region]) -> Services:
    """Open the database, bring it up to date, and load what lies ahead; all areas' days are loaded.

    Raises
    ------
    SettingsError
        ``area-twice``, ``secret-short``, ``data-dir``, ``account-missing``.
    api.store.errors.StoreError
        The database cannot be used, or is gone while its backups are there.
    regions.errors.AreaError, routing.errors.NoRoad
        A depot lies on no road, or a stored tour needs a vehicle that is gone.
    """
    by_area = _by_area(regions)
    database = Database(settings.database_url)
    _refuse_to_begin_anew(settings, database)
    database.migrate()
    check_exposed(settings, database)
    _warn(database)
    context = Context(
        clock=clock,
        database=database,
        days=Days(by_area, clock),
        office=TicketOffice(settings.signing_key()),
        regions=by_area,
        finders={id_: Finder(region.areas[id_], region) for id_, region in by_area.items()},
        live=Live.of(by_area),
        cursors=Cursors(settings.signing_key()),
        confirms=settings.messages.any,
    )
    for area in context.areas():
        database.write(partial(_put, area=area))
    _load_or_refuse(context)
    return Services(context)


def _warn(database: Database) -> None:
    """Say loudly that the database does not keep operators apart although it could."""
    why = database.bypassed()
    if why is not None:
        _log.warning("row-level security does not bind: connect as an ordinary user", why=why)


def _refuse_to_begin_anew(settings: Settings, database: Database) -> None:
    """Refuse to make an empty database where there are backups of one: it was lost, or is elsewhere."""
    if not database.missing or newest(settings.data_dir) is None:
        return
    raise StoreError(
        "database-missing",
        f"The database {database.name} is not there, but its backups are: restore one with "
        f"`buergerbus restore {settings.data_dir / FOLDER}/FILE`, or move that folder away.",
    )


def _load_or_refuse(context: Context) -> None:
    """Load what lies ahead; rows that cannot be read mean that the file was changed from outside."""
    try:
        _load(context)
    except Exception as error:
        if hasattr(error, "code"):  # says itself what to do
            raise
        why = f"a row makes no sense: {type(error).__name__}"
        raise unusable(context.database.name, why) from error


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
