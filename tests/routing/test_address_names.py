"""Names as they are in a town of Baden-Württemberg with its villages, in the ways people write them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.addresses import Addresses, Found, FoundKind
from routing.build.addresses import build_addresses
from routing.spot import metres_apart

# Street or place, number, part of the town; every address is 100 m or more from the next.
TOWN = """
Bürgermeister-Müller-Straße|3|
Bürgermeister-Müller-Straße|12-14|
Bürgermeister-Müller-Straße|17|
Straße der Einheit|7|
Straße des 17. Juni|5|
Karl-Marx-Straße|7|
Professor-Schäfer-Weg|12/1|
Professor-Schäfer-Weg|12/2|
An der Steige|12a|
An der Steige|12 b|
An der Steige|14|
Steige|12a|
Sankt-Ulrich-Platz|1|
Bödastraße|2|
Bodastraße|2|
Hauptstraße|5|
Hauptstraße|5|Wurmlingen
Hauptstraße|5|Bad Niedernau
Hauptstraße|9|Wurmlingen
Ottogasse|10a-d|
Marktplatz|8;10|
Kreuzerfeld|21|Kreuzerfeld
Im Winkel|1|Wurmlingen
"""
VILLAGES = (
    ("Wurmlingen", 8.93, 48.50),
    ("Bad Niedernau", 8.90, 48.46),
    ("Kreuzerfeld", 8.94, 48.48),
)
CITY = "Rottenburg am Neckar"


def houses() -> list[tuple[str, str, str, float, float]]:
    """Street, number, part, lon, lat."""
    spots = {name: (lon, lat) for name, lon, lat in VILLAGES} | {"": (8.95, 48.47)}
    found = []
    for index, line in enumerate(TOWN.strip().splitlines()):
        street, number, part = line.split("|")
        lon, lat = spots[part]
        found.append((street, number, part, lon + index % 5 * 0.002, lat + index // 5 * 0.002))
    return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    nodes = [
        f'<node id="{index}" lon="{lon}" lat="{lat}"><tag k="addr:street" v="{street}"/>'
        f'<tag k="addr:housenumber" v="{number}"/><tag k="addr:city" v="{CITY}"/>'
        f'<tag k="addr:postcode" v="72108"/>'
        + (f'<tag k="addr:suburb" v="{part}"/>' if part else "")
        + "</node>"
        for index, (street, number, part, lon, lat) in enumerate(houses(), start=1)
    ]
    nodes += [
        f'<node id="{900 + index}" lon="{lon}" lat="{lat}"><tag k="place" v="village"/><tag k="name" v="{name}"/></node>'
        for index, (name, lon, lat) in enumerate((*VILLAGES, (CITY, 8.95, 48.47)))
    ]
    nodes += [
        '<node id="950" lon="8.951" lat="48.49"><tag k="railway" v="halt"/><tag k="name" v="Haltepunkt Rottenburg"/></node>',
        '<node id="951" lon="8.93" lat="48.51"><tag k="railway" v="station"/><tag k="name" v="Wurmlingen"/></node>',
    ]
    # a line of houses of which only the ends are drawn, and a road without houses
    for index, (lon, number) in enumerate(((8.97, "1"), (8.974, "9"))):
        nodes.append(
            f'<node id="{960 + index}" lon="{lon}" lat="48.45"><tag k="addr:street" v="Zeilenweg"/>'
            f'<tag k="addr:housenumber" v="{number}"/><tag k="addr:city" v="{CITY}"/></node>'
        )
    nodes += [
        f'<node id="{970 + index}" lon="{8.99 + index / 100}" lat="48.44"/>' for index in range(2)
    ]
    ways = (
        '<way id="1"><nd ref="960"/><nd ref="961"/><tag k="addr:interpolation" v="odd"/></way>'
        '<way id="2"><nd ref="970"/><nd ref="971"/><tag k="highway" v="tertiary"/><tag k="name" v="Waldsträßle"/></way>'
    )
    folder = tmp_path_factory.mktemp("town")
    osm = folder / "town.osm"
    osm.write_text(f'<osm version="0.6">{"".join(nodes)}{ways}</osm>', encoding="utf-8")
    build_addresses(osm, folder / "addresses.sqlite", ())
    addresses = Addresses.open(folder / "addresses.sqlite")
    yield addresses
    addresses.close()


def first(addresses: Addresses, text: str) -> Found:
    return addresses.search(text)[0]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Bgm.-Müller-Str. 3", "Bürgermeister-Müller-Straße 3"),
        ("Bgm Mueller Str 17 Rottenburg", "Bürgermeister-Müller-Straße 17"),
        ("Bürgermeister-Müller-Straße 12", "Bürgermeister-Müller-Straße 12-14"),
        ("Bürgermeister-Müller-Straße 13", "Bürgermeister-Müller-Straße 12-14"),
        ("Bürgermeister-Müller-Straße 12 - 14", "Bürgermeister-Müller-Straße 12-14"),
        ("Strasse der Einheit 7", "Straße der Einheit 7"),
        ("Str. d. Einheit 7", "Straße der Einheit 7"),
        ("7 Straße der Einheit, Rottenburg", "Straße der Einheit 7"),
        ("Straße des 17. Juni 5", "Straße des 17. Juni 5"),
        ("Prof.-Schäfer-Weg 12/1", "Professor-Schäfer-Weg 12/1"),
        ("Professor Schaefer Weg 12/2, 72108 Rottenburg", "Professor-Schäfer-Weg 12/2"),
        ("An der Steige 12 a", "An der Steige 12a"),
        ("An der Steige 12B", "An der Steige 12 b"),
        ("Steige 12a", "Steige 12a"),
        ("St.-Ulrich-Pl. 1", "Sankt-Ulrich-Platz 1"),
        ("Bödastraße 2", "Bödastraße 2"),
        ("Bodastraße 2", "Bodastraße 2"),
        ("Ottogasse 10a-d", "Ottogasse 10a-d"),
        ("Ottogasse 10c", "Ottogasse 10a-d"),
        ("Marktplatz 8;10", "Marktplatz 8;10"),
        ("Marktplatz 10", "Marktplatz 8;10"),
        ("Zeilenweg 5", "Zeilenweg 5"),
        ("Im Winkel 1, Wurmlingen", "Im Winkel 1"),
        ("Im Winkel 1 Rottenburg-Wurmlingen", "Im Winkel 1"),
    ],
)
def test_it_finds_the_house(town: Addresses, text: str, title: str) -> None:
    found = first(town, text)
    assert (found.label.partition(", ")[0], found.kind) == (title, FoundKind.ADDRESS)
    assert found.exact


@pytest.mark.parametrize(
    ("text", "lon"),
    [
        ("Hauptstraße 5 Wurmlingen", 8.932),
        ("Hauptstr. 5, Rottenburg-Wurmlingen", 8.932),
        ("Hauptstraße 5, 72108 Bad Niedernau", 8.904),
    ],
)
def test_the_village_tells_which_main_street_is_meant(
    town: Addresses, text: str, lon: float
) -> None:
    assert first(town, text).lon == pytest.approx(lon)


def test_a_street_without_number_and_a_village_are_marked(town: Addresses) -> None:
    for text, kind in (("Straße der Einheit", FoundKind.STREET), ("Wurmlingen", FoundKind.PLACE)):
        found = first(town, text)
        assert (found.kind, found.number_missing) == (kind, True)
    assert not first(town, "Straße der Einheit 7").number_missing
    assert not first(
        town, "Waldsträßle"
    ).number_missing  # no number is known that could be asked for


def test_the_house_itself_comes_before_a_range_that_holds_its_number(
    tmp_path: Path,
) -> None:
    numbers = ("12-14", "13", "14")
    nodes = "".join(
        f'<node id="{index}" lon="{9 + index / 1000}" lat="48"><tag k="addr:street" v="Gasse"/>'
        f'<tag k="addr:housenumber" v="{number}"/></node>'
        for index, number in enumerate(numbers, start=1)
    )
    osm = tmp_path / "gasse.osm"
    osm.write_text(f'<osm version="0.6">{nodes}</osm>', encoding="utf-8")
    build_addresses(osm, tmp_path / "a.sqlite", ())
    addresses = Addresses.open(tmp_path / "a.sqlite")
    labels = [first(addresses, f"Gasse {number}").label for number in ("12", *numbers)]
    addresses.close()
    assert labels == ["Gasse 12-14", "Gasse 12-14", "Gasse 13", "Gasse 14"]


def test_houses_between_the_ends_of_a_line_lie_evenly_on_it(town: Addresses) -> None:
    spots = [first(town, f"Zeilenweg {number}").lon for number in (1, 3, 5, 7, 9)]
    assert spots == pytest.approx([8.97, 8.971, 8.972, 8.973, 8.974])


def test_a_halt_is_no_station_but_found_as_one(town: Addresses) -> None:
    labels = {each.label.partition(", ")[0] for each in town.search("Bahnhof Rottenburg")}
    assert "Haltepunkt Rottenburg" in labels
    assert first(town, "Bahnhof Wurmlingen").label.startswith("Wurmlingen (Bahnhof)")


def test_every_house_that_is_listed_finds_itself(town: Addresses) -> None:
    """Each label is found first by itself, at its own place."""
    listed = town.houses()
    assert len(listed) == len(TOWN.strip().splitlines()) + 5
    for house in listed:
        found = first(town, house.label)
        assert (found.label, found.exact) == (house.label, True)


def test_goals_are_listed_by_kind(town: Addresses) -> None:
    assert [(goal.kind, goal.label.partition(",")[0]) for goal in town.goals()] == [
        ("halt", "Haltepunkt Rottenburg"),
        ("station", "Wurmlingen (Bahnhof)"),
    ]


@given(st.floats(8.88, 9.01), st.floats(48.43, 48.53), st.floats(5.0, 3_000.0))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_click_names_the_nearest_house(
    town: Addresses, lon: float, lat: float, within_m: float
) -> None:
    """Reverse search equals trying every house; without one in reach it names something else."""
    distances = [(metres_apart((lon, lat), (each.lon, each.lat)), each) for each in town.houses()]
    metres, nearest = min(distances, key=lambda pair: pair[0])
    found = town.reverse(lon, lat, within_m)
    if metres <= within_m:
        assert found is not None
        assert (found.kind, found.lon, found.lat) == (FoundKind.ADDRESS, nearest.lon, nearest.lat)
        assert found.metres == pytest.approx(metres)
    elif found is not None:
        assert found.kind is not FoundKind.ADDRESS
        assert found.metres is not None
        assert found.metres <= within_m


def test_a_click_beside_a_road_without_houses_names_the_road(town: Addresses) -> None:
    """Anywhere along it, not only at its middle."""
    for lon in (8.991, 8.9937, 8.999):
        found = town.reverse(lon, 48.4401, within_m=40)
        assert found is not None
        assert (found.label.partition(",")[0], found.kind) == ("Waldsträßle", FoundKind.STREET)
