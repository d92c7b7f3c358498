"""Address search on two hand-written villages that can be read here, houses and all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.addresses import Addresses, Found, FoundKind
from routing.build.addresses import build_addresses
from routing.build.boundaries import read_boundaries
from routing.errors import RoutingError

# Altdorf west of longitude 9.02, Neudorf east of it, both 2/100 degree (1.5 km) wide; id, lon, lat, tags.
HOUSES = """
101 9.0010 48.0050 addr:street=Landstraße addr:housenumber=1 addr:city=Altdorf addr:postcode=71111
102 9.0020 48.0050 addr:street=Landstraße addr:housenumber=12 addr:city=Altdorf addr:postcode=71111
103 9.0021 48.0050 addr:street=Landstraße addr:housenumber=12a addr:city=Altdorf addr:postcode=71111
104 9.0030 48.0050 addr:street=Landstraße addr:housenumber=20-24 addr:city=Altdorf
105 9.0300 48.0050 addr:street=Landstrasse addr:housenumber=12 addr:city=Neudorf addr:postcode=72222
106 9.0310 48.0050 addr:street=Landstraße addr:housenumber=14 addr:city=Neudorf addr:postcode=72222
107 9.0011 48.0100 addr:street=St.-Georgen-Straße addr:housenumber=5 addr:city=Altdorf
108 9.0012 48.0101 addr:street=Müllergässle addr:housenumber=7
109 9.0380 48.0180 addr:place=Oberdrossenfeld addr:housenumber=8 addr:city=Neudorf
110 9.0381 48.0181 addr:street=Oberdrossenfeld addr:housenumber=9 addr:city=Neudorf
201 9.0015 48.0060 amenity=townhall name=Gemeindeverwaltung
202 9.0305 48.0060 amenity=doctors name=Dr.~Huber
203 9.0100 48.0060 amenity=doctors name=Dr.~Maier
204 9.0306 48.0061 amenity=pharmacy
205 9.0110 48.0060 shop=supermarket name=Edeka
206 9.0110 48.0060 amenity=bench name=Lieblingsbank
207 9.0112 48.0066 shop=bakery brand=Schmid
301 9.0040 48.0050 highway=bus_stop name=Altdorf~Kirche
302 9.0041 48.0051 highway=bus_stop name=Altdorf~Kirche
401 9.0020 48.0060 place=village name=Altdorf
402 9.0305 48.0055 place=village name=Neudorf
403 9.0380 48.0180 place=hamlet name=Oberdrossenfeld
"""
WAYS = """
<node id="1" lon="9.00" lat="48.00"/><node id="2" lon="9.02" lat="48.00"/><node id="3" lon="9.04" lat="48.00"/>
<node id="4" lon="9.00" lat="48.02"/><node id="5" lon="9.02" lat="48.02"/><node id="6" lon="9.04" lat="48.02"/>
<node id="7" lon="9.005" lat="48.015"/><node id="8" lon="9.006" lat="48.015"/><node id="9" lon="9.007" lat="48.015"/>
<way id="11"><nd ref="2"/><nd ref="1"/><nd ref="4"/><nd ref="5"/></way>
<way id="12"><nd ref="2"/><nd ref="5"/></way>
<way id="13"><nd ref="2"/><nd ref="3"/><nd ref="6"/><nd ref="5"/></way>
<way id="21"><nd ref="7"/><nd ref="8"/><nd ref="9"/><tag k="highway" v="residential"/><tag k="name" v="Waldweg"/></way>
<way id="22"><nd ref="998"/><nd ref="999"/><tag k="highway" v="residential"/><tag k="name" v="Jenseitsweg"/></way>
<relation id="1"><member type="way" ref="11" role="outer"/><member type="way" ref="12" role="outer"/>
  <tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag k="name" v="Altdorf"/></relation>
<relation id="2"><member type="way" ref="13" role="outer"/><member type="way" ref="12" role="outer"/>
  <tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag k="name" v="Neudorf"/></relation>
"""


def extract_text() -> str:
    """Put the two parts together as OSM XML; "~" stands for a space."""
    nodes = []
    for line in HOUSES.strip().splitlines():
        number, lon, lat, *tags = line.split()
        pairs = [tag.replace("~", " ").split("=") for tag in tags]
        xml = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in pairs)
        nodes.append(f'<node id="{number}" lon="{lon}" lat="{lat}">{xml}</node>')
    return f'<osm version="0.6">{"".join(nodes)}{WAYS}</osm>'


@pytest.fixture(scope="module")
def villages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    folder = tmp_path_factory.mktemp("villages")
    osm = folder / "villages.osm"
    osm.write_text(extract_text(), encoding="utf-8")
    build_addresses(osm, folder / "addresses.sqlite", read_boundaries(osm))
    addresses = Addresses.open(folder / "addresses.sqlite")
    yield addresses
    addresses.close()


def first(addresses: Addresses, text: str) -> Found:
    return addresses.search(text)[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Landstraße 12, Altdorf", "Landstraße 12, Altdorf"),
        ("Landstraße 12, Neudorf", "Landstrasse 12, Neudorf"),
        ("landstr 12 altdorf", "Landstraße 12, Altdorf"),
        ("Landstr. 12a Altdorf", "Landstraße 12a, Altdorf"),
        ("Landstr. 12 A, Altdorf", "Landstraße 12a, Altdorf"),
        ("Altdorf, Landstraße 12", "Landstraße 12, Altdorf"),
        ("12 Landstrasse Neudorf", "Landstrasse 12, Neudorf"),
        ("Landstraße 12, 72222", "Landstrasse 12, Neudorf"),
        ("Landstraße 12, 72222 Neudorf", "Landstrasse 12, Neudorf"),
        ("Landstraße 22 Altdorf", "Landstraße 20-24, Altdorf"),
        ("Sankt Georgen Str. 5", "St.-Georgen-Straße 5, Altdorf"),
        ("St Georgenstr 5", "St.-Georgen-Straße 5, Altdorf"),
        ("Muellergaessle 7", "Müllergässle 7, Altdorf"),
        ("Mullergasle 7", "Müllergässle 7, Altdorf"),
        ("Mülelrgässle 7 Altdorf", "Müllergässle 7, Altdorf"),
        ("Lanstraße 12 Altdrf", "Landstraße 12, Altdorf"),
        ("Oberdrossenfeld 8", "Oberdrossenfeld 8, Neudorf"),
        ("Oberdrosenfeld 9 Neudorf", "Oberdrossenfeld 9, Neudorf"),
        ("Oberdrossenfeld", "Oberdrossenfeld, Neudorf"),
        ("Altdorf", "Altdorf"),
        ("Waldweg", "Waldweg, Altdorf"),
        ("Waldw", "Waldweg, Altdorf"),
        ("Edeka", "Edeka (Supermarkt), Altdorf"),
        ("Rathaus", "Gemeindeverwaltung (Rathaus), Altdorf"),
        ("beim Rathaus in Altdorf", "Gemeindeverwaltung (Rathaus), Altdorf"),
        ("town hall", "Gemeindeverwaltung (Rathaus), Altdorf"),
        ("Apotheke", "Apotheke, Neudorf"),
        ("zur Apotheke", "Apotheke, Neudorf"),
        ("Hausarzt Neudorf", "Dr. Huber (Arztpraxis), Neudorf"),
        ("Arzt in Altdorf", "Dr. Maier (Arztpraxis), Altdorf"),
        ("Bäckerei Schmid", "Bäckerei, Altdorf"),
        ("Altdorf Kirche", "Altdorf Kirche (Haltestelle)"),
        ("Altdorf Kirche Haltestelle", "Altdorf Kirche (Haltestelle)"),
    ],
)
def test_it_finds_what_people_mean(villages: Addresses, text: str, label: str) -> None:
    assert first(villages, text).label == label


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Landstraße 12 Altdorf", FoundKind.ADDRESS),
        ("Landstraße Altdorf", FoundKind.STREET),
        ("Neudorf", FoundKind.PLACE),
        ("Edeka", FoundKind.POI),
        ("Altdorf Kirche", FoundKind.STOP),
    ],
)
def test_it_says_what_kind_it_found(villages: Addresses, text: str, kind: FoundKind) -> None:
    found = first(villages, text)
    assert found.kind is kind
    assert found.exact


def test_it_tells_where_the_house_is(villages: Addresses) -> None:
    found = first(villages, "Landstraße 12, Neudorf")
    assert (found.lon, found.lat, found.municipality) == (9.03, 48.005, "Neudorf")


def test_an_unknown_number_gives_the_next_known_one_with_a_mark(villages: Addresses) -> None:
    found = first(villages, "Landstraße 16, Neudorf")
    # spelt both ways in the extract: the more frequent or first spelling names the street
    assert (found.label, found.exact) == ("Landstrasse 14, Neudorf", False)


def test_a_number_far_beyond_the_known_ones_gives_the_street_with_a_mark(
    villages: Addresses,
) -> None:
    found = first(villages, "Landstraße 316, Altdorf")
    assert (found.label, found.exact) == ("Landstraße, Altdorf", False)


def test_a_wrong_town_gives_the_right_street_with_a_mark(villages: Addresses) -> None:
    found = first(villages, "Müllergässle 7, Neudorf")
    assert (found.label, found.exact) == ("Müllergässle 7, Altdorf", False)


def test_without_a_town_every_town_is_an_exact_answer(villages: Addresses) -> None:
    labels = {each.label for each in villages.search("Landstraße 12") if each.exact}
    assert labels == {"Landstraße 12, Altdorf", "Landstrasse 12, Neudorf"}


def test_without_a_town_the_nearer_comes_first(villages: Addresses) -> None:
    west = villages.search("Landstraße 12", near=(9.0, 48.0))
    east = villages.search("Landstraße 12", near=(9.04, 48.0))
    assert west[0].label == "Landstraße 12, Altdorf"
    assert east[0].label == "Landstrasse 12, Neudorf"


def test_without_a_town_the_area_comes_first(villages: Addresses) -> None:
    def in_neudorf(lon: float, _lat: float) -> bool:
        return lon > 9.02

    found = villages.search("Landstraße 12", near=(9.0, 48.0), inside=in_neudorf)
    assert [(each.label, each.inside) for each in found[:2]] == [
        ("Landstrasse 12, Neudorf", True),
        ("Landstraße 12, Altdorf", False),
    ]
    assert found[0].score > found[1].score


def test_a_named_town_outside_the_area_is_still_found_first_and_marked(
    villages: Addresses,
) -> None:
    found = villages.search("Landstraße 12, Altdorf", inside=lambda lon, _: lon > 9.02)
    assert (found[0].label, found[0].inside) == ("Landstraße 12, Altdorf", False)


def test_both_sides_of_the_road_are_one_stop(villages: Addresses) -> None:
    stops = [each for each in villages.search("Altdorf Kirche") if each.kind is FoundKind.STOP]
    assert len(stops) == 1


def test_nonsense_finds_nothing(villages: Addresses) -> None:
    for text in (
        "",
        "   ",
        ",",
        "12",
        "xqzwv",
        '"; DROP TABLE place; --',
        "%",
        "\x00",
        "*" * 10_000,
    ):
        assert villages.search(text) == []


def test_the_limit_is_kept(villages: Addresses) -> None:
    assert len(villages.search("Landstraße", limit=1)) == 1


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered(villages: Addresses, text: str) -> None:
    """No text breaks the search; scores fall within 0 and 1 and labels differ."""
    found = villages.search(text)
    assert all(0.0 <= each.score <= 1.0 for each in found)
    assert len({each.label for each in found}) == len(found)


def test_every_label_finds_itself(villages: Addresses) -> None:
    """What is shown can be typed: the first answer to a label is the thing it stands for."""
    labels = {
        each.label
        for text in (
            "Landstraße",
            "Landstraße 12",
            "Altdorf",
            "Neudorf",
            "Arzt",
            "Rathaus",
            "Edeka",
        )
        for each in villages.search(text, limit=50)
    }
    assert len(labels) > 10
    for label in labels:
        assert first(villages, label).label == label


def test_a_village_is_found_among_very_many_things_that_lie_in_it(tmp_path: Path) -> None:
    """The name alone decides, also where more rows than are ranked have the village as their town."""
    stops = "".join(
        f'<node id="{index}" lon="{9 + index / 1e4}" lat="48"><tag k="highway" v="bus_stop"/>'
        f'<tag k="name" v="Langendorf {chr(97 + index // 26)}{chr(97 + index % 26)}"/></node>'
        for index in range(400)
    )
    osm = tmp_path / "langendorf.osm"
    osm.write_text(
        f'<osm version="0.6">{stops}<node id="999" lon="9" lat="48"><tag k="place" v="village"/>'
        '<tag k="name" v="Langendorf"/><tag k="alt_name" v="Langadorf am See"/></node></osm>',
        encoding="utf-8",
    )
    build_addresses(osm, tmp_path / "a.sqlite", ())
    addresses = Addresses.open(tmp_path / "a.sqlite")
    assert first(addresses, "Langendorf").kind is FoundKind.PLACE
    addresses.close()


def test_a_click_on_the_map_names_the_house(villages: Addresses) -> None:
    found = villages.reverse(9.03001, 48.00501, within_m=50)
    assert found is not None
    assert (found.label, found.kind) == ("Landstrasse 12, Neudorf", FoundKind.ADDRESS)


def test_a_click_far_from_houses_names_what_else_is_near(villages: Addresses) -> None:
    found = villages.reverse(9.0061, 48.0151, within_m=50)
    assert found is not None
    assert (found.label, found.kind) == ("Waldweg, Altdorf", FoundKind.STREET)


def test_a_click_into_the_woods_names_nothing(villages: Addresses) -> None:
    assert villages.reverse(9.015, 48.019, within_m=50) is None
    assert villages.reverse(float("nan"), 48.0, within_m=50) is None


def test_many_threads_get_the_same_answers(villages: Addresses) -> None:
    texts = ["Landstraße 12 Altdorf", "Hausarzt", "Oberdrossenfeld 8", "Edeka"] * 10
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(villages.search, texts))
    assert together == [villages.search(text) for text in texts]


def test_a_missing_table_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(RoutingError) as caught:
        Addresses.open(tmp_path / "addresses.sqlite")
    assert caught.value.code == "addresses-missing"


def test_a_damaged_table_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "addresses.sqlite"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(RoutingError) as caught:
        Addresses.open(path)
    assert caught.value.code == "addresses-unreadable"


def test_a_table_of_something_else_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "addresses.sqlite"
    path.touch()
    with pytest.raises(RoutingError) as caught:
        Addresses.open(path)
    assert caught.value.code == "addresses-format"
