"""``buergerbus simulate``: one day of demand through the same engine that answers the telephone."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from buergerbus.console import err, out, print_json, steps

_ITERATIONS = 2_000
"""Search after each booking: about what a server does in the seconds it has, and the same every time."""


def simulate(  # noqa: PLR0917  # the options of a command
    region: Annotated[Path, typer.Argument(help="Folder of the region.")],
    area: Annotated[str | None, typer.Option(help="Area; the first one when not named.")] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Day; next Tuesday by default."),
    ] = None,
    riders: Annotated[
        int, typer.Option(min=1, max=5000, help="How many people want to travel.")
    ] = 30,
    seed: Annotated[int, typer.Option(help="Same seed, same day.")] = 1,
    demand: Annotated[
        Path | None, typer.Option(help="Demand model (TOML), see simulations/demand.toml.")
    ] = None,
    improve: Annotated[
        bool, typer.Option(help="Improve the plan after each booking, as the server does.")
    ] = True,
    json: Annotated[bool, typer.Option("--json", help="Print data instead of a table.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a report with pictures.")] = None,
) -> None:
    """Simulate one day and print served share, waiting, ride time, km and occupancy."""
    from regions.region import open_region
    from simulations.model import read_model
    from simulations.report import summary, write_html
    from simulations.run import simulate_day

    opened = open_region(region)
    if area is None and not opened.areas:
        raise typer.BadParameter("The region has no area; build it with --area FILE.toml.")
    area_id = area or next(iter(opened.areas))
    chosen = day.date() if day else _tuesday()
    with steps("Simulating") as step:
        step(f"{riders} riders on {chosen:%A, %d %B %Y}")
        model = read_model(demand) if demand else None
        search = _ITERATIONS if improve else 0
        result = simulate_day(
            opened, area_id, chosen, seed=seed, riders=riders, model=model, improve=search
        )
    if html:
        write_html(result, html)
        err.print(f"Report: {html}")
    if json:
        print_json(result.as_dict())
    else:
        out.print(summary(result))


def _tuesday() -> date:
    """Return an ordinary working day of this week."""
    today = datetime.now().astimezone().date()
    return date.fromisocalendar(today.isocalendar().year, today.isocalendar().week, 2)
