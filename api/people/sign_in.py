"""Use case: sign in with name and password, then with the second factor; sign out."""

from dataclasses import dataclass

import structlog

from api.context import Context
from api.errors import Problem
from api.people import passwords, second_factor, sessions, tries
from api.people.accounts import normal
from api.store.people import SignedIn
from api.store.tables import AccountRow
from api.store.writer import Writer

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody knocks: the address and the name of the browser, and what hashes tries."""

    context: Context
    secret: str
    address: str
    agent: str
    token: str | None = None
    """What the browser was signed in with until now; it is signed in anew."""

    def tries(self, writer: Writer) -> tries.Tries:
        """Return the counts of tries in vain."""
        return tries.Tries(writer, self.secret, self.context.clock.now())


@dataclass(frozen=True, slots=True)
class Entered:
    """A browser that is signed in, or has to show the second factor first."""

    account: AccountRow
    token: str
    pending: bool


def with_password(door: Door, login: str, password: str) -> Entered:
    """Sign in; what is wrong is not said, and takes as long for names nobody has.

    Raises
    ------
    Problem
        ``sign-in-wrong``, ``sign-in-locked``.
    """
    name = normal(login)
    account = check_password(door, name, password)
    now = door.context.clock.now()
    pending = account.totp_secret is not None

    def enter(writer: Writer) -> str:
        if not pending:
            tries.forgive(door.tries(writer), name, door.address)
            writer.note_account("signed_in", now, account.id)
        if door.token:
            writer.end_session_of(sessions.hashed(door.token))
        return sessions.begin(writer, account.id, door.agent, now, pending=pending)

    token = door.context.database.write(enter)
    if not pending:
        _log.info("signed in", account=account.id)
    return Entered(account, token, pending)


def check_password(door: Door, login: str, password: str) -> AccountRow:
    """Return the account a password opens (problems as above); the try stays counted."""
    database, now = door.context.database, door.context.clock.now()
    try:
        database.write(lambda writer: tries.count(door.tries(writer), login, door.address, now))
    except Problem:
        _fail(door, "locked", None)
        raise
    with database.reading() as reader:
        account = reader.account_of(login)
    known = account is not None and account.enabled
    good = passwords.matches(password, account.password_hash if account and known else None)
    if account is None or not good:
        _fail(door, "sign_in_wrong", account.id if account else None)
        raise Problem("sign-in-wrong")
    return account


def with_code(door: Door, waiting: SignedIn, code: str) -> Entered:
    """Show the second factor: a code of the app, each good once, or one of the recovery codes.

    Raises
    ------
    Problem
        ``sign-in-wrong``, ``sign-in-locked``.
    """
    account, now = waiting.account, door.context.clock.now()
    database = door.context.database
    on_paper = second_factor.is_recovery_code(code)

    def begin(writer: Writer) -> str | None:
        tries.count(door.tries(writer), account.login, door.address, now)
        return second_factor.recovery_hash(writer, account.id, code) if on_paper else None

    try:
        expected = database.write(begin)
    except Problem:
        _fail(door, "locked", account.id)
        raise
    matched = on_paper and second_factor.code_matches(code, expected)

    def enter(writer: Writer) -> str:
        row = writer.account(account.id)
        if row is None or not (_use(writer, row, code) if matched or not on_paper else False):
            raise Problem("sign-in-wrong")
        tries.forgive(door.tries(writer), account.login, door.address)
        writer.note_account("recovery_code_used" if on_paper else "signed_in", now, account.id)
        writer.end_session(waiting.session.id)
        return sessions.begin(writer, account.id, door.agent, now)

    try:
        token = database.write(enter)
    except Problem:
        _fail(door, "code_wrong", account.id)
        raise
    _log.info("signed in", account=account.id, second_factor=True)
    return Entered(account, token, pending=False)


def out(context: Context, signed: SignedIn, session_id: str | None = None) -> None:
    """End this session, or another one of the same account (``session-unknown``)."""
    wanted, now = session_id or signed.session.id, context.clock.now()

    def work(writer: Writer) -> None:
        known = {row.id for row in writer.sessions(signed.account.id)} | {signed.session.id}
        if wanted not in known:
            raise Problem("session-unknown")
        writer.end_session(wanted)
        writer.note_account("signed_out", now, signed.account.id)

    context.database.write(work)


def _use(writer: Writer, account: AccountRow, code: str) -> bool:
    """Take a code so that it is never taken again."""
    if second_factor.is_recovery_code(code):
        return second_factor.use(writer, account.id, code)
    step = second_factor.step_of(account.totp_secret or "", code, account.totp_step)
    if account.totp_secret is None or step is None:
        return False
    account.totp_step = step
    writer.add(account)
    return True


def _fail(door: Door, kind: str, account_id: str | None) -> None:
    now = door.context.clock.now()
    door.context.database.write(lambda writer: writer.note_account(kind, now, account_id))
    _log.warning("sign-in refused", why=kind, account=account_id)
