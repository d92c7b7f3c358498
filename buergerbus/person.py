"""``buergerbus person``: give somebody a copy of their data, or erase it."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from buergerbus.console import out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.persons import Who
    from api.store.database import Database

app = typer.Typer(help="Rights of persons: a copy of one's data, erasure.", no_args_is_help=True)

Phone = Annotated[str, typer.Option(help="Telephone number, e.g. +49 7123 4567.")]
Name = Annotated[str | None, typer.Option(help="Name, where several people share the number.")]
DataDir = Annotated[Path, typer.Option(help="Folder of the database.")]


@app.command()
def export(
    phone: Phone,
    target: Annotated[Path, typer.Option("--out", "-o", help="File to write: .json or .pdf.")],
    name: Name = None,
    data_dir: DataDir = Path("var"),
) -> None:
    """Write everything stored of a person (Art. 15 and 20 GDPR); only you may read the file."""
    from api.clock import Clock
    from api.persons import export as export_person

    if target.suffix not in {".json", ".pdf"}:
        raise typer.BadParameter("The file must end in .json or .pdf.", param_hint="--out")
    with _found(phone, name, data_dir) as (database, who):
        answer = export_person(database, who, Clock().now(), lambda _: None)
    if target.suffix == ".pdf":
        from api.person_pdf import pdf

        content = pdf(answer)
    else:
        content = answer.model_dump_json(indent=2).encode()
    try:
        target.touch(mode=0o600)
        target.write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(f"{target} cannot be written: {error.strerror}.") from error
    out.print(f"{target}: {len(answer.rides)} rides")


@app.command()
def erase(phone: Phone, name: Name = None, data_dir: DataDir = Path("var")) -> None:
    """Take a person off all rides (Art. 17 GDPR); rides to come must be cancelled before."""
    from api.clock import Clock
    from api.persons import erase as erase_person

    with _found(phone, name, data_dir) as (database, who):
        answer, _ = erase_person(database, who, Clock().now())
    out.print(f"{answer.rides} rides name nobody any more.")
    if not answer.traces_removed:
        out.print("Copies may remain until the server's readers end; run the command again.")


@contextmanager
def _found(phone: str, name: str | None, data_dir: Path) -> "Iterator[tuple[Database, Who]]":
    """Open the database; turn a problem into one line that says what to do."""
    from api.errors import Problem
    from api.persons import Who
    from api.phone import e164
    from api.settings import Settings
    from api.store.database import Database

    database = Database(Settings(data_dir=data_dir).database_url)
    if not database.exists:
        raise typer.BadParameter(f"There is no database in {data_dir}.", param_hint="--data-dir")
    database.migrate()
    try:
        yield database, Who(e164(phone, ""), name)
    except Problem as problem:
        rides = problem.extra.get("rides", ())
        codes = "".join(f" {ride['code']} ({ride['date']})" for ride in rides)
        raise typer.BadParameter(f"{problem.detail('en')}{codes}") from problem
    finally:
        database.close()
