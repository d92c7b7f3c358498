"""How build and table times grow with the size of the roads."""

from argparse import Namespace
from functools import partial

import numpy as np

from benchmarks.patchwork import patchwork
from benchmarks.record import Record, median_ms
from benchmarks.sources import sample_files
from routing.build.roads import build_roads
from routing.graph import RoadGraph
from routing.hierarchy import build_hierarchy
from routing.hierarchy.tables import times_ms
from routing.profile import load_profile
from routing.warm import warm

SEEDS = (7, 8, 9)
VILLAGES, SIZE_KM = 20, 18.0
NODES = (5_000, 20_000, 80_000, 300_000)
QUICK_NODES = (2_000, 4_000, 8_000)
TABLE = 1000


def run(options: Namespace) -> Record:
    """Build graphs of four sizes from generated regions and fit a power of their size.

    The exponent is 1 where a work grows like the roads. ``--picture FILE`` plots it.
    """
    warm()
    patches = [_patch(seed) for seed in SEEDS]
    nodes: list[int] = []
    times: dict[str, list[float]] = {"build": [], "table": []}
    figures: dict[str, float] = {}
    for wanted in QUICK_NODES if options.quick else NODES:
        arcs = patchwork(patches, round(wanted / np.mean([patch.nodes for patch in patches])))
        hierarchy = build_hierarchy(*arcs)
        random = np.random.default_rng(wanted)
        ends = [random.permutation(arcs.nodes)[:TABLE].astype(np.int32) for _ in range(2)]
        nodes.append(arcs.nodes)
        times["build"].append(median_ms(partial(build_hierarchy, *arcs), 3))
        times["table"].append(median_ms(partial(times_ms, hierarchy, *ends), 9))
        figures[f"arcs_{_thousands(wanted)}"] = hierarchy.arcs
        for name, values in times.items():
            figures[f"{name}_{_thousands(wanted)}_ms"] = values[-1]
    for name, values in times.items():
        figures[f"exponent_{name}"] = float(np.polyfit(np.log(nodes), np.log(values), 1)[0])
    if options.picture is not None:
        from benchmarks.pictures import growth

        titles = {"build": "hierarchy", "table": f"{TABLE} x {TABLE} table"}
        lines = {
            f"{titles[name]}: grows with n^{figures[f'exponent_{name}']:.2f}": values
            for name, values in times.items()
        }
        growth(options.picture, nodes, lines)
    work = {"nodes": nodes, "regions_of": f"{VILLAGES} villages", "table": TABLE}
    return Record("growth", work, figures)


def _patch(seed: int) -> RoadGraph:
    """Return the roads of a small generated region."""
    with sample_files(VILLAGES, SIZE_KM, seed) as files:
        return build_roads(files.osm, load_profile())[0]


def _thousands(nodes: int) -> str:
    return f"{nodes // 1000}k"
