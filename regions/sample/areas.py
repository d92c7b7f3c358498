"""The area files: bus associations with their municipalities, stops, buses, shifts and rules."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from regions.sample.boundaries import Municipality, grow_groups
from regions.sample.country import Country
from regions.sample.geometry import at
from regions.sample.names import people, slug
from regions.sample.plan import Globe, Points, Site, dice
from regions.sample.timetable import halt_name

_MUNICIPALITIES_EACH = 4
_FEWEST_FOR_GROUPS = 4
_PHONE = "+49 30 23125 {:03d}"
"""Numbers the Bundesnetzagentur keeps free for invented people (Berlin 23125-000 to -999)."""
_FIRST_PHONE = 14
_STOPS_AT = {
    "amenity": (
        "townhall",
        "doctors",
        "pharmacy",
        "dentist",
        "social_facility",
        "place_of_worship",
    ),
    "shop": ("supermarket",),
}
_RULES = (
    {"lead_time_min": 60, "booking_horizon_days": 14, "fare_per_passenger_cents": 200},
    {"lead_time_min": 30, "booking_horizon_days": 7, "pickup_window_min": 15, "ride_at_most_min": 40,
     "fare_per_passenger_cents": 150},
    {"lead_time_min": 90, "booking_horizon_days": 14, "fare_base_cents": 100, "fare_per_km_cents": 15,
     "fare_per_passenger_cents": 0},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stop:
    id: str
    name: str
    lon: float
    lat: float


def write_areas(folder: Path, seed: int, country: Country, globe: Globe) -> tuple[Path, ...]:
    """Write one file an association into ``folder``; returns their paths, the first town's first."""
    folder.mkdir(parents=True, exist_ok=True)
    stops = _stops_by_site(country, globe)
    groups = _associations(country)
    paths = []
    for index, members in enumerate(groups):
        name = members[0].name
        path = folder / f"{slug(name)}.toml"
        found = [stop for m in members for site in m.members for stop in stops[site]]
        drivers = people(dice(seed, 14, index), 4)
        path.write_text(_toml(index, members, found, drivers), encoding="utf-8")
        paths.append(path)
    return tuple(paths)


def _associations(country: Country) -> list[list[Municipality]]:
    """Group neighbouring municipalities: one association for about four of them, two at least."""
    all_of = country.municipalities
    if len(all_of) < _FEWEST_FOR_GROUPS:
        return [[all_of[0]], list(all_of[1:])]
    places: Points = np.array([country.sites[m.seat].at for m in all_of])
    wanted = max(2, round(len(all_of) / _MUNICIPALITIES_EACH))
    seeds = [0]
    while len(seeds) < wanted:
        gaps = np.hypot(*(places[:, None] - places[None, seeds]).transpose(2, 0, 1)).min(axis=1)
        seeds.append(int(np.argmax(gaps)))
    owner = grow_groups(places, seeds)
    groups = [[all_of[seed]] for seed in seeds]
    for municipality, own in zip(all_of, owner, strict=True):
        if municipality not in groups[own]:
            groups[own].append(municipality)
    return groups


def _stops_by_site(country: Country, globe: Globe) -> dict[int, list[_Stop]]:
    """Return the stops of each settlement: town hall, practices and shops, station, middle."""
    stops: dict[int, list[_Stop]] = {site.index: [] for site in country.sites}
    order = {value: i for i, value in enumerate(v for values in _STOPS_AT.values() for v in values)}
    chosen = []
    for house in country.houses:
        for key, values in _STOPS_AT.items():
            if house.tags.get(key) in values:
                chosen.append((order[house.tags[key]], house))
    for _, house in sorted(chosen, key=lambda pair: pair[0]):
        street = country.draft.streets[house.street]
        site, place = country.sites[street.site], at(street.points, house.along)
        _add(stops[site.index], house.tags["name"], site, place, globe)
    for halt in country.railway.halts:
        site = country.sites[halt.site]
        _add(stops[site.index], halt_name(site), site, np.array([halt.x, halt.y]), globe)
    for site in country.sites:
        if site.lived_in:
            _add(stops[site.index], f"{site.name} Ortsmitte", site, site.at, globe)
    return stops


def _add(stops: list[_Stop], name: str, site: Site, place: Points, globe: Globe) -> None:
    """Add a stop; its name says the settlement, because names of practices may occur twice."""
    full = name if site.name in name else f"{name}, {site.name}"
    stops.append(_Stop(slug(full), full, *globe.degrees(float(place[0]), float(place[1]))))


def _toml(index: int, members: list[Municipality], stops: list[_Stop], drivers: list[str]) -> str:
    """Text of one area file."""
    name = members[0].name
    lines = [
        "# Erfundenes Beispiel / invented sample: no such place, association or telephone number exists.",
        "format = 1",
        f"id = {_text(slug(name))}",
        f"name = {_text(f'Bürgerbus {name} (erfunden)')}",
        'time_zone = "Europe/Berlin"',
        f"phone = {_text(_PHONE.format((_FIRST_PHONE + index) % 1000))}",
        "invented = true",
        f"municipalities = [{', '.join(_text(m.name) for m in members)}]",
        'service = "door"',
        "",
        "[operator]",
        f"name = {_text(f'Bürgerbusverein {name} e. V. (erfunden)')}",
        "",
        "[rules]",
        *(f"{key} = {value}" for key, value in _RULES[index % len(_RULES)].items()),
    ]
    for stop in {stop.id: stop for stop in stops}.values():
        lines += ["", "[[stops]]", f"id = {_text(stop.id)}", f"name = {_text(stop.name)}",
                  f"lon = {stop.lon:.7f}", f"lat = {stop.lat:.7f}"]  # fmt: skip
    for bus in (1, 2):
        lines += ["", "[[vehicles]]", f'id = "bus-{bus}"', f'name = "Bus {bus}"', "seats = 8",
                  "wheelchairs = 1", "seats_per_wheelchair = 2", "walkers = 3", "prams = 2"]  # fmt: skip
    return "\n".join([*lines, *_shifts(stops[0], drivers), ""])


def _shifts(depot: _Stop, drivers: list[str]) -> list[str]:
    """Two buses in the morning, one in the afternoon and on Saturday."""
    weekdays = '["mo", "di", "mi", "do", "fr"]'
    lines = []
    for driver, (key, bus, days, start, end) in zip(
        drivers,
        (
            ("frueh-1", 1, weekdays, "07:00", "12:30"),
            ("frueh-2", 2, weekdays, "08:00", "13:00"),
            ("nachmittag", 1, weekdays, "13:00", "18:30"),
            ("samstag", 1, '["sa"]', "08:30", "13:00"),
        ),
        strict=True,
    ):
        place = f"{{ lon = {depot.lon:.7f}, lat = {depot.lat:.7f}, name = {_text(depot.name)} }}"
        lines += ["", "[[shifts]]", f'id = "{key}"', f'vehicle = "bus-{bus}"',
                  f"driver = {_text(driver)}", f"days = {days}", f'start = "{start}"',
                  f'end = "{end}"', f"from = {place}"]  # fmt: skip
    return lines


def _text(value: str) -> str:
    """Return a TOML basic string; JSON's escapes are a subset of TOML's."""
    return json.dumps(value, ensure_ascii=False)
