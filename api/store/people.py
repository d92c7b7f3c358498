"""What the database knows of people who work here: accounts, sessions, tries in vain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from api.store.tables import (
    AccountEventRow,
    AccountRow,
    AreaRow,
    OperatorRow,
    RecoveryCodeRow,
    SessionRow,
    TriesRow,
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session, whose it is, and the areas of the operator; None: all of the installation."""

    session: SessionRow
    account: AccountRow
    areas: frozenset[str] | None


class PeopleQuestions:
    """Questions about people."""

    _session: Session

    def has_account(self, role: str | None = None) -> bool:
        """Whether there is any account, or one of a role that is not disabled."""
        wanted = select(AccountRow.id).limit(1)
        if role is not None:
            wanted = wanted.where(AccountRow.role == role, col(AccountRow.enabled))
        return self._session.exec(wanted).first() is not None

    def signed_in(self, token_hash: str) -> SignedIn | None:
        """Return whose session a token opens, if the account is not disabled."""
        wanted = select(SessionRow, AccountRow).where(
            SessionRow.token_hash == token_hash,
            SessionRow.account_id == AccountRow.id,
            col(AccountRow.enabled),
        )
        found = self._session.exec(wanted).first()
        if found is None:
            return None
        session, account = found
        return SignedIn(session, account, self.areas_of(account.operator_id))

    def areas_of(self, operator_id: int | None) -> frozenset[str] | None:
        """Return the areas of an operator; None, all of them, for nobody in particular."""
        if operator_id is None:
            return None
        return frozenset(
            self._session.exec(select(AreaRow.id).where(AreaRow.operator_id == operator_id))
        )

    def account(self, account_id: str) -> AccountRow | None:
        """Return an account."""
        return self._session.get(AccountRow, account_id)

    def account_of(self, login: str) -> AccountRow | None:
        """Return the account of a login."""
        return self._session.exec(select(AccountRow).where(AccountRow.login == login)).first()

    def accounts(self) -> tuple[AccountRow, ...]:
        """Return all accounts by their names."""
        ordered = select(AccountRow).order_by(col(AccountRow.name), col(AccountRow.login))
        return tuple(self._session.exec(ordered))

    def operators(self) -> tuple[OperatorRow, ...]:
        """Return all operators by their names."""
        return tuple(self._session.exec(select(OperatorRow).order_by(col(OperatorRow.name))))

    def sessions(self, account_id: str) -> tuple[SessionRow, ...]:
        """Return the sessions of an account, the one used last first."""
        wanted = select(SessionRow).where(
            SessionRow.account_id == account_id, col(SessionRow.pending).is_(False)
        )
        return tuple(self._session.exec(wanted.order_by(col(SessionRow.used_at).desc())))

    def recovery_code(self, account_id: str, selector: str) -> RecoveryCodeRow | None:
        """Return a recovery code that was not used yet."""
        return self._session.get(RecoveryCodeRow, (account_id, selector))

    def recovery_codes_left(self, account_id: str) -> int:
        """Return how many recovery codes were not used yet."""
        wanted = select(RecoveryCodeRow.selector).where(RecoveryCodeRow.account_id == account_id)
        return len(self._session.exec(wanted).all())

    def tries(self, key: str) -> TriesRow | None:
        """Return how often something was tried in vain."""
        return self._session.get(TriesRow, key)

    def account_events(self, account_id: str) -> tuple[AccountEventRow, ...]:
        """Return what happened to an account, in order."""
        wanted = select(AccountEventRow).where(AccountEventRow.account_id == account_id)
        return tuple(self._session.exec(wanted.order_by(col(AccountEventRow.id))))


class PeopleChanges(PeopleQuestions):
    """Changes about people."""

    def lock_accounts(self) -> None:
        """Let nobody else create or change accounts until the transaction ends."""
        self._session.exec(select(AccountRow.id).with_for_update()).all()

    def note_account(
        self, kind: str, now: datetime, account_id: str | None, by: str | None = None
    ) -> None:
        """Take down what happened to an account."""
        event = AccountEventRow(account_id=account_id, by=by, type=kind, happened_at=now)
        self._session.add(event)
        self._session.flush()

    def touch_session(self, session_id: str, now: datetime) -> None:
        """Take down that a session is used."""
        changed = update(SessionRow).where(col(SessionRow.id) == session_id).values(used_at=now)
        self._session.exec(changed)

    def end_session(self, session_id: str) -> None:
        """Forget a session."""
        self._session.exec(delete(SessionRow).where(col(SessionRow.id) == session_id))

    def end_session_of(self, token_hash: str) -> None:
        """Forget the session a token opens, if there is one."""
        self._session.exec(delete(SessionRow).where(col(SessionRow.token_hash) == token_hash))

    def end_sessions(self, account_id: str, but: str | None = None) -> None:
        """Forget the sessions of an account, except one."""
        self._session.exec(
            delete(SessionRow).where(
                col(SessionRow.account_id) == account_id, col(SessionRow.id) != (but or "")
            )
        )

    def put_recovery_codes(self, account_id: str, hashes: Iterable[tuple[str, str]]) -> None:
        """Replace the recovery codes of an account; each is a selector and a hash."""
        gone = delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account_id)
        self._session.exec(gone)
        for selector, code_hash in hashes:
            row = RecoveryCodeRow(account_id=account_id, selector=selector, code_hash=code_hash)
            self._session.add(row)
        self._session.flush()

    def use_recovery_code(self, account_id: str, selector: str) -> bool:
        """Delete a recovery code; whether it was still there."""
        gone = delete(RecoveryCodeRow).where(
            col(RecoveryCodeRow.account_id) == account_id, col(RecoveryCodeRow.selector) == selector
        )
        return bool(self._session.exec(gone).rowcount)

    def count_try(self, key: str, amount: int, now: datetime, until: datetime) -> int:
        """Count something tried in vain; from the first on until an instant. Return how often."""
        wanted = select(TriesRow).where(TriesRow.key == key).with_for_update()
        row = self._session.exec(wanted).first()
        if row is None:
            row = self._new_count(key, until)
        elif row.until <= now:
            row.count, row.until = 0, until
        row.count += amount
        self._session.add(row)
        self._session.flush()
        return row.count

    def _new_count(self, key: str, until: datetime) -> TriesRow:
        """Begin to count; of two processes that try at once one finds the other's."""
        row = TriesRow(key=key, count=0, until=until)
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            return self._session.exec(select(TriesRow).where(TriesRow.key == key)).one()
        return row

    def forget_tries(self, key: str) -> None:
        """Begin to count anew."""
        self._session.exec(delete(TriesRow).where(col(TriesRow.key) == key))

    def forget_ended(self, now: datetime) -> None:
        """Delete sessions and counts that are over."""
        self._session.exec(delete(SessionRow).where(col(SessionRow.expires_at) <= now))
        self._session.exec(delete(TriesRow).where(col(TriesRow.until) <= now))
