"""``buergerbus gtfs``: give the service to journey planners and neighbours."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from buergerbus.console import out, steps

if TYPE_CHECKING:
    from regions.region import Region

app = typer.Typer(help="Give the service to others as GTFS.", no_args_is_help=True)

_DAYS_VALID = 183
_LONGEST = 3660


@app.callback()
def _group() -> None:
    """Give the service to others as GTFS."""


@app.command()
def export(
    regions: Annotated[list[Path], typer.Argument(help="Region folders with the areas.")],
    target: Annotated[Path, typer.Option("--out", "-o", help="The feed to write (zip).")],
    url: Annotated[str, typer.Option(help="Where riders book, e.g. https://bus.example.org/.")],
    area: Annotated[list[str] | None, typer.Option(help="Only this area; may be repeated.")] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="GTFS without Flex: rides between stops.")
    ] = False,
    first_day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; today by default.")
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, max=_LONGEST, help="How many days it holds.")
    ] = _DAYS_VALID,
    data_dir: Annotated[
        Path, typer.Option(help="Folder of the database: how long rides took.")
    ] = Path("var"),
) -> None:
    """Write areas as one GTFS-Flex feed, or with --plain for planners that do not read Flex."""
    from api.history import stored_durations
    from api.settings import Settings
    from gtfs.export.flex import export_flex
    from gtfs.export.plain import export_plain
    from gtfs.export.service import Edition
    from regions.giving import driving_between_stops, service_of

    begin = (first_day or datetime.now().astimezone()).date()
    edition = Edition(begin, begin + timedelta(days=days - 1), url)
    with steps("Writing the feed") as step:
        step("opening the regions")
        chosen = _areas(regions, area)
        step("learning from driven rides")
        learnt = stored_durations(Settings(regions=tuple(regions), data_dir=data_dir), chosen)
        services = [service_of(r, r.areas[id_], learnt.get(id_)) for id_, r in chosen.items()]
        step("writing")
        if plain:
            driving = {id_: driving_between_stops(r, r.areas[id_]) for id_, r in chosen.items()}
            feed = export_plain(services, edition, driving)
        else:
            feed = export_flex(services, edition)
        _write(target, feed)
    names = ", ".join(chosen)
    out.print(f"{target}: {names}, {edition.first_day} to {edition.last_day}, {len(feed):,} bytes")


def _areas(paths: list[Path], wanted: list[str] | None) -> "dict[str, Region]":
    """Open the regions; return those of the wanted areas, or of all, by area id."""
    from regions.region import open_region

    by_area: dict[str, Region] = {}
    for region in map(open_region, paths):
        for id_ in region.areas:
            if id_ in by_area:
                raise typer.BadParameter(
                    f"Two regions have an area {id_!r}; export them one by one."
                )
            by_area[id_] = region
    unknown = [id_ for id_ in wanted or () if id_ not in by_area]
    if unknown:
        known = ", ".join(by_area) or "none"
        raise typer.BadParameter(f"There is no area {unknown[0]!r}; known: {known}.")
    return {id_: by_area[id_] for id_ in (wanted or by_area)}


def _write(target: Path, feed: bytes) -> None:
    """Replace the file in one step: who fetches it never gets half of one."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.write_bytes(feed)
        part.replace(target)
    except OSError as error:
        raise typer.BadParameter(f"{target} cannot be written: {error.strerror}.") from error
