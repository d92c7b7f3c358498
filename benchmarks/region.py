"""From an extract to a region folder, and opening it."""

import tempfile
import time
from argparse import Namespace
from pathlib import Path

from benchmarks.memory import peak_memory
from benchmarks.record import Record, median_ms
from benchmarks.sources import sample_files
from regions.build import Sources, build_region
from regions.region import open_region


def run(options: Namespace) -> Record:
    """Build the region of ``--osm`` and ``--gtfs`` (invented ones when not given)."""
    if options.osm is not None:
        return _measure(Sources(osm=options.osm, gtfs=(options.gtfs,) if options.gtfs else ()))
    with sample_files() as files:
        return _measure(Sources(files.osm, (files.gtfs,), files.areas, invented=True))


def _measure(sources: Sources) -> Record:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "region"
        with peak_memory() as peak:
            begun = time.perf_counter()
            region = build_region(sources, target)
            build_s = time.perf_counter() - begun
        open_ms = median_ms(lambda: open_region(target), 9)
        size_mb = sum(file.stat().st_size for file in target.rglob("*") if file.is_file()) / 1e6
        roads = region.manifest.counts["roads"]
    return Record(
        "region",
        {"osm": sources.osm.name, "gtfs": ", ".join(feed.name for feed in sources.gtfs) or "none"},
        {
            "build_s": build_s,
            "peak_mb": peak.mb,
            "open_ms": open_ms,
            "size_mb": size_mb,
            "nodes": roads["nodes"],
            "edges": roads["edges"],
        },
    )
