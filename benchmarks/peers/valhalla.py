"""Valhalla with its costing for cars, in process, one thread, on the same extract."""

from pathlib import Path

import numpy as np

from benchmarks.peers.answers import Float64, Prepared, Routes
from benchmarks.peers.ask import ask
from benchmarks.peers.environment import interpreter, program
from benchmarks.peers.prepared import prepare_once

MODULE = "valhalla"
TILES = "tiles"


def prepare(osm: Path) -> Prepared | None:
    """Build the tiles of `osm` (step ``tiles_s``); None if Valhalla is not installed."""
    build = program(MODULE, "valhalla_build_tiles")
    if build is None or interpreter(MODULE) is None:
        return None

    def tiles(pbf: Path, made: Path) -> None:
        (made / TILES).mkdir()
        words = {"tiles": made / TILES, "program": build, "extract": pbf}
        ask(MODULE, {name: np.array(str(word)) for name, word in words.items()})

    return prepare_once(MODULE, osm, {"tiles_s": tiles})


def routes(prepared: Prepared, pairs: Float64) -> Routes | None:
    """Find a route for each row of `pairs` (float64[k, 4]: from lon, lat, to lon, lat)."""
    answer = ask(MODULE, {"tiles": np.array(str(prepared.folder / TILES)), "pairs": pairs})
    if answer is None:
        return None
    return Routes(
        answer["seconds"], answer["metres"], answer["off_road_m"], float(answer["median_us"])
    )
