"""The command ``buergerbus``.

Wrong input ends with exit code 2 and one line that says what to do; a fault of ours with exit code 1
and one line. ``BUERGERBUS_DEBUG=1`` shows the traceback of either.
"""

import os
import sys

import typer
from typer.exceptions import TyperException

from api.store.scope import all_areas
from buergerbus import (
    account,
    backup,
    doctor,
    giving,
    key,
    person,
    region,
    serve,
    simulate,
    tour_sheets,
)
from buergerbus.console import err

EXIT_FAULT = 1
EXIT_USAGE = 2

app = typer.Typer(
    name="buergerbus",
    help="On-demand dispatch for citizen buses: build a region, serve it, simulate it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(region.app, name="region")
app.add_typer(giving.app, name="gtfs")
app.add_typer(key.app, name="key")
app.add_typer(account.app, name="account")
app.add_typer(person.app, name="person")
app.command("serve")(serve.serve)
app.command("demo")(serve.demo)
app.command("simulate")(simulate.simulate)
app.command("tour-sheets")(tour_sheets.tour_sheets)
app.command("doctor")(doctor.doctor)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)


def main() -> None:
    """Run the command line and turn every error into one line and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; return its exit code."""
    try:
        with all_areas():
            result = app(arguments, standalone_mode=False, prog_name="buergerbus")
    except TyperException as error:
        message = error.format_message()
        return _fail(message, EXIT_USAGE) if message.strip() else EXIT_USAGE
    except (typer.Abort, KeyboardInterrupt):
        return _fail("stopped.", EXIT_FAULT)
    except Exception as error:  # the outermost door: one line instead of a traceback
        if os.environ.get("BUERGERBUS_DEBUG"):
            raise
        code = getattr(error, "code", None)
        if isinstance(code, str) and hasattr(error, "message"):
            return _fail(f"{error.message} [{code}]", EXIT_USAGE)
        return _fail(
            f"unexpected {type(error).__name__}: {error} (BUERGERBUS_DEBUG=1 shows where)",
            EXIT_FAULT,
        )
    return result if isinstance(result, int) else 0


def _fail(message: str, code: int) -> int:
    line = " ".join(message.split())
    err.print(f"buergerbus: {line}", markup=False, soft_wrap=True)
    return code
