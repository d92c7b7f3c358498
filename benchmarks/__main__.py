"""One door: ``python -m benchmarks NAME [options] [--json]``; ``all --quick`` runs each in its quick form."""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.record import Record

NAMES = (
    "tables",
    "paths",
    "closures",
    "growth",
    "durations",
    "addresses",
    "region",
    "insertion",
    "timetable",
)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks named on the command line; 2 for wrong input."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", choices=[*NAMES, "all"])
    parser.add_argument("--osm", type=Path, help="OSM extract; an invented region when not given")
    parser.add_argument("--gtfs", "--feed", type=Path, help="GTFS feed")
    parser.add_argument("--size", type=int, default=1000, help="edge of a travel-time table")
    parser.add_argument("--pairs", type=int, default=500, help="trips compared with other engines")
    parser.add_argument("--picture", type=Path, help="SVG file for a picture (durations, growth)")
    parser.add_argument("--shifts", type=int, default=20)
    parser.add_argument("--rides", type=int, default=400, help="rides already planned")
    parser.add_argument("--quick", action="store_true", help="small work, for a first impression")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options = parser.parse_args(arguments)
    for name in NAMES if options.name == "all" else (options.name,):
        run: Callable[[argparse.Namespace], Record] = import_module(f"benchmarks.{name}").run
        try:
            record = run(options)
        except Exception as error:
            if not hasattr(error, "code"):
                raise
            print(f"benchmarks {name}: {error}", file=sys.stderr)
            return 2
        print(
            json.dumps(record.as_dict(), ensure_ascii=False) if options.json else record.as_table()
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
