"""Are our driving times plausible: our fastest paths against the car profiles of OSRM and Valhalla."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import osrm, valhalla
from benchmarks.peers.answers import Float64, Prepared, Routes
from benchmarks.peers.environment import NOT_INSTALLED
from benchmarks.peers.errors import PeerError
from benchmarks.record import Record
from benchmarks.sources import extract
from benchmarks.trips import APART_M, random_trips
from routing.build.roads import build_roads
from routing.graph import RoadGraph
from routing.profile import load_profile
from routing.snap import Snapper
from routing.travel_times import TravelTimes

SEED = 1
QUICK_PAIRS = 50
SAME_ROAD_M = 25.0
"""Both ends together: a peer that has to move them farther does not know the road, so it is not compared."""

OUTLIERS = 10
PERCENTILES = (5, 25, 50, 75, 95)
PEERS: dict[str, tuple[Callable[[Path], Prepared | None], Callable[..., Routes | None]]] = {
    "osrm": (osrm.prepare, osrm.routes),
    "valhalla": (valhalla.prepare, valhalla.routes),
}


def run(options: Namespace) -> Record:
    """Compare ``--pairs`` random trips of at least 1 km between places on roads where people live.

    Figures ``time_PEER_pNN`` and ``length_PEER_pNN`` are percentiles of our value over the peer's.
    """
    wanted = min(options.pairs, QUICK_PAIRS) if options.quick else options.pairs
    figures: dict[str, float] = {}
    peers: dict[str, Any] = {}
    minutes: dict[str, Float64] = {}
    with extract(options.osm) as osm:
        graph, _ = build_roads(osm, load_profile())
        trips = random_trips(graph, wanted, SEED)
        ours = _ours(graph, trips)
        for name in PEERS:
            found, peers[name] = _ask(name, osm, trips)
            if found is not None:
                minutes[name] = found.seconds / 60
                figures |= _compare(name, trips, ours, found, peers[name])
        source = osm.name
    if options.picture is not None:
        from benchmarks.pictures import scatter

        scatter(options.picture, ours[:, 0] / 60, minutes, "minutes")
    if not options.json:
        _print_outliers(peers)
    work = {"osm": source, "pairs": len(trips), "seed": SEED, "at_least_m": APART_M}
    return Record("durations", work, figures, peers)


def _ours(graph: RoadGraph, trips: Float64) -> Float64:
    """Return float64[k, 2]: seconds and metres of our fastest paths."""
    snapper, times = Snapper(graph), TravelTimes(graph)
    places = [snapper.snap(lon, lat, SAME_ROAD_M) for lon, lat in trips.reshape(-1, 2).tolist()]
    known = np.array(times.add_many(places)).reshape(-1, 2).tolist()
    paths = [times.path(*ends) for ends in known]
    return np.array([(path.seconds, path.metres) for path in paths], dtype=np.float64)


def _ask(name: str, osm: Path, trips: Float64) -> tuple[Routes | None, Any]:
    """Return a peer's routes, if there are any, and what is to be said of the peer."""
    prepare, find = PEERS[name]
    try:
        prepared = prepare(osm)
        found = find(prepared, trips) if prepared else None
    except PeerError as error:
        return None, str(error)
    if prepared is None or found is None:
        return None, NOT_INSTALLED
    return found, {"version": prepared.version, "no_route": int(np.isnan(found.seconds).sum())}


def _compare(
    name: str, trips: Float64, ours: Float64, found: Routes, said: dict[str, Any]
) -> dict[str, float]:
    """Return the percentiles of the ratios, and add to `said` what was compared and what stands out."""
    same_roads = found.off_road_m <= SAME_ROAD_M
    ratios = {"time": ours[:, 0] / found.seconds, "length": ours[:, 1] / found.metres}
    said["compared"] = int(same_roads.sum())
    said["outliers"] = [
        _described(pair, trips, ours, found)
        for pair in _strangest(np.where(same_roads, ratios["time"], np.nan))
    ]
    return {
        f"{what}_{name}_p{share:02}": float(np.percentile(values[same_roads], share))
        for what, values in ratios.items()
        for share in PERCENTILES
        if same_roads.any()
    }


def _strangest(ratios: Float64) -> list[int]:
    """Return where ratios are farthest from the usual one, upwards or downwards; nan is left out."""
    known = np.flatnonzero(np.isfinite(ratios))
    if not len(known):
        return []
    apart = np.abs(np.log(ratios[known] / np.median(ratios[known])))
    found: list[int] = known[np.argsort(-apart, kind="stable")[:OUTLIERS]].tolist()
    return found


def _described(pair: int, trips: Float64, ours: Float64, found: Routes) -> dict[str, Any]:
    west, south, east, north = trips[pair].round(6).tolist()
    return {
        "from": [south, west],
        "to": [north, east],
        "our_s": int(ours[pair, 0]),
        "s": float(found.seconds[pair]),
        "our_m": int(ours[pair, 1]),
        "m": float(found.metres[pair]),
    }


def _print_outliers(peers: dict[str, Any]) -> None:
    """Move the outliers from `peers` to lines of their own."""
    for name, said in peers.items():
        if not isinstance(said, dict):
            continue
        print(f"\nmost unlike {name} (latitude, longitude):")
        for row in said.pop("outliers"):
            start, end = (f"{lat:.5f},{lon:.5f}" for lat, lon in (row["from"], row["to"]))
            print(
                f"  {start} -> {end}  {row['our_s'] / row['s']:.2f} x  ours {row['our_s']:>5} s"
                f" {row['our_m']:>6} m  {name} {row['s']:>7.0f} s {row['m']:>7.0f} m"
            )
