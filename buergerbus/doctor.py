"""``buergerbus doctor``: look whether everything is there and every stored plan keeps its promises."""

import importlib.metadata
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from buergerbus.console import out, print_json

if TYPE_CHECKING:
    from api.settings import Settings
    from gtfs.timetable import Timetable

_MARKS = {"ok": "[green]ok  [/green]", "note": "[yellow]note[/yellow]", "bad": "[red]bad [/red]"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``level`` is ok, note or bad; ``todo`` says what to do."""

    level: str
    what: str
    found: str
    todo: str = ""


def doctor(
    regions: Annotated[list[Path] | None, typer.Argument(help="Region folders to look at.")] = None,
    data_dir: Annotated[Path, typer.Option(help="Folder of the database.")] = Path("var"),
    seal: Annotated[
        list[str] | None,
        typer.Option(
            help="A seal kept elsewhere, AREA:NUMBER:HASH: is it still there? Repeatable."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print data instead of a list.")] = False,
) -> None:
    """Look at the installation, the regions and the stored plans; exit code 1 if something is bad."""
    findings = list(_installation())
    for folder in regions or ():
        findings += _guarded(f"region {folder.name}", partial(_region, folder))
    if regions:
        findings += _guarded("database", partial(_plans, tuple(regions), data_dir))
        findings += _guarded("log", partial(_seals, data_dir, seal or ()))
        findings.append(_last_backup(data_dir))
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            todo = f"  → {finding.todo}" if finding.todo else ""
            out.print(f"{_MARKS[finding.level]} {finding.what}: {finding.found}{todo}")
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(1)


def _installation() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("ok", "Python", version)
    yield Finding("ok", "buergerbus", importlib.metadata.version("buergerbus"))
    from api.files import STATIC, TABLET

    for what, built in (
        ("map of the pages", STATIC / "dist/map.mjs"),
        ("tablet", TABLET / "index.html"),
    ):
        if built.is_file():
            yield Finding("ok", f"front end: {what}", "built")
        else:
            yield Finding(
                "bad", f"front end: {what}", "not built", "make run builds it (needs Node)"
            )
    chromium = shutil.which("chromium")
    yield (
        Finding("ok", "Chromium (browser tests)", chromium)
        if chromium
        else Finding("note", "Chromium (browser tests)", "absent", "apt-get install chromium")
    )


def _region(folder: Path) -> Iterator[Finding]:
    from regions.region import open_region

    region = open_region(folder)
    name = f"region {folder.name}"
    yield Finding("ok", name, f"{len(region.areas)} areas, format {region.manifest.format_version}")
    for warning in region.manifest.warnings:
        yield Finding("note", name, warning)
    if region.timetable is not None:
        yield _timetable_end(name, region.timetable)


def _timetable_end(name: str, timetable: "Timetable") -> Finding:
    """Say until when the timetable holds; it should be followed by a newer one 14 days before."""
    from gtfs.renewal import HORIZON_DAYS, days_left

    left = days_left(timetable, datetime.now().astimezone().date())
    if left >= HORIZON_DAYS:
        return Finding("ok", f"{name}: timetable", f"ends in {left} days")
    found = f"ends in {left} days" if left >= 0 else f"ended {-left} days ago"
    return Finding("note", f"{name}: timetable", found, "buergerbus region timetable renews it")


def _plans(regions: tuple[Path, ...], data_dir: Path) -> Iterator[Finding]:
    """Rebuild every stored day and let the checker see it."""
    from api.health import check_stored_plans
    from api.settings import Settings

    settings = Settings(regions=regions, data_dir=data_dir)
    yield from _rows_kept_apart(settings)
    checks = check_stored_plans(settings)
    if not checks:
        yield Finding(
            "note", "plans", f"none stored in {data_dir}", "name the folder with --data-dir"
        )
    for check in checks:
        level = "bad" if check.violations else "note" if check.late else "ok"
        kept = f"{check.late} promises missed on the road" if check.late else "every promise kept"
        found = "; ".join(check.violations) or f"{check.rides} rides, {kept}"
        yield Finding(level, f"plan {check.area_id} {check.service_date}", found)


def _rows_kept_apart(settings: "Settings") -> Iterator[Finding]:
    """Say whether PostgreSQL keeps operators apart; SQLite cannot and is not asked."""
    from api.store.database import Database

    database = Database(settings.database_url)
    if not database.separates:
        return
    try:
        why = database.bypassed()
    finally:
        database.close()
    yield (
        Finding("ok", "row-level security", "binds this server")
        if why is None
        else Finding("bad", "row-level security", why, "connect as an ordinary user")
    )


def _seals(data_dir: Path, kept: Sequence[str]) -> Iterator[Finding]:
    """Compare what happened with its seals."""
    from api.health import check_seals
    from api.settings import Settings

    checks = check_seals(Settings(data_dir=data_dir), kept)
    todo = "somebody changed the database past the program: compare with a backup, ask who"
    for check in checks:
        what = f"log {check.area_id}"
        for fault in check.faults:
            yield Finding("bad", what, fault, todo)
        if not check.faults:
            found = f"{check.events} events in {check.seals} seals, {check.unsealed} not sealed yet"
            yield Finding("ok", what, f"{found}, newest {check.newest or 'none'}")
    areas = {check.area_id for check in checks}
    for area in sorted({each.split(":")[0] for each in kept} - areas):
        yield Finding("bad", f"log {area}", "seals were kept elsewhere, the area is unknown", todo)


def _last_backup(data_dir: Path) -> Finding:
    """Say how old the last nightly backup is."""
    from api.backups import OLD, newest

    last, todo = newest(data_dir), "the server makes one a night; or: buergerbus backup --out FILE"
    if last is None:
        return Finding("note", "last backup", f"none in {data_dir}", todo)
    old = datetime.now(UTC) - last
    found = f"{old / timedelta(hours=1):.0f} hours ago"
    return (
        Finding("bad", "last backup", found, todo)
        if old > OLD
        else Finding("ok", "last backup", found)
    )


def _guarded(what: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """Turn an error of ours while looking into a finding; anything else is a fault and goes up."""
    try:
        return list(look())
    except Exception as error:
        if not hasattr(error, "code"):
            raise
        return [Finding("bad", what, str(error))]
