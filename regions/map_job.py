"""Drawing the map in a process of its own: it takes longest and needs nothing of the other steps."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regions.errors import RegionError
from regions.tiles import build_tiles
from routing.errors import ExtractError, RoutingError

_REFUSED = 2
_ERRORS = {"extract": ExtractError, "region": RegionError}


class MapJob:
    """A map that is being drawn.

    Parameters
    ----------
    osm, target, work
        As for `regions.tiles.build_tiles`.
    """

    def __init__(self, osm: Path, target: Path, work: Path) -> None:
        command = [sys.executable, "-m", "regions.map_job", *map(str, (osm, target, work))]
        self.process = subprocess.Popen(  # noqa: S603  # our own program and arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that it can be ended together with tippecanoe, its child
        )

    def finish(self) -> None:
        """Wait for the map.

        Raises
        ------
        routing.errors.ExtractError, RegionError
            As `regions.tiles.build_tiles` does.
        """
        _, said = self.process.communicate()
        if self.process.returncode == _REFUSED:
            kind, code, message = json.loads(said.splitlines()[-1])
            raise _ERRORS[kind](code, message)
        if self.process.returncode:
            reason = " ".join(said.split())[-300:]
            raise RegionError("map-failed", f"The map could not be drawn: {reason}.")


@contextmanager
def drawing(osm: Path, target: Path, work: Path) -> Iterator[MapJob]:
    """Draw a map while the block runs; it ends with the block if that fails."""
    job = MapJob(osm, target, work)
    try:
        yield job
    finally:
        if job.process.poll() is None:
            os.killpg(job.process.pid, signal.SIGTERM)
            job.process.communicate()


def main(arguments: list[str]) -> int:
    """Draw a map; a refusal is one line of JSON on standard error."""
    osm, target, work = map(Path, arguments)
    try:
        build_tiles(osm, target, work)
    except (RoutingError, RegionError) as error:
        kind = "extract" if isinstance(error, RoutingError) else "region"
        sys.stderr.write(json.dumps([kind, error.code, error.message]))
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
