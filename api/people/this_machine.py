"""Before there is any account, whoever sits at this machine is the administrator."""

from fastapi import Request

from api.context import Context
from api.errors import Problem
from api.rights import Actor, Role
from api.settings import Settings, SettingsError
from api.store.database import Database

_PROXY_HEADERS = (
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "via",
    "x-real-ip",
)
"""What a proxy adds: whoever sent the request need not sit at this machine."""

AT_THIS_MACHINE = Actor("this-machine", "", Role.ADMINISTRATOR, None)


def at_this_machine(request: Request, context: Context) -> Actor | None:
    """Identify whoever sits here, until the first account exists.

    Raises
    ------
    Problem
        ``account-missing``: it came through a proxy, so it may be anybody.
    """
    with context.database.reading() as reader:
        if reader.has_account():
            return None
    if request.app.state.settings.exposed or is_proxied(request):
        raise Problem("account-missing")
    return AT_THIS_MACHINE


def is_proxied(request: Request) -> bool:
    """Whether a request came through a proxy, as far as it says so."""
    return any(name in request.headers for name in _PROXY_HEADERS)


def check_exposed(settings: Settings, database: Database) -> None:
    """Refuse to let others reach a server that everybody at its machine administers.

    Raises
    ------
    SettingsError
        ``account-missing``.
    """
    how = settings.exposed
    if how is None:
        return
    with database.reading() as reader:
        if reader.has_account(Role.ADMINISTRATOR):
            return
    raise SettingsError(
        "account-missing",
        f"{how} opens the control room to others, and there is no administrator yet: add one "
        f"first by `buergerbus account add --data-dir {settings.data_dir}`.",
    )
