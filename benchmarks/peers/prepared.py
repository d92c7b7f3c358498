"""Keep what a peer made of an extract, so that a second run is quick."""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import osmium

from benchmarks.peers.answers import Prepared
from benchmarks.peers.environment import folder, version

STEPS = "steps.json"


def prepare_once(
    module: str, osm: Path, steps: Mapping[str, Callable[[Path, Path], None]]
) -> Prepared:
    """Run each of `steps` on (the extract as .osm.pbf, folder), unless this was done before.

    The folder is named for the extract's content and the peer's version, and appears only complete.
    """
    with osm.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    target = folder() / module / f"{content}-{version(module)}"
    if not (target / STEPS).exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as place:
            made = Path(place) / "made"
            made.mkdir()
            extract = as_pbf(osm, Path(place))
            seconds = {name: _seconds(step, extract, made) for name, step in steps.items()}
            (made / STEPS).write_text(json.dumps(seconds))
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)
    return Prepared(target, version(module), json.loads((target / STEPS).read_text()))


def as_pbf(osm: Path, place: Path) -> Path:
    """Return `osm` itself if it is a .pbf, else a sorted copy of it as .osm.pbf in `place`."""
    if osm.suffix == ".pbf":
        return osm.resolve()
    copy = place / "extract.osm.pbf"
    objects = osmium.MergeInputReader()
    objects.add_file(str(osm))
    with osmium.SimpleWriter(str(copy)) as writer:
        objects.apply(writer)
    return copy


def _seconds(step: Callable[[Path, Path], None], extract: Path, made: Path) -> float:
    begun = time.perf_counter()
    step(extract, made)
    return time.perf_counter() - begun
