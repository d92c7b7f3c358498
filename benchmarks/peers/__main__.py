"""``python -m benchmarks.peers install [--python PATH]`` or ``python -m benchmarks.peers list``."""

import argparse
import sys
from pathlib import Path

from benchmarks.peers.environment import DISTRIBUTIONS, NOT_INSTALLED, interpreter, version
from benchmarks.peers.errors import PeerError
from benchmarks.peers.install import install


def main(arguments: list[str] | None = None) -> int:
    """Install the peers, or say which are there; 1 if one cannot be had here."""
    parser = argparse.ArgumentParser(prog="benchmarks.peers", description=__doc__)
    parser.add_argument("action", choices=["install", "list"])
    parser.add_argument("--python", type=Path, help="Python to make the environment with")
    options = parser.parse_args(arguments)
    missing: list[str] = []
    if options.action == "install":
        try:
            missing = install(options.python)
        except PeerError as error:
            print(f"benchmarks.peers: {error}", file=sys.stderr)
            return 2
    for module, distribution in DISTRIBUTIONS.items():
        importable = "" if interpreter(module) else ", programs only"
        found = version(module)
        print(f"{distribution:<16}{found + importable if found else NOT_INSTALLED}")
    for wish in missing:
        print(f"no wheel of {wish} can be used here", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
