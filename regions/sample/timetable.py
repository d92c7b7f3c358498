"""The invented timetable: trains every hour, buses that meet them, as a GTFS feed of fixed bytes."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from regions.sample.buslines import BusLine, BusNetwork
from regions.sample.names import slug
from regions.sample.plan import Globe, Site
from regions.sample.railway import Railway
from regions.sample.service_days import FIRST_DAY, LAST_DAY, services

_BUS_SPEED = 12.0
_TRAIN_SPEED = 19.0
_DWELL_S = 30
_MEET_MINUTE = 30
_BUS_BEFORE_S = 7 * 60
_SPECIAL_LATER_S = 30 * 60
"""School and holiday trips run between the ordinary ones."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TRAIN_HOURS = {"mo-fr": range(5, 23), "sa": range(6, 22, 2), "so": range(8, 22, 2)}
_BUS_HOURS = {"mo-fr": range(6, 20, 2), "sa": (8, 10, 12, 14), "schule": (7, 13), "ferien": (9, 17)}

Rows = list[dict[str, str]]


def write_timetable(
    path: Path, sites: tuple[Site, ...], railway: Railway, buses: BusNetwork, globe: Globe
) -> None:
    """Write the feed; every file of the zip carries the same date, so equal feeds are equal bytes."""
    days = services()
    trips, times = _trips(sites, railway, buses)
    tables = {
        "agency.txt": _agency(sites),
        "feed_info.txt": _feed_info(),
        "stops.txt": _stops(sites, railway, buses, globe),
        "routes.txt": _routes(sites, railway, buses),
        "trips.txt": trips,
        "stop_times.txt": times,
        "calendar.txt": [service.calendar_row() for service in days if any(service.weekdays)],
        "calendar_dates.txt": [row for service in days for row in service.date_rows()],
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in tables.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _csv(rows))


def _csv(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _agency(sites: tuple[Site, ...]) -> Rows:
    common = {"agency_url": "https://example.org", "agency_timezone": "Europe/Berlin",
              "agency_lang": "de"}  # fmt: skip
    names = {"bahn": f"{sites[0].name}er Bahn (erfunden)", "bus": "Kreisverkehr (erfunden)"}
    return [{"agency_id": key, "agency_name": name, **common} for key, name in names.items()]


def _feed_info() -> Rows:
    return [
        {
            "feed_publisher_name": "Bürgerbus 4.0: erfundener Beispielfahrplan / invented sample data",
            "feed_publisher_url": "https://example.org",
            "feed_lang": "de",
            "feed_start_date": f"{FIRST_DAY:%Y%m%d}",
            "feed_end_date": f"{LAST_DAY:%Y%m%d}",
            "feed_version": "erfunden-1",
        }
    ]


def _stops(
    sites: tuple[Site, ...], railway: Railway, buses: BusNetwork, globe: Globe
) -> Rows:
    places = [
        (f"bahn-{slug(sites[h.site].name)}", halt_name(sites, h.site), h.x, h.y)
        for h in railway.halts
    ]
    places += [(pole.id, pole.name, pole.x, pole.y) for poles in buses.stops.values() for pole in poles]
    rows = []
    for key, name, x, y in places:
        lon, lat = globe.degrees(x, y)
        rows.append({"stop_id": key, "stop_name": name, "stop_lat": f"{lat:.7f}",
                     "stop_lon": f"{lon:.7f}"})  # fmt: skip
    return rows


def halt_name(sites: tuple[Site, ...], site: int) -> str:
    """Name of a railway stop: the first town has the station, the others are halts."""
    return f"{'Bahnhof' if site == 0 else 'Haltepunkt'} {sites[site].name}"


def _routes(sites: tuple[Site, ...], railway: Railway, buses: BusNetwork) -> Rows:
    ends = [sites[halt.site].name for halt in (railway.halts[0], railway.halts[-1])]
    rows = [("bahn", "bahn", "RB 99", f"{ends[0]} – {ends[1]}", "2")]
    for line in buses.lines:
        names = [buses.stops[place][0].name.split(",")[0] for place in (line.places[0], line.places[-1])]
        rows.append((f"bus-{line.name}", "bus", line.name, f"{names[0]} – {names[1]}", "3"))
    return [
        {"route_id": key, "agency_id": agency, "route_short_name": short, "route_long_name": long,
         "route_type": kind}
        for key, agency, short, long, kind in rows
    ]  # fmt: skip


def _trips(
    sites: tuple[Site, ...], railway: Railway, buses: BusNetwork
) -> tuple[Rows, Rows]:
    """All trips and their times."""
    trips: Rows = []
    times: Rows = []

    def run(route: str, service: str, direction: int, halts: Sequence[tuple[str, int, int]],
            headsign: str) -> None:  # fmt: skip
        trip = f"{route}-{service}-{direction}-{halts[0][1] // 60}"
        trips.append({"route_id": route, "service_id": service, "trip_id": trip,
                      "trip_headsign": headsign, "direction_id": str(direction)})  # fmt: skip
        for sequence, (stop, arrive, depart) in enumerate(halts, start=1):
            times.append({"trip_id": trip, "arrival_time": _clock(arrive),
                          "departure_time": _clock(depart), "stop_id": stop,
                          "stop_sequence": str(sequence)})  # fmt: skip

    for service, hours in _TRAIN_HOURS.items():
        for direction in (0, 1):
            for hour in hours:
                halts = _train(sites, railway, direction, hour * 3600 + _MEET_MINUTE * 60)
                last = railway.halts[-1 if direction == 0 else 0].site
                run("bahn", service, direction, halts, sites[last].name)
    for line in buses.lines:
        for service, hours in _BUS_HOURS.items():
            for direction in (0, 1):
                end = buses.stops[line.places[-1 if direction == 0 else 0]][0].name
                for hour in hours:
                    meet = hour * 3600 + _MEET_MINUTE * 60
                    if service in {"ferien", "schule"}:
                        meet += _SPECIAL_LATER_S
                    run(f"bus-{line.name}", service, direction,
                        _bus(line, buses, direction, meet), end)  # fmt: skip
    return trips, times


def _train(
    sites: tuple[Site, ...], railway: Railway, direction: int, meet: int
) -> list[tuple[str, int, int]]:
    """Stops with arrival and departure of a train that leaves the station at ``meet``."""
    halts = railway.halts if direction == 0 else railway.halts[::-1]
    steps = [0.0, *(abs(b.along - a.along) for a, b in zip(halts[:-1], halts[1:], strict=True))]
    hub = next(i for i, halt in enumerate(halts) if halt.site == 0)
    names = [f"bahn-{slug(sites[halt.site].name)}" for halt in halts]
    return _schedule(names, [round(step / _TRAIN_SPEED) + 45 for step in steps], hub, meet, meet)


def _bus(
    line: BusLine, buses: BusNetwork, direction: int, meet: int
) -> list[tuple[str, int, int]]:
    """Stops of a bus that reaches the station shortly before ``meet`` and leaves it shortly after."""
    places = line.places if direction == 0 else line.places[::-1]
    metres = line.metres if direction == 0 else (0, *line.metres[:0:-1])
    hub = line.hub if direction == 0 else len(places) - 1 - line.hub
    names = [buses.stops[place][direction].id for place in places]
    steps = [round(metre / _BUS_SPEED) + _DWELL_S for metre in metres]
    return _schedule(names, steps, hub, meet - _BUS_BEFORE_S, meet + _BUS_BEFORE_S)


def _schedule(
    names: Sequence[str], steps: Sequence[int], hub: int, arrive: int, depart: int
) -> list[tuple[str, int, int]]:
    """Times of all stops from those at the hub; ``steps[i]`` seconds lead to stop i, dwell included.

    Whole minutes, as on a printed timetable, and at least one from stop to stop.
    """
    times = [(arrive, depart)] * len(names)
    for i in range(hub - 1, -1, -1):
        left = times[i + 1][0] - _minutes(steps[i + 1])
        times[i] = (left, left)
    for i in range(hub + 1, len(names)):
        reached = times[i - 1][1] + _minutes(steps[i])
        times[i] = (reached, reached)
    return [(name, a, d) for name, (a, d) in zip(names, times, strict=True)]


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60)) * 60


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"

