"""Use cases: add accounts, disable them, give a new password, take a lost telephone off.

Whoever acts is an :class:`~api.rights.Actor` with :attr:`~api.rights.Permission.MANAGE_PEOPLE`; accounts of
other operators look unknown. Only administrators make administrators.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import structlog

from api.errors import Problem
from api.people import passwords
from api.rights import Actor, Permission, Role
from api.store.database import Database
from api.store.people import PeopleQuestions
from api.store.scope import all_areas
from api.store.tables import AccountRow, OperatorRow
from api.store.writer import Writer

_log = structlog.get_logger()

SIGNS_IN = tuple(role for role in Role if role not in {Role.DRIVER, Role.PARTNER})
"""Drivers come by their tablet, partners by their key."""
_ID_BYTES = 9
_LONGEST = 120
_LOGIN = re.compile(r"[^\s@/\\<>]{1,64}(@[^\s@/\\<>]{1,120})?")


@dataclass(frozen=True, slots=True)
class Added:
    """A new account, or one with a new password; ``password`` is told to its owner once."""

    account: AccountRow
    password: str


def accounts(database: Database, actor: Actor) -> tuple[AccountRow, ...]:
    """List the accounts somebody may manage."""
    actor.require(Permission.MANAGE_PEOPLE)
    with database.reading() as reader:
        return tuple(row for row in reader.accounts() if _manages(actor, row, reader))


def add_administrator(
    database: Database, name: str, login: str, password: str, now: datetime, *, first: bool = False
) -> None:
    """Add an administrator with a password of their own; the first one opens and closes this machine.

    Raises
    ------
    Problem
        ``login-invalid``, ``login-taken`` (also if it should be the first and is not), ``password-weak``.
    """
    row = _row(name, login, Role.ADMINISTRATOR, None, now)
    passwords.check(password, row.login)
    row.password_hash = passwords.hashed(password)

    def work(writer: Writer) -> None:
        writer.lock_accounts()
        if first and writer.has_account():
            raise Problem("login-taken")
        _add(writer, row, None, now)

    database.write(work)
    _log.info("account added", account=row.id, role=row.role)


def add(
    database: Database,
    actor: Actor,
    role: Role,
    name: str,
    login: str,
    operator: str | None,
    now: datetime,
) -> Added:
    """Add an account with a password to be changed at the first sign-in.

    ``operator`` is needed for whoever may see several; administrators have none.

    Raises
    ------
    Problem
        ``forbidden``, ``login-invalid``, ``login-taken``, ``operator-unknown``.
    """
    actor.require(Permission.MANAGE_PEOPLE)
    if role not in SIGNS_IN or (role is Role.ADMINISTRATOR and not actor.may(Permission.OPERATE)):
        raise Problem("forbidden")
    password = passwords.invented()
    with database.reading() as reader:
        wanted = None if role is Role.ADMINISTRATOR else _operator(reader, actor, operator)
    row = _row(name, login, role, wanted, now)
    row.password_hash, row.must_change = passwords.hashed(password), True
    with all_areas():  # no login is there twice
        database.write(lambda writer: _add(writer, row, actor.id, now))
    _log.info("account added", account=row.id, role=row.role, by=actor.id)
    return Added(row, password)


def operators(database: Database, actor: Actor) -> tuple[str, ...]:
    """Return the names of the operators somebody may add accounts for."""
    with database.reading() as reader:
        return tuple(row.name for row in reader.operators() if _chosen_from(reader, actor, row))


def reset_password(database: Database, actor: Actor, account_id: str, now: datetime) -> Added:
    """Give a new password to be changed at the next sign-in; ends all sessions (``account-unknown``)."""
    password = passwords.invented()
    kept = passwords.hashed(password)

    def work(writer: Writer) -> AccountRow:
        row = managed(writer, actor, account_id)
        row.password_hash, row.must_change = kept, True
        _changed(writer, row, "password_reset", actor, now)
        writer.end_sessions(row.id)
        return row

    return Added(database.write(work), password)


def reset_second_factor(database: Database, actor: Actor, account_id: str, now: datetime) -> None:
    """Take a lost telephone off an account; ends all sessions (``account-unknown``)."""

    def work(writer: Writer) -> None:
        row = managed(writer, actor, account_id)
        row.totp_secret = None
        writer.put_recovery_codes(row.id, ())
        _changed(writer, row, "second_factor_reset", actor, now)
        writer.end_sessions(row.id)

    database.write(work)


def switch(
    database: Database, actor: Actor, account_id: str, now: datetime, *, enabled: bool
) -> None:
    """Enable an account, or disable it and end its sessions.

    Raises
    ------
    Problem
        ``account-unknown``, ``last-administrator``.
    """

    def work(writer: Writer) -> None:
        writer.lock_accounts()
        row = managed(writer, actor, account_id)
        row.enabled = enabled
        writer.add(row)
        if not writer.has_account(Role.ADMINISTRATOR):
            raise Problem("last-administrator")
        _changed(writer, row, "enabled" if enabled else "disabled", actor, now)
        if not enabled:
            writer.end_sessions(row.id)

    with all_areas():  # an administrator must be left
        database.write(work)


def managed(writer: Writer, actor: Actor, account_id: str) -> AccountRow:
    """Return an account somebody may manage (``account-unknown``, ``forbidden``)."""
    actor.require(Permission.MANAGE_PEOPLE)
    row = writer.account(account_id)
    if row is None or not _manages(actor, row, writer):
        raise Problem("account-unknown")
    return row


def _manages(actor: Actor, row: AccountRow, reader: PeopleQuestions) -> bool:
    """Whether an account is of somebody's own operator."""
    if actor.areas is None:
        return True
    areas = reader.areas_of(row.operator_id)
    return areas is not None and bool(areas & actor.areas)


def _operator(reader: PeopleQuestions, actor: Actor, name: str | None) -> int:
    """Return the operator named, or the only one there is to choose (``operator-unknown``)."""
    own = [row for row in reader.operators() if _chosen_from(reader, actor, row)]
    found = [row for row in own if name is None or row.name == name]
    if len(found) != 1 or found[0].id is None:
        raise Problem("operator-unknown")
    return found[0].id


def _chosen_from(reader: PeopleQuestions, actor: Actor, operator: OperatorRow) -> bool:
    return actor.areas is None or bool((reader.areas_of(operator.id) or frozenset()) & actor.areas)


def _row(name: str, login: str, role: Role, operator_id: int | None, now: datetime) -> AccountRow:
    return AccountRow(
        id=secrets.token_urlsafe(_ID_BYTES),
        operator_id=operator_id,
        role=role,
        name=_name(name),
        login=_login(login),
        password_hash="",
        created_at=now,
        changed_at=now,
    )


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= _LONGEST or not name.isprintable():
        raise Problem("login-invalid")
    return name


def _login(text: str) -> str:
    login = normal(text)
    if not _LOGIN.fullmatch(login):
        raise Problem("login-invalid")
    return login


def normal(login: str) -> str:
    """Return a login as it is kept: small letters, no spaces around."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _add(writer: Writer, row: AccountRow, by: str | None, now: datetime) -> None:
    if writer.account_of(row.login) is not None:
        raise Problem("login-taken")
    if row.role != Role.ADMINISTRATOR and not writer.has_account(Role.ADMINISTRATOR):
        raise Problem("administrator-first")
    writer.add(row)
    writer.note_account("added", now, row.id, by)


def _changed(writer: Writer, row: AccountRow, kind: str, actor: Actor, now: datetime) -> None:
    row.changed_at = now
    writer.add(row)
    writer.note_account(kind, now, row.id, actor.id)
    _log.info("account changed", account=row.id, change=kind, by=actor.id)
