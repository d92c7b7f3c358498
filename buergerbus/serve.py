"""``buergerbus serve`` and ``buergerbus demo``: the operations system."""

from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from buergerbus.console import err, out, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.settings import Settings
    from regions.region import Region

DEMO_START_HOUR = 6
_SATURDAY = 5

Now = Annotated[
    str | None,
    typer.Option(help="Start the clock here, e.g. 2026-01-14T08:00+01:00 (it runs on from there)."),
]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 chooses a free one.")]


def serve(
    regions: Annotated[list[Path], typer.Argument(help="Region folders to serve.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Port = 8000,
    data_dir: Annotated[Path, typer.Option(help="Folder of the database and its secret.")] = Path(
        "var"
    ),
    now: Now = None,
) -> None:
    """Serve regions: pages for residents, coordinator and drivers, and the JSON API."""
    from api.settings import Settings

    settings = Settings(regions=tuple(regions), host=host, port=port, data_dir=data_dir)
    opened = _open(settings)
    _run(settings, opened, _instant(now, _time_zone(opened)))


def demo(
    directory: Annotated[Path, typer.Option("--dir", help="Folder of the demonstration.")] = Path(
        "var/demo"
    ),
    port: Port = 8000,
    seed: Annotated[int, typer.Option(help="Which invented region.")] = 7,
    rides: Annotated[
        int, typer.Option(help="How many residents book during the demonstration.")
    ] = 18,
    now: Now = None,
) -> None:
    """Invent a region, serve it, and let a day of bookings arrive."""
    from api.settings import Settings
    from buergerbus.demo import start_bookings
    from regions.errors import FormatError
    from regions.region import open_region

    folder = directory / f"region-{seed}"
    try:
        open_region(folder)
    except FormatError:
        from regions.build import sample_region  # the prepare step costs two seconds to import

        with steps("Inventing a region (only the first time)") as step:
            sample_region(folder, seed=seed, progress=step)
    settings = Settings(regions=(folder,), port=port, data_dir=directory)
    opened = _open(settings)
    zone = _time_zone(opened)
    start = _instant(now, zone) or _next_workday_morning(datetime.now(zone))
    err.print(f"The clock of the demonstration starts on {start:%A, %d %B %Y at %H:%M}.")
    _run(
        settings,
        opened,
        start,
        after_start=lambda url: start_bookings(url, opened, start, rides, seed),
    )


def _open(settings: "Settings") -> "Mapping[str, Region]":
    """Open the regions and compile what numba has not compiled yet."""
    from api.server import open_regions
    from api.warm import warm

    with steps("Starting") as step:
        step("opening the regions")
        opened = open_regions(settings)
        step("compiling the kernels (slow only the first time)")
        warm(opened)
    return opened


def _run(
    settings: "Settings",
    opened: "Mapping[str, Region]",
    start: datetime | None,
    after_start: "Callable[[str], object] | None" = None,
) -> None:
    """Serve until stopped; print the addresses once the server answers."""
    from api.clock import Clock
    from api.server import serve as run_server

    def ready(url: str) -> None:
        _print_addresses(url, settings)
        if after_start:
            after_start(url)

    run_server(settings, Clock(start), opened, after_start=ready)


def _print_addresses(url: str, settings: "Settings") -> None:
    pages = (
        ("Residents", "/"),
        ("Coordinator", "/leitstelle"),
        ("Drivers", "/fahrer/"),
        ("API", "/docs"),
    )
    for who, path in pages:
        out.print(f"{who:<12} {url}{path}")
    out.print(f"{'Planners':<12} .venv/bin/buergerbus simulate {settings.regions[0]}")
    out.print("Ctrl-C stops the system; nothing is lost.")


def _time_zone(opened: "Mapping[str, Region]") -> tzinfo:
    """Time zone of the first area, for times given without an offset."""
    areas = [area for region in opened.values() for area in region.areas.values()]
    if not areas:
        raise typer.BadParameter("The region has no area; build it with --area FILE.toml.")
    return areas[0].time_zone


def _instant(text: str | None, zone: tzinfo) -> datetime | None:
    """Instant named by ``--now``; without an offset it is a time of the area's clock."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no time; write 2026-01-14T08:00.", param_hint="--now"
        ) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _next_workday_morning(now: datetime) -> datetime:
    """Six o'clock of today, or of Monday at the weekend."""
    day = now
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day.replace(hour=DEMO_START_HOUR, minute=0, second=0, microsecond=0)
