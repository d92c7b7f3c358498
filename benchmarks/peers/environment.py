"""Where the peers live: ``var/peers``, or the folder named by ``BUERGERBUS_PEERS``."""

import os
from importlib.metadata import distributions
from pathlib import Path

from benchmarks.record import REPOSITORY

NOT_INSTALLED = "not installed"
"""What a benchmark says of a peer that is not there."""

DISTRIBUTIONS = {
    "pyroutingkit": "pyroutingkit",
    "osrm": "osrm-bindings",
    "valhalla": "pyvalhalla",
    "pyvrp": "pyvrp",
    "vroom": "pyvroom",
}
"""Module → distribution in the registry."""


def folder() -> Path:
    """Return the folder of the peers, whether it exists or not."""
    named = os.environ.get("BUERGERBUS_PEERS")
    return Path(named).resolve() if named else REPOSITORY / "var" / "peers"


def environment() -> Path:
    """Return the virtual environment of the peers."""
    return folder() / "environment"


def unpacked() -> Path:
    """Return where wheels lie whose programs run here though no Python here can import them."""
    return folder() / "unpacked"


def interpreter(module: str) -> Path | None:
    """Return the Python that can import the peer `module`; None if there is none."""
    python = environment() / "bin" / "python"
    found = python.exists() and any((site / module).is_dir() for site in _sites())
    return python if found else None


def package(module: str) -> Path | None:
    """Return the folder of the peer `module`, importable or not; None if it is not installed."""
    places = (place / module for place in (*_sites(), unpacked()))
    return next((place for place in places if place.is_dir()), None)


def program(module: str, name: str) -> Path | None:
    """Return the program `name` that the wheel of `module` carries; None if it is not installed."""
    place = package(module)
    found = place / "bin" / name if place else None
    return found if found and os.access(found, os.X_OK) else None


def version(module: str) -> str:
    """Return the installed version of the peer `module`; "" if it is not installed."""
    paths = [str(place) for place in (*_sites(), unpacked())]
    found = distributions(name=DISTRIBUTIONS[module], path=paths)
    return next((each.version for each in found), "")


def _sites() -> list[Path]:
    return sorted(environment().glob("lib/python3.*/site-packages"))
