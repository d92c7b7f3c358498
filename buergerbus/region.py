"""``buergerbus region``: build, invent and look at prepared data."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from buergerbus.console import out, print_json, print_table, steps

if TYPE_CHECKING:
    from regions.region import Region

app = typer.Typer(help="Build, invent and look at regions.", no_args_is_help=True)

Target = Annotated[Path, typer.Option("--output", "-o", help="Folder of the region.")]
Json = Annotated[bool, typer.Option("--json", help="Print data instead of a table.")]


@app.command()
def build(  # each option is one thing a person may say
    output: Target,
    osm: Annotated[
        Path | None, typer.Option(help="OSM extract: .osm.pbf, .osm, .osm.gz, .osm.bz2")
    ] = None,
    place: Annotated[
        str | None, typer.Option(help='Fetch the extract of a place, e.g. "Bad Boll".')
    ] = None,
    gtfs: Annotated[
        list[Path] | None, typer.Option(help="GTFS feed (zip); may be repeated.")
    ] = None,
    area: Annotated[
        list[Path] | None, typer.Option(help="Area file (TOML); may be repeated.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the region.")] = None,
    winter: Annotated[
        bool, typer.Option("--winter", help="Driving times of winter roads.")
    ] = False,
    json: Json = False,
) -> None:
    """Turn an OSM extract, a timetable and area files into a region folder."""
    from regions.build import Sources, build_region

    with steps("Building the region") as step:
        if (osm is None) == (place is None):
            raise typer.BadParameter("Name either --osm FILE or --place NAME.")
        if place is not None:
            from routing.build.download import download_place

            step(f"fetching {place} from OpenStreetMap")
            osm = download_place(place, output.parent / f"{output.name}.osm")
        if osm is None:
            raise typer.BadParameter("Name an extract with --osm FILE.")
        sources = Sources(
            osm=osm, gtfs=tuple(gtfs or ()), areas=tuple(area or ()), name=name, winter=winter
        )
        region = build_region(sources, output, step)
    _show(region, as_json=json)


@app.command()
def sample(
    output: Target,
    seed: Annotated[int, typer.Option(help="Same seed, same region.")] = 7,
    villages: Annotated[int, typer.Option(help="How many villages (3 or more).")] = 8,
    size_km: Annotated[float, typer.Option(help="Edge of the square region in km.")] = 15.0,
    json: Json = False,
) -> None:
    """Invent a region: roads, addresses, a railway, bus lines and areas, imported like real data."""
    from regions.build import sample_region

    with steps("Inventing a region") as step:
        region = sample_region(output, seed=seed, villages=villages, size_km=size_km, progress=step)
    _show(region, as_json=json)


@app.command()
def show(
    region: Annotated[Path, typer.Argument(help="Folder of the region.")], json: Json = False
) -> None:
    """Say what a region holds, what it was made from and what was found odd."""
    from regions.region import open_region

    _show(open_region(region), as_json=json)


@app.command()
def timetable(
    region: Annotated[Path, typer.Argument(help="Folder of the region.")],
    gtfs: Annotated[list[Path], typer.Option(help="GTFS feed (zip); may be repeated.")],
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day from which it must run.")
    ] = None,
) -> None:
    """Renew the timetable of a region; the old one stays where the new one is refused."""
    from regions.timetable import renew_timetable

    day = (today or datetime.now().astimezone()).date()
    with steps("Renewing the timetable"):
        changes = renew_timetable(region, gtfs, day)
    rows = [
        (weekday, str(before), str(after))
        for weekday, before, after in zip(
            ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
            changes.trips_before,
            changes.trips_after,
            strict=True,
        )
    ]
    print_table(f"trips a day in {region}", rows, "day", "before", "now")
    out.print(f"valid {changes.first_day} to {changes.last_day}")
    for what, lines in (("gone", changes.lines_gone), ("new", changes.lines_new)):
        if lines:
            out.print(f"lines {what}: {', '.join(lines)}")
    if changes.ends_soon:
        out.print(f"[yellow]warning[/yellow] it ends in {changes.days_left} days")
    out.print("A running server goes on with the old one until it is started again.")


def _note_end(last_day: date) -> None:
    """Say that a timetable has ended, or will within 14 days."""
    from gtfs.renewal import HORIZON_DAYS

    left = (last_day - datetime.now().astimezone().date()).days
    if left < 0:
        out.print(f"[yellow]note[/yellow] the timetable ended on {last_day}: serve it with --now")
    elif left < HORIZON_DAYS:
        out.print(f"[yellow]warning[/yellow] the timetable ends on {last_day}: renew it")


def _show(region: "Region", *, as_json: bool) -> None:
    from gtfs.renewal import days_of_service

    manifest = region.manifest
    if as_json:
        print_json(asdict(manifest) | {"area_ids": list(region.areas)})
        return
    rows = [
        (part, key.replace("_", " "), f"{round(number, 3):,}")
        for part, counted in manifest.counts.items()
        for key, number in counted.items()
    ]
    print_table(f"{manifest.name}  ({region.path})", rows, "part", "what", "how many")
    for area in region.areas.values():
        out.print(
            f"area {area.id}: {area.name}, {len(area.vehicles)} vehicles, {len(area.shifts)} shifts"
        )
    if not region.areas:
        out.print(
            "No area yet: rides can be booked once the region is built with --area FILE.toml."
        )
    for source in manifest.sources:
        size = f"{source.bytes:,} bytes, sha256 {source.sha256[:12]}…"
        out.print(f"source {source.kind}: {source.file}, {size}")
    if region.timetable:
        _note_end(days_of_service(region.timetable)[1])
    for warning in (*manifest.warnings, *manifest.feed_warnings):
        out.print(f"[yellow]warning[/yellow] {warning}")
    if manifest.invented:
        out.print("[yellow]This region is invented.[/yellow]")
    out.print(manifest.attribution)
