"""What both feeds say in the same words: who runs it, on which days, how to book."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from gtfs.errors import ExportError
from gtfs.export.service import Edition, OfficeDays, OnDemandService
from gtfs.export.tables import Cell, Table, columns_of, flags

ROUTE_TYPE = 715
"""Demand and response bus, of the extended route types: what German Rufbus feeds carry, and what OTP, MOTIS
and our own reader know. Type 3 (bus) would be read by everybody, also by those who then show a line bus."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = ("mo", "di", "mi", "do", "fr", "sa", "so")
_MINUTE, _HOUR = 60, 3600


def check(services: Sequence[OnDemandService], edition: Edition) -> None:
    """Refuse what would make a feed nobody can use.

    Raises
    ------
    ExportError
        ``nothing-to-export``, ``time-zones-differ``, ``service-twice``, ``no-hours``, ``no-places``,
        ``bad-period``, ``bad-address``.
    """
    if not services:
        raise ExportError("nothing-to-export", "There is no area to export.")
    if len({service.time_zone for service in services}) > 1:
        zones = ", ".join(sorted({service.time_zone for service in services}))
        raise ExportError(
            "time-zones-differ",
            f"A feed has one time zone, these areas have {zones}; export them one by one.",
        )
    if len({service.id for service in services}) < len(services):
        raise ExportError("service-twice", "Two areas have the same id; rename one.")
    for service in services:
        if not service.windows:
            raise ExportError(
                "no-hours",
                f"{service.name} has no staffed shift within its opening hours, so there is nothing to book.",
            )
        if not service.zone and not service.stops:
            raise ExportError("no-places", f"{service.name} has neither a zone nor stops.")
    if edition.last_day < edition.first_day:
        raise ExportError(
            "bad-period", f"The feed would end on {edition.last_day}, before {edition.first_day}."
        )
    if not _opens(edition.address):
        raise ExportError(
            "bad-address",
            f"{edition.address!r} is no address riders could open; write https://bus.example.org/.",
        )


def _opens(address: str) -> bool:
    """Whether a browser could open an address."""
    try:
        parts = urlsplit(address)
    except ValueError:  # e.g. https://[
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def agencies(services: Sequence[OnDemandService], edition: Edition) -> Table:
    """Who runs the services, each with the telephone to call."""
    columns = columns_of(
        "agency_id agency_name agency_url agency_timezone agency_lang agency_phone"
    )
    return columns, [
        (s.id, s.operator, edition.address, s.time_zone, "de", s.phone) for s in services
    ]


def feed_info(services: Sequence[OnDemandService], edition: Edition, kind: str) -> Table:
    """Who publishes, for which days, and where to ask; ``kind`` begins the version."""
    columns = columns_of(
        "feed_publisher_name feed_publisher_url feed_lang default_lang feed_start_date "
        "feed_end_date feed_version feed_contact_url"
    )
    publisher = ", ".join(dict.fromkeys(service.operator for service in services))
    first, last = day(edition.first_day), day(edition.last_day)
    version = f"{kind}-{first}"
    return columns, [
        (publisher, edition.address, "de", "de", first, last, version, edition.address)
    ]


def routes(services: Sequence[OnDemandService]) -> Table:
    """Each service as one route."""
    columns = columns_of("route_id agency_id route_long_name route_desc route_type")
    return columns, [(s.id, s.id, s.name, description(s), ROUTE_TYPE) for s in services]


def calendars(services: Sequence[OnDemandService], edition: Edition) -> tuple[Table, Table]:
    """Weekdays of the windows and of the offices, and the single days without service."""
    spans: list[Sequence[Cell]] = []
    exceptions: list[Sequence[Cell]] = []
    for service in services:
        runs = {
            service_id(service, w.weekdays): (w.weekdays, service.closed) for w in service.windows
        }
        if service.office is not None:
            runs[office_id(service)] = (service.office.weekdays, service.office.closed)
        for name, (weekdays, closed) in runs.items():
            first, last = day(edition.first_day), day(edition.last_day)
            spans.append((name, *flags(weekdays), first, last))
            exceptions += [
                (name, day(each), 2)
                for each in sorted(closed)
                if edition.first_day <= each <= edition.last_day and weekdays[each.weekday()]
            ]
    return (
        (("service_id", *WEEKDAYS, "start_date", "end_date"), spans),
        (("service_id", "date", "exception_type"), exceptions),
    )


def runs_at_all(weekdays: tuple[bool, ...], closed: frozenset[date], edition: Edition) -> bool:
    """Whether there is a day of the edition with service."""
    days = (edition.last_day - edition.first_day).days + 1
    span = (edition.first_day + timedelta(days=number) for number in range(days))
    return any(weekdays[each.weekday()] and each not in closed for each in span)


def service_id(service: OnDemandService, weekdays: tuple[bool, ...]) -> str:
    """Name the days of a window: ``talheim:mo-di-mi``."""
    names = (name for name, runs in zip(_SHORT, weekdays, strict=True) if runs)
    return f"{service.id}:{'-'.join(names)}"


def office_id(service: OnDemandService) -> str:
    """Name the days on which bookings are taken."""
    return f"{service.id}:buchung"


def stop_id(service_id: str, stop: str) -> str:
    """Name a stop of a service; zones and groups share the space of ids with it and begin with ``_``."""
    return f"{service_id}:{stop}"


def day(each: date) -> str:
    """Spell a date as GTFS does."""
    return f"{each:%Y%m%d}"


def description(service: OnDemandService) -> str:
    """Say in German what it is and how to ride; an invented service says that first."""
    invented = "Erfundenes Beispiel, niemand fährt. " if service.invented else ""
    return f"{invented}Bürgerbus auf Bestellung, ohne festen Fahrplan. {message(service)}"


def message(service: OnDemandService) -> str:
    """Say in German until when and how to book."""
    return f"Anmeldung {_until(service)}: telefonisch unter {service.phone} oder im Internet."


def _until(service: OnDemandService) -> str:
    notice = service.notice
    if notice.days:
        clock = 24 * _HOUR if notice.until_s is None else notice.until_s
        time = f"{clock // _HOUR:02d}:{clock // _MINUTE % 60:02d} Uhr"
        return f"bis {time} {_days_before(notice.days, service.office)}"
    if notice.minutes:
        return f"bis {notice.minutes} Minuten vor der Abfahrt"
    return "jederzeit"


def _days_before(days: int, office: OfficeDays | None) -> str:
    if days == 1:
        return "am Tag davor" if office is None else "am letzten Buchungstag davor"
    return f"{days} {'Tage' if office is None else 'Buchungstage'} vorher"
