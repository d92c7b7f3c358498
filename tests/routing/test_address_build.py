"""Building the address table: counts, odd tagging, order of ids, repeatability, the real extracts."""

import random
from pathlib import Path

import osmium
import pytest

from routing.addresses import Addresses
from routing.addresses.text import fold
from routing.build.addresses import build_addresses
from routing.build.addresses.reader import gather
from routing.build.boundaries import read_boundaries
from routing.errors import ExtractError

# Two Hauptstraßen of one municipality, in villages 5 km apart that were merged; houses drawn as a way
# and as a multipolygon; one house tagged twice (entrance and outline). The ids are not in order.
EXTRACT = """<osm version="0.6">
<node id="30" lon="9.0000" lat="48.0000"><tag k="place" v="village"/><tag k="name" v="Altheim"/></node>
<node id="29" lon="9.0700" lat="48.0000"><tag k="place" v="village"/><tag k="name" v="Neuheim"/></node>
<node id="28" lon="9.0001" lat="48.0001"><tag k="addr:street" v="Hauptstraße"/>
  <tag k="addr:housenumber" v="3"/><tag k="addr:city" v="Altheim"/></node>
<node id="27" lon="9.0701" lat="48.0001"><tag k="addr:street" v="Hauptstraße"/>
  <tag k="addr:housenumber" v="3"/><tag k="addr:city" v="Altheim"/></node>
<node id="1" lon="9.0010" lat="48.0000"/><node id="2" lon="9.0012" lat="48.0000"/>
<node id="3" lon="9.0012" lat="48.0002"/><node id="4" lon="9.0010" lat="48.0002"/>
<way id="8"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
  <tag k="building" v="yes"/><tag k="addr:street" v="Gasse"/><tag k="addr:housenumber" v="1"/></way>
<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
<node id="5" lon="9.0011" lat="48.0001"><tag k="addr:street" v="Gasse"/><tag k="addr:housenumber" v="1"/></node>
<node id="6" lon="9.0020" lat="48.0001"><tag k="addr:housenumber" v="44"/></node>
<relation id="1"><member type="way" ref="7" role="outer"/><tag k="type" v="multipolygon"/>
  <tag k="amenity" v="school"/><tag k="name" v="Grundschule"/></relation>
</osm>"""


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "two-villages.osm"
    path.write_text(EXTRACT, encoding="utf-8")
    return path


def test_counts_are_what_the_extract_holds(extract: Path, tmp_path: Path) -> None:
    report = build_addresses(extract, tmp_path / "a.sqlite", ())
    assert report.counts == {
        "addresses": 5,
        "streets": 3,
        "settlements": 2,
        "pois": 1,
        "stops": 0,
    }


def test_two_streets_of_one_name_are_told_apart_by_their_village(
    extract: Path, tmp_path: Path
) -> None:
    build_addresses(extract, tmp_path / "a.sqlite", ())
    addresses = Addresses.open(tmp_path / "a.sqlite")
    found = addresses.search("Hauptstraße 3")
    neuheim = addresses.search("Hauptstraße 3 Neuheim")[0]
    addresses.close()
    assert {each.label for each in found} == {
        "Hauptstraße 3, Altheim",
        "Hauptstraße 3 (Neuheim), Altheim",
    }
    assert (neuheim.label, neuheim.lon) == ("Hauptstraße 3 (Neuheim), Altheim", 9.0701)


def test_outlines_become_points_and_entrance_and_house_are_one(
    extract: Path, tmp_path: Path
) -> None:
    build_addresses(extract, tmp_path / "a.sqlite", ())
    addresses = Addresses.open(tmp_path / "a.sqlite")
    (house,) = addresses.search("Gasse 1")
    (school,) = addresses.search("Grundschule")
    addresses.close()
    assert house.label == "Gasse 1, Altheim"
    assert (school.lon, school.lat) == pytest.approx((9.0011, 48.0001))


def test_a_number_without_street_belongs_to_its_settlement(extract: Path, tmp_path: Path) -> None:
    build_addresses(extract, tmp_path / "a.sqlite", ())
    addresses = Addresses.open(tmp_path / "a.sqlite")
    assert addresses.search("Altheim 44")[0].label == "Altheim 44"
    addresses.close()


def test_the_same_extract_gives_the_same_bytes(extract: Path, tmp_path: Path) -> None:
    """Building is repeatable to the byte."""
    build_addresses(extract, tmp_path / "one.sqlite", ())
    build_addresses(extract, tmp_path / "two.sqlite", ())
    assert (tmp_path / "one.sqlite").read_bytes() == (tmp_path / "two.sqlite").read_bytes()


def test_a_broken_extract_leaves_the_old_table(extract: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.sqlite"
    build_addresses(extract, target, ())
    before = target.read_bytes()
    extract.write_text(EXTRACT[:900], encoding="utf-8")
    with pytest.raises(ExtractError):
        build_addresses(extract, target, ())
    assert target.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.sqlite", "two-villages.osm"]


ADDRESS_COUNTS = {
    "liechtenstein-2026-03-29.osm.pbf": 12_559,
    "north-bayreuth-2014.osm.gz": 800,
    "lauf-pegnitz-2020.osm.pbf": 5_425,
    "goeppingen-faurndau-2016.osm": 1_005,
}


@pytest.mark.data
@pytest.mark.parametrize(("name", "count"), ADDRESS_COUNTS.items())
def test_real_extracts_hold_as_many_addresses_as_counted(
    data_dir: Path, name: str, count: int
) -> None:
    assert len(gather(data_dir / "osm" / name).addresses) == count


@pytest.mark.data
@pytest.mark.parametrize("name", ["liechtenstein-2026-03-29.osm.pbf", "north-bayreuth-2014.osm.gz"])
def test_real_addresses_are_found_as_written_and_as_people_write(
    data_dir: Path, tmp_path: Path, name: str
) -> None:
    """Of 200 addresses all are first as tagged, at least 90 % after seeded damage."""
    osm = data_dir / "osm" / name
    build_addresses(osm, tmp_path / "a.sqlite", read_boundaries(osm))
    addresses = Addresses.open(tmp_path / "a.sqlite")
    chance = random.Random(20)
    sample = chance.sample(_tagged(osm), 200)
    written = sum(_is_first(addresses, f"{s} {n}, {city}", s, n) for s, n, city in sample)
    damaged = sum(
        _is_first(addresses, f"{_damaged(chance, s)} {n} {_damaged(chance, city)}", s, n)
        for s, n, city in sample
    )
    addresses.close()
    assert written == 200
    assert damaged >= 180


def _tagged(osm: Path) -> list[tuple[str, str, str]]:
    """Street, number and city of the complete addresses of an extract."""
    keys = osmium.filter.KeyFilter("addr:housenumber")
    tags = (thing.tags for thing in osmium.FileProcessor(osm).with_filter(keys))
    found = [
        (t["addr:street"], t["addr:housenumber"], t["addr:city"])
        for t in tags
        if "addr:street" in t and "addr:city" in t
    ]
    return sorted(set(found))


def _damaged(chance: random.Random, text: str) -> str:
    """One typing error, and umlauts and ß gone."""
    at = chance.randrange(1, max(2, len(text) - 1))
    errors = (
        text[:at] + text[at + 1 :],
        text[:at] + chance.choice("enrtm") + text[at:],
        text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :] if at < len(text) else text,
    )
    for umlaut, plain in zip("äöüÄÖÜ", "aouAOU", strict=True):
        errors = tuple(error.replace(umlaut, plain) for error in errors)
    return chance.choice(errors).replace("ß", "ss")


def _is_first(addresses: Addresses, text: str, street: str, number: str) -> bool:
    found = addresses.search(text)
    return bool(found) and fold(f"{street} {number}") in fold(found[0].label)
