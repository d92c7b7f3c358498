"""The work of a benchmark: files named on the command line, or an invented region."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regions.sample import SampleFiles, write_sample


@contextmanager
def sample_files(villages: int = 8, size_km: float = 15.0, seed: int = 7) -> Iterator[SampleFiles]:
    """Yield the files of an invented region in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield write_sample(Path(folder) / "sources", seed=seed, villages=villages, size_km=size_km)


@contextmanager
def extract(osm: Path | None) -> Iterator[Path]:
    """Yield the extract named, or an invented one."""
    if osm is not None:
        yield osm
        return
    with sample_files() as files:
        yield files.osm
