"""Who works here: accounts, their sessions, and what happened to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class AccountRow(SQLModel, table=True):
    """Somebody who signs in. ``operator_id`` is None for those who look after the whole installation."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "(role = 'administrator') = (operator_id IS NULL)", name="account_operator"
        ),
        UniqueConstraint("login", name="account_login"),
    )

    id: str = Field(primary_key=True)
    operator_id: int | None = Field(default=None, foreign_key="operator.id", index=True)
    role: str
    name: str
    login: str
    """E-mail address or user name, in small letters."""
    password_hash: str
    totp_secret: str | None = None
    totp_step: int = 0
    """The last 30 seconds for which a code was taken: no code is taken twice."""
    enabled: bool = True
    must_change: bool = False
    """Whether the password was given by somebody else and is good for one sign-in only."""
    created_at: datetime
    changed_at: datetime


class SessionRow(SQLModel, table=True):
    """A browser that is signed in. Its token is nowhere but in the browser."""

    __tablename__ = "account_session"
    __table_args__ = (UniqueConstraint("token_hash", name="account_session_token"),)

    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    token_hash: str
    pending: bool
    """Whether the second factor is still to be shown: nothing is open yet."""
    agent: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime = Field(index=True)


class RecoveryCodeRow(SQLModel, table=True):
    """Opens once in place of a lost telephone; ``selector`` are its first four letters."""

    __tablename__ = "recovery_code"

    account_id: str = Field(primary_key=True, foreign_key="account.id")
    selector: str = Field(primary_key=True)
    code_hash: str


class TriesRow(SQLModel, table=True):
    """How often something was tried in vain; ``key`` is a keyed hash."""

    __tablename__ = "sign_in_tries"

    key: str = Field(primary_key=True)
    count: int
    until: datetime = Field(index=True)


class AccountEventRow(SQLModel, table=True):
    """What happened to an account; rows are only added."""

    __tablename__ = "account_event"

    id: int | None = Field(default=None, primary_key=True)
    account_id: str | None = Field(default=None, index=True)
    by: str | None = None
    """Who did it, if somebody else."""
    type: str
    happened_at: datetime
