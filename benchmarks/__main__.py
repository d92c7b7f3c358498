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
    "journeys",
    "reach",
    "missed",
    "darp",
    "pdptw",
    "vulkaneifel",
    "bookings",
    "crash",
)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks named on the command line; 2 for wrong input."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", choices=[*NAMES, "all"])
    parser.add_argument("--osm", type=Path, help="OSM extract; an invented region when not given")
    parser.add_argument("--gtfs", "--feed", type=Path, help="GTFS feed")
    parser.add_argument("--size", type=int, default=1000, help="edge of a travel-time table")
    parser.add_argument("--pairs", type=int, default=500, help="trips compared with other engines")
    parser.add_argument(
        "--picture", type=Path, help="SVG file for a picture (durations, growth, darp, reach)"
    )
    parser.add_argument("--shifts", type=int, default=20)
    parser.add_argument("--rides", type=int, default=400, help="rides already planned")
    parser.add_argument("--journeys", type=int, default=60, help="with a ride and a line (missed)")
    parser.add_argument("--single-rides", type=int, default=40, help="booked besides (missed)")
    _add_planning(parser)
    _add_day(parser)
    _add_service(parser)
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
            if options.name == "all" and error.code == "data-missing":
                continue
            return 2
        print(
            json.dumps(record.as_dict(), ensure_ascii=False) if options.json else record.as_table()
        )
    return 0


def _add_day(parser: argparse.ArgumentParser) -> None:
    """Add the options of a day played call by call (vulkaneifel)."""
    parser.add_argument(
        "--data", type=Path, help="folder of the real data; as for the tests if not given"
    )
    parser.add_argument(
        "--share", type=float, default=0.05, help="share of the day's requests, up to 1"
    )
    parser.add_argument("--fleet", type=int, help="buses; scaled to the requests when not given")
    parser.add_argument("--lead", type=int, default=120, help="minutes between call and wish")
    parser.add_argument("--improve", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--every", type=int, default=2, help="minutes between two improvements")
    parser.add_argument("--iterations", type=int, default=3_000, help="search for each improvement")
    parser.add_argument("--seed", type=int, default=1)


def _add_service(parser: argparse.ArgumentParser) -> None:
    """Add the options of a server under load (bookings, crash)."""
    parser.add_argument("--rate", type=float, default=50.0, help="bookings a second")
    parser.add_argument("--listeners", type=int, default=500, help="pages that listen to a day")
    parser.add_argument("--tablets", type=int, default=100, help="tablets that ask every 10 s")
    parser.add_argument("--kills", type=int, default=20, help="how often the server is killed")
    parser.add_argument("--database", help="address of a PostgreSQL database; a file if not given")


def _add_planning(parser: argparse.ArgumentParser) -> None:
    """Add the options of static problems (darp, pdptw)."""
    parser.add_argument(
        "--instances", type=Path, help="folder of instances; invented when not given"
    )
    parser.add_argument(
        "--best-known", type=Path, help="CSV: instance, cost (vehicles, set, status)"
    )
    parser.add_argument("--only", metavar="GLOB", help="only instances whose name matches")
    parser.add_argument("--seconds", type=float, default=10.0, help="search time for each run")
    parser.add_argument("--seeds", type=int, default=1, help="runs of each instance")
    parser.add_argument("--processor-time", action="store_true", help="seconds of processor time")
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time, one thread each")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)


if __name__ == "__main__":
    sys.exit(main())
