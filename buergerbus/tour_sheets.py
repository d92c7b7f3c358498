"""``buergerbus tour-sheets``: the tours of a day on paper."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from buergerbus.console import out


def tour_sheets(
    regions: Annotated[list[Path], typer.Argument(help="Region folders as they are served.")],
    data_dir: Annotated[Path, typer.Option(help="Folder of the database.")] = Path("var"),
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Tomorrow if not given.")
    ] = None,
) -> None:
    """Write a PDF for each area: one tour a page, with halts, times, names and numbers."""
    from api.clock import Clock
    from api.opening import open_regions, open_services
    from api.settings import Settings
    from api.sheet_folder import SheetFolder

    settings = Settings(regions=tuple(regions), data_dir=data_dir)
    services = open_services(settings, Clock(), open_regions(settings))
    try:
        for area in services.all_areas():
            today = services.clock.now().astimezone(area.time_zone).date()
            wanted: date = day.date() if day else today + timedelta(days=1)
            out.print(
                str(SheetFolder(services.context, data_dir).write(area, wanted)), soft_wrap=True
            )
    finally:
        services.context.database.close()
