"""The picture of the house holds, and a planted breach is caught."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
HEAVY = ("osmnx", "networkx", "pandas", "gtfs_kit", "ortools", "osmium", "geopandas")


def test_server_start_imports_nothing_heavy() -> None:
    """Opening a region and building the app must not load the tools of the prepare step."""
    script = (
        "import sys, regions.region, dispatch.engine, api.app\n"
        f"print(','.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=REPOSITORY
    )
    assert result.stdout.strip() == ""


def test_layers_hold() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    assert result.returncode == 0, result.stdout
