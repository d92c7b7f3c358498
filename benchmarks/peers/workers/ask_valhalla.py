"""Build tiles with Valhalla or ask it for routes; arrays as `benchmarks.peers.valhalla` says."""

import json
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

EARTH_M_PER_DEGREE = 111_195.0


def main(folder: Path) -> None:
    """Answer the question in `folder`."""
    valhalla: Any = import_module("valhalla")
    with np.load(folder / "question.npz") as file:
        question = {name: file[name] for name in file.files}
    settings = valhalla.get_config(tile_extract="", tile_dir=str(question["tiles"]))
    answer = {}
    if "extract" in question:
        config = folder / "config.json"
        config.write_text(json.dumps(settings))
        build = [str(question["program"]), "--config", str(config), "--concurrency", "1"]
        subprocess.run([*build, str(question["extract"])], check=True)
    else:
        actor = valhalla.Actor(settings)
        rows, us = [], []
        for pair in question["pairs"].tolist():
            begun = time.perf_counter()
            rows.append(_route(valhalla, actor, *pair))
            us.append((time.perf_counter() - begun) * 1e6)
        names = ("seconds", "metres", "off_road_m")
        answer = dict(zip(names, np.array(rows).reshape(-1, 3).T, strict=True))
        answer["median_us"] = np.array(median(us) if us else 0.0)
    np.savez(folder / "answer.npz", allow_pickle=False, **answer)


def _route(
    valhalla: Any,  # noqa: ANN401 - untyped library
    actor: Any,  # noqa: ANN401
    *pair: float,
) -> tuple[float, float, float]:
    """Return seconds, metres, and metres both ends were moved; nan where there is no route."""
    asked = list(zip(pair[::2], pair[1::2], strict=True))
    question = {
        "locations": [{"lon": lon, "lat": lat} for lon, lat in asked],
        "costing": "auto",
        "units": "kilometers",
        "directions_type": "none",
    }
    try:
        trip = actor.route(question)["trip"]
    except valhalla.ValhallaError:  # how it says that there is no route
        return np.nan, np.nan, np.nan
    shape = _decode(trip["legs"][0]["shape"])
    moved = sum(_metres(*at, *end) for at, end in zip(asked, (shape[0], shape[-1]), strict=True))
    return trip["summary"]["time"], trip["summary"]["length"] * 1000, moved


def _decode(shape: str) -> list[tuple[float, float]]:
    """Return lon and lat of an encoded line of six decimals."""
    values, value, shift = [], 0, 0
    for letter in shape:
        bits = ord(letter) - 63
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:  # noqa: PLR2004 - the last five bits of a number
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value, shift = 0, 0
    lat, lon = np.cumsum(values[::2]) / 1e6, np.cumsum(values[1::2]) / 1e6
    return list(zip(lon.tolist(), lat.tolist(), strict=True))


def _metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    east = (other_lon - lon) * np.cos(np.radians(lat))
    return float(np.hypot(east, other_lat - lat) * EARTH_M_PER_DEGREE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
