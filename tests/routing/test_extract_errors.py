"""Every unusable extract ends in one sentence."""

import bz2
import gzip
from pathlib import Path

import osmium
import pytest

from routing.build.osm import check_extract
from routing.build.roads import build_roads
from routing.errors import ExtractError
from routing.profile import load_profile

ROAD = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lon="9" lat="48"/><node id="2" lon="9.001" lat="48"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>"""
HTML = "<!DOCTYPE html><html><head><title>404</title></head><body>Not found</body></html>"


def code_of(path: Path) -> str:
    with pytest.raises(ExtractError) as caught:
        check_extract(path)
    assert "\n" not in caught.value.message
    assert str(path) in caught.value.message
    return caught.value.code


def as_pbf(folder: Path) -> Path:
    xml, pbf = folder / "road.osm", folder / "road.osm.pbf"
    xml.write_text(ROAD)
    with osmium.SimpleWriter(pbf) as writer:
        osmium.apply(str(xml), writer)
    return pbf


def test_good_files_in_every_form(tmp_path: Path) -> None:
    pbf = as_pbf(tmp_path)
    packed, bzipped = tmp_path / "road.osm.gz", tmp_path / "road.osm.bz2"
    packed.write_bytes(gzip.compress(ROAD.encode()))
    bzipped.write_bytes(bz2.compress(ROAD.encode()))
    for path in (tmp_path / "road.osm", pbf, packed, bzipped):
        check_extract(path)
        graph, _ = build_roads(path, load_profile())
        assert graph.edges == 2


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.osm.pbf") == "extract-missing"
    assert code_of(tmp_path) == "extract-missing"


@pytest.mark.parametrize("name", ["page.osm.pbf", "page.pbf", "page.osm", "page.osm.gz"])
@pytest.mark.parametrize("text", [HTML, "\n <html lang='de'></html>"])
def test_a_web_page_under_the_name_of_an_extract(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert code_of(path) == "extract-html"


def test_a_truncated_file(tmp_path: Path) -> None:
    whole = as_pbf(tmp_path).read_bytes()
    for suffix, content in [
        (".osm.pbf", whole),
        (".osm", ROAD.encode()),
        (".osm.gz", gzip.compress(ROAD.encode())),
        (".osm.bz2", bz2.compress(ROAD.encode())),
    ]:
        path = tmp_path / f"cut{suffix}"
        for size in (0, 7, len(content) // 2, len(content) - 5):
            path.write_bytes(content[:size])
            assert code_of(path) == "extract-truncated"


def test_an_extract_without_roads(tmp_path: Path) -> None:
    path = tmp_path / "empty.osm"
    path.write_text('<?xml version="1.0"?><osm version="0.6"></osm>')
    assert code_of(path) == "extract-empty"
    path.write_text(ROAD.replace("highway", "building"))
    assert code_of(path) == "extract-empty"


def test_other_files(tmp_path: Path) -> None:
    letter, junk = tmp_path / "letter.txt", tmp_path / "junk.osm.pbf"
    letter.write_text("Sehr geehrte Damen und Herren")
    junk.write_bytes(bytes(range(256)) * 4)
    assert code_of(letter) == "extract-format"
    assert code_of(junk) == "extract-unreadable"
    junk = tmp_path / "gpx.osm"
    junk.write_text("<gpx><trk/></gpx>")
    assert code_of(junk) == "extract-unreadable"


def test_a_road_round_half_the_world(tmp_path: Path) -> None:
    """One wrong coordinate would make times that do not fit into their numbers."""
    path = tmp_path / "far.osm"
    path.write_text(ROAD.replace('lon="9.001"', 'lon="170"'))
    with pytest.raises(ExtractError) as caught:
        build_roads(path, load_profile())
    assert caught.value.code == "extract-absurd-road"
    assert "way 1 " in caught.value.message


def test_a_coordinate_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "far.osm"
    path.write_text(ROAD.replace('lat="48"', 'lat="999"', 1))
    with pytest.raises(ExtractError) as caught:
        build_roads(path, load_profile())
    assert caught.value.code == "extract-unreadable"
