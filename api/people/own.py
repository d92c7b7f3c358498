"""Use cases of somebody who is signed in: a password of one's own, the second factor."""

import structlog

from api.errors import Problem
from api.people import passwords, second_factor, sessions, tries
from api.people.sign_in import Door, check_password
from api.store.people import SignedIn
from api.store.writer import Writer

_log = structlog.get_logger()


def change_password(door: Door, signed: SignedIn, present: str, new: str) -> str:
    """Choose a password; ends all sessions and begins this one anew. Return its token.

    Raises
    ------
    Problem
        ``sign-in-wrong``, ``sign-in-locked``, ``password-weak``.
    """
    account, now = signed.account, door.context.clock.now()
    passwords.check(new, account.login)
    check_password(door, account.login, present)
    if new == present:
        raise Problem("password-weak")
    kept = passwords.hashed(new)

    def work(writer: Writer) -> str:
        row = writer.account(account.id)
        assert row is not None  # noqa: S101  # accounts are never deleted
        row.password_hash, row.must_change, row.changed_at = kept, False, now
        writer.add(row)
        tries.forgive(door.tries(writer), account.login, door.address)
        writer.note_account("password_changed", now, account.id)
        writer.end_sessions(account.id)
        return sessions.begin(writer, account.id, door.agent, now)

    token = door.context.database.write(work)
    _log.info("password changed", account=account.id)
    return token


def add_second_factor(door: Door, signed: SignedIn, secret: str, code: str) -> tuple[str, ...]:
    """Set the second factor up with its first code; return recovery codes to be shown once.

    All other sessions end.

    Raises
    ------
    Problem
        ``sign-in-wrong``, ``sign-in-locked``; ``second-factor-there``: somebody else must take it off first.
    """
    account, now = signed.account, door.context.clock.now()
    codes = second_factor.new_codes()
    kept = second_factor.kept(codes)
    database = door.context.database
    database.write(lambda w: tries.count(door.tries(w), account.login, door.address, now))

    def work(writer: Writer) -> None:
        row = writer.account(account.id)
        if row is None or row.totp_secret is not None:
            raise Problem("second-factor-there")
        step = second_factor.step_of(secret, code, row.totp_step)
        if not second_factor.is_secret(secret) or step is None:
            raise Problem("sign-in-wrong")
        row.totp_secret, row.totp_step, row.changed_at = secret, step, now
        writer.add(row)
        tries.forgive(door.tries(writer), account.login, door.address)
        writer.put_recovery_codes(account.id, kept)
        writer.note_account("second_factor_added", now, account.id)
        writer.end_sessions(account.id, but=signed.session.id)

    database.write(work)
    _log.info("second factor added", account=account.id)
    return codes
