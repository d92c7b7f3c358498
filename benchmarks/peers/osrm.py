"""OSRM with the car profile of its wheel: contraction hierarchy, one thread, on the same extract.

It is asked in process (without HTTP and without making Python objects of the answer, in its favour)
where its module can be imported, and over HTTP as people use it; the faster way counts.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.peers.answers import Float64, Prepared, Routes, Table
from benchmarks.peers.ask import ask, run
from benchmarks.peers.environment import package, program
from benchmarks.peers.errors import PeerError
from benchmarks.peers.osrm_http import Server, serve
from benchmarks.peers.prepared import prepare_once

MODULE = "osrm"
BASE = "roads.osrm"
TENTH_S = 0.1
"""What rounded coordinates and durations may differ by."""


def prepare(osm: Path) -> Prepared | None:
    """Extract and contract `osm` (steps ``extract_s``, ``contract_s``); None if OSRM is not installed."""
    extract, contract = program(MODULE, "osrm-extract"), program(MODULE, "osrm-contract")
    wheel = package(MODULE)
    if extract is None or contract is None or wheel is None:
        return None
    profile = wheel / "share" / "profiles" / "car.lua"
    return prepare_once(
        MODULE,
        osm,
        {
            "extract_s": lambda pbf, made: run(
                [extract, "--threads", "1", "--profile", profile, "--output", made / BASE, pbf]
            ),
            "contract_s": lambda _, made: run([contract, "--threads", "1", made / BASE]),
        },
    )


def table(prepared: Prepared, lon: Float64, lat: Float64, repeats: int = 3) -> Table:
    """Fill the table between places given in degrees (float64[n] each); ways ``http``, ``in process``."""
    with serve(prepared.folder / BASE) as server:
        seconds, http_ms, http_cpu_ms = server.table(np.column_stack([lon, lat]), repeats)
    inside = ask(
        MODULE,
        {
            "base": np.array(str(prepared.folder / BASE)),
            "places": np.column_stack([lon, lat]),
            "pairs": np.zeros((0, 4)),
            "repeats": np.array(repeats),
        },
    )
    wall, processor = {"http": http_ms}, {"http": http_cpu_ms}
    if inside is not None:
        wall["in process"] = float(inside["table_ms"])
        processor["in process"] = float(inside["table_cpu_ms"])
    best = min(wall, key=lambda way: wall[way])
    return Table(seconds, wall[best], processor[best], wall)


def routes(prepared: Prepared, pairs: Float64) -> Routes:
    """Find a route for each row of `pairs` (float64[k, 4]: from lon, lat, to lon, lat)."""
    with serve(prepared.folder / BASE) as server:
        answer = _routes_http(server, pairs)
    inside = ask(
        MODULE,
        {
            "base": np.array(str(prepared.folder / BASE)),
            "places": np.zeros((0, 2)),
            "pairs": pairs,
            "repeats": np.array(1),
        },
    )
    if inside is None:
        return answer
    if not np.allclose(inside["seconds"], answer.seconds, atol=TENTH_S, equal_nan=True):
        raise PeerError("peer-differs", "OSRM answers differently in process and over HTTP.")
    return replace(answer, median_us=min(float(inside["median_us"]), answer.median_us))


def _routes_http(server: Server, pairs: Float64) -> Routes:
    rows = [server.route(pair) for pair in pairs]
    seconds, metres, off_road_m, us = np.array(rows).reshape(-1, 4).T
    return Routes(seconds, metres, off_road_m, float(np.median(us)) if len(us) else 0.0)
