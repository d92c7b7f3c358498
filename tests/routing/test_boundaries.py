"""Municipality polygons from hand-written relations and from the real extract."""

import json
from pathlib import Path

import pytest
from shapely.geometry import Point, shape

from routing.build.boundaries import read_boundaries, survey_boundaries
from routing.errors import ExtractError

# Two square villages side by side, 1/100 degree wide, that share the way 12; Mittel has an enclave of its
# neighbour inside. Rand needs a way that is not in the file; Offen does not close.
EXTRACT = """<osm version="0.6">
<node id="1" lon="9.00" lat="48.00"/><node id="2" lon="9.01" lat="48.00"/>
<node id="3" lon="9.01" lat="48.01"/><node id="4" lon="9.00" lat="48.01"/>
<node id="5" lon="9.02" lat="48.00"/><node id="6" lon="9.02" lat="48.01"/>
<node id="7" lon="9.004" lat="48.004"/><node id="8" lon="9.006" lat="48.004"/><node id="9" lon="9.005" lat="48.006"/>
<way id="11"><nd ref="3"/><nd ref="4"/><nd ref="1"/><nd ref="2"/></way>
<way id="12"><nd ref="2"/><nd ref="3"/></way>
<way id="13"><nd ref="2"/><nd ref="5"/><nd ref="6"/><nd ref="3"/></way>
<way id="14"><nd ref="7"/><nd ref="8"/><nd ref="9"/><nd ref="7"/></way>
<relation id="1">
  <member type="way" ref="11" role="outer"/><member type="way" ref="12" role="outer"/>
  <member type="way" ref="14" role="inner"/><member type="node" ref="1" role="admin_centre"/>
  <tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag k="name" v="Mittel"/></relation>
<relation id="2">
  <member type="way" ref="13" role="outer"/><member type="way" ref="12" role="outer"/>
  <member type="way" ref="14" role="outer"/>
  <tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag k="name" v="Alten"/></relation>
<relation id="3">
  <member type="way" ref="13" role="outer"/><member type="way" ref="99" role="outer"/>
  <tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag k="name" v="Rand"/></relation>
<relation id="4">
  <member type="way" ref="13" role="outer"/>
  <tag k="boundary" v="administrative"/><tag k="admin_level" v="6"/><tag k="name" v="Offen"/></relation>
<relation id="5">
  <member type="way" ref="13" role="outer"/><member type="way" ref="12" role="outer"/>
  <tag k="boundary" v="administrative"/><tag k="name" v="Ohne Ebene"/></relation>
</osm>"""


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "villages.osm"
    path.write_text(EXTRACT, encoding="utf-8")
    return path


def test_rings_are_put_together_from_shared_ways(extract: Path) -> None:
    alten, mittel = read_boundaries(extract)
    assert (alten.name, mittel.name) == ("Alten", "Mittel")
    assert alten.admin_level == mittel.admin_level == 8
    assert mittel.polygon.contains(Point(9.002, 48.002))
    assert alten.polygon.contains(Point(9.015, 48.005))
    assert alten.polygon.area + mittel.polygon.area == pytest.approx(2e-4)


def test_an_enclave_belongs_to_the_neighbour(extract: Path) -> None:
    alten, mittel = read_boundaries(extract)
    enclave = Point(9.005, 48.0045)
    assert alten.polygon.contains(enclave)
    assert not mittel.polygon.intersects(enclave)


def test_boundaries_that_are_cut_open_are_named_and_left_out(extract: Path) -> None:
    assert survey_boundaries(extract).incomplete == ("Offen", "Rand")


def test_an_extract_without_boundaries_has_none(tmp_path: Path) -> None:
    path = tmp_path / "empty.osm"
    path.write_text('<osm version="0.6"><node id="1" lon="9" lat="48"/></osm>', encoding="utf-8")
    assert read_boundaries(path) == ()


def test_a_damaged_extract_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "cut.osm"
    path.write_text(EXTRACT[: len(EXTRACT) // 2], encoding="utf-8")
    with pytest.raises(ExtractError, match=r"cut\.osm") as caught:
        read_boundaries(path)
    assert caught.value.code == "extract-truncated"


@pytest.mark.data
def test_liechtenstein_has_its_eleven_municipalities(data_dir: Path) -> None:
    """Polygons equal the published ones to a thousandth of their area (those are simplified)."""
    survey = survey_boundaries(data_dir / "osm" / "liechtenstein-2026-03-29.osm.pbf")
    ours = {each.name: each.polygon for each in survey.boundaries if each.admin_level == 8}
    text = (data_dir / "geo" / "liechtenstein-municipalities.geojson").read_text(encoding="utf-8")
    theirs = {
        feature["properties"]["name"]: shape(feature["geometry"])
        for feature in json.loads(text)["features"]
    }
    assert set(ours) == set(theirs)
    assert len(ours) == 11
    for name, polygon in ours.items():
        assert polygon.is_valid
        assert polygon.symmetric_difference(theirs[name]).area < 1e-3 * polygon.area
    assert "Buchs (SG)" in survey.incomplete
