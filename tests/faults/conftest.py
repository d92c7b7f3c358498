"""What the faults need: the village of the API's tests, servers of their own process, and how often."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.busy_area import BusyRegion, ServerProcess, serving
from tests.api.conftest import (  # noqa: F401  # fixtures
    LAT_STEP,
    LON_STEP,
    SIZE,
    SOUTH,
    WEST,
    _quiet_log,
    postgres_server,
    postgres_url,
    region,
    start,
    store_url,
    village,
)

QUIET = {"BUERGERBUS_IMPROVE": "false", "PYTHONWARNINGS": "ignore"}


@pytest.fixture(scope="session")
def times() -> Callable[[int, int], int]:
    """Choose how often: the first in the suite, the second with ``HYPOTHESIS_PROFILE=long``."""
    long = os.environ.get("HYPOTHESIS_PROFILE") == "long"
    return lambda quick, thorough: thorough if long else quick


@pytest.fixture
def serve(village: Path, tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:  # noqa: F811
    """Start servers of the village in processes of their own, all on one database."""
    houses = tuple(
        (round(WEST + column * LON_STEP + 0.0003, 6), round(SOUTH + row * LAT_STEP + 0.0002, 6))
        for column in range(SIZE)
        for row in range(SIZE)
    )
    with ExitStack() as stack:

        def started() -> ServerProcess:
            place = BusyRegion(village, "talheim", houses)
            server = ServerProcess(place, tmp_path / "data", environment=QUIET)
            return stack.enter_context(serving(server))

        yield started
