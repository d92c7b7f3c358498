"""``buergerbus account``: who may sign in."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from buergerbus.console import out, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.store.database import Database
    from api.store.tables import AccountRow

app = typer.Typer(help="Accounts of those who work here.", no_args_is_help=True)

DataDir = Annotated[Path, typer.Option(help="Folder of the database.")]
Login = Annotated[str, typer.Argument(help="E-mail address or user name.")]
_HERE = Path("var")


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(prompt=True, help="Name, as colleagues see it.")],
    role: Annotated[
        str, typer.Option(help="administrator, coordinator, agent, municipality or planner.")
    ] = "administrator",
    operator: Annotated[
        str | None, typer.Option(help="Whose areas they see, where there are several operators.")
    ] = None,
    data_dir: DataDir = _HERE,
) -> None:
    """Add an account; an administrator's asks for its password, others get one to be changed."""
    from api.clock import Clock
    from api.people import accounts
    from api.people.this_machine import AT_THIS_MACHINE
    from api.rights import Role

    if role not in tuple(accounts.SIGNS_IN):
        known = ", ".join(accounts.SIGNS_IN)
        raise typer.BadParameter(f"{role!r} is none of {known}.", param_hint="--role")
    with _database(data_dir) as database:
        if role == Role.ADMINISTRATOR:
            password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
            accounts.add_administrator(database, name, login, password, Clock().now())
            out.print(f"{login} may sign in.", markup=False)
            return
        added = accounts.add(
            database, AT_THIS_MACHINE, Role(role), name, login, operator, Clock().now()
        )
    _tell(added.account.login, added.password)


@app.command("list")
def list_accounts(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Data for programs.")] = False,
    data_dir: DataDir = _HERE,
) -> None:
    """List all accounts."""
    with _database(data_dir) as database, database.reading() as reader:
        owners = {row.id: row.name for row in reader.operators()}
        rows = [
            {
                "login": row.login,
                "name": row.name,
                "role": row.role,
                "operator": owners.get(row.operator_id),
                "two_steps": row.totp_secret is not None,
                "enabled": row.enabled,
            }
            for row in reader.accounts()
        ]
    if as_json:
        print_json(rows)
        return
    print_table(
        "Accounts",
        [tuple("" if value is None else value for value in row.values()) for row in rows],
        "login", "name", "role", "operator", "two steps", "enabled",
    )  # fmt: skip


@app.command()
def reset(
    login: Login,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Only take a lost telephone off.")
    ] = False,
    data_dir: DataDir = _HERE,
) -> None:
    """Give a new password to be changed at the next sign-in; ends all sessions."""
    from api.clock import Clock
    from api.people import accounts
    from api.people.this_machine import AT_THIS_MACHINE

    with _database(data_dir) as database:
        account, now = _found(database, login), Clock().now()
        if second_factor:
            accounts.reset_second_factor(database, AT_THIS_MACHINE, account.id, now)
            out.print(f"{account.login} signs in with the password only.", markup=False)
            return
        added = accounts.reset_password(database, AT_THIS_MACHINE, account.id, now)
    _tell(added.account.login, added.password)


@app.command()
def disable(
    login: Login,
    undo: Annotated[bool, typer.Option("--undo", help="Enable it again.")] = False,
    data_dir: DataDir = _HERE,
) -> None:
    """Let nobody sign in with an account any more; ends all its sessions."""
    from api.clock import Clock
    from api.people import accounts
    from api.people.this_machine import AT_THIS_MACHINE

    with _database(data_dir) as database:
        account, now = _found(database, login), Clock().now()
        accounts.switch(database, AT_THIS_MACHINE, account.id, now, enabled=undo)
    out.print(f"{account.login} is {'enabled' if undo else 'disabled'}.", markup=False)


def _found(database: "Database", login: str) -> "AccountRow":
    from api.errors import Problem
    from api.people.accounts import normal

    with database.reading() as reader:
        account = reader.account_of(normal(login))
    if account is None:
        raise Problem("account-unknown")
    return account


def _tell(login: str, password: str) -> None:
    out.print(f"{login} signs in once with {password} and chooses another then.", markup=False)


@contextmanager
def _database(data_dir: Path) -> "Iterator[Database]":
    """Open the database, which may be new; turn a problem into one line that says what to do."""
    from api.errors import Problem
    from api.settings import Settings
    from api.store.database import Database

    database = Database(Settings(data_dir=data_dir).database_url)
    database.migrate()
    try:
        yield database
    except Problem as problem:
        raise typer.BadParameter(problem.detail("en")) from problem
    finally:
        database.close()
