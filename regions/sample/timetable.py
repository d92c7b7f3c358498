"""The GTFS feed of the invented timetable, always the same bytes for the same region."""

import csv
import io
import zipfile
from pathlib import Path

from regions.sample.country import Country
from regions.sample.plan import Globe, Kind, Site
from regions.sample.service_days import FIRST_DAY, LAST_DAY, services
from regions.sample.trips import Trip, bus_trips, railway_stop, train_trips

_DATE_IN_ZIP = (1980, 1, 1, 0, 0, 0)
_URL = "https://example.org"
_TRAIN, _BUS = "2", "3"

Rows = list[dict[str, str]]


def write_timetable(path: Path, country: Country, globe: Globe) -> None:
    """Write the feed; every file of the zip carries the same date, so equal feeds are equal bytes."""
    days = services()
    trips = list(train_trips(country.sites, country.railway))
    for line in country.buses.lines:
        trips += bus_trips(line, country.buses)
    tables = {
        "agency.txt": _agency(country),
        "feed_info.txt": _feed_info(),
        "stops.txt": _stops(country, globe),
        "routes.txt": _routes(country),
        "trips.txt": [_trip_row(trip) for trip in trips],
        "stop_times.txt": [row for trip in trips for row in _time_rows(trip)],
        "calendar.txt": [service.calendar_row() for service in days if any(service.weekdays)],
        "calendar_dates.txt": [row for service in days for row in service.date_rows()],
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in tables.items():
            entry = zipfile.ZipInfo(name, _DATE_IN_ZIP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _csv(rows))


def _csv(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _agency(country: Country) -> Rows:
    town = country.sites[0].name
    names = {"bahn": f"Bahn {town} (erfunden)", "bus": f"Kreisverkehr {town} (erfunden)"}
    return [
        {
            "agency_id": key,
            "agency_name": name,
            "agency_url": _URL,
            "agency_timezone": "Europe/Berlin",
            "agency_lang": "de",
        }
        for key, name in names.items()
    ]


def _feed_info() -> Rows:
    return [
        {
            "feed_publisher_name": "Bürgerbus 4.0: erfundener Fahrplan / invented sample data",
            "feed_publisher_url": _URL,
            "feed_lang": "de",
            "feed_start_date": f"{FIRST_DAY:%Y%m%d}",
            "feed_end_date": f"{LAST_DAY:%Y%m%d}",
            "feed_version": "erfunden-1",
        }
    ]


def halt_name(site: Site) -> str:
    """Name of a railway stop: towns have stations, villages halts."""
    return f"{'Bahnhof' if site.kind is Kind.TOWN else 'Haltepunkt'} {site.name}"


def _stops(country: Country, globe: Globe) -> Rows:
    halts = [(country.sites[halt.site], halt) for halt in country.railway.halts]
    places = [(railway_stop(site), halt_name(site), halt.x, halt.y) for site, halt in halts]
    poles = [pole for pair in country.buses.stops.values() for pole in pair]
    places += [(pole.id, pole.name, pole.x, pole.y) for pole in poles]
    rows = []
    for key, name, x, y in places:
        lon, lat = globe.degrees(x, y)
        row = {
            "stop_id": key,
            "stop_name": name,
            "stop_lat": f"{lat:.7f}",
            "stop_lon": f"{lon:.7f}",
        }
        rows.append(row)
    return rows


def _routes(country: Country) -> Rows:
    ends = [country.sites[country.railway.halts[i].site].name for i in (0, -1)]
    routes = [("bahn", "bahn", "RB 99", ends, _TRAIN)]
    for line in country.buses.lines:
        ends = [country.buses.stops[line.places[i]][0].name.split(",")[0] for i in (0, -1)]
        routes.append((f"bus-{line.name}", "bus", line.name, ends, _BUS))
    return [
        {
            "route_id": key,
            "agency_id": agency,
            "route_short_name": short,
            "route_long_name": " - ".join(ends),
            "route_type": kind,
        }
        for key, agency, short, ends, kind in routes
    ]


def _trip_row(trip: Trip) -> dict[str, str]:
    return {
        "route_id": trip.route,
        "service_id": trip.service,
        "trip_id": trip.id,
        "trip_headsign": trip.headsign,
        "direction_id": str(trip.direction),
    }


def _time_rows(trip: Trip) -> Rows:
    return [
        {
            "trip_id": trip.id,
            "arrival_time": _clock(arrive),
            "departure_time": _clock(depart),
            "stop_id": stop,
            "stop_sequence": str(sequence),
        }
        for sequence, (stop, arrive, depart) in enumerate(trip.stops, start=1)
    ]


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
