"""Partners' keys: a practice or a shop books for others by its own program."""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from fastapi import Request

from api.context import Context
from api.devices.enrolment import operators
from api.devices.secret import hash_of
from api.errors import Problem
from api.rights import Actor, Permission, Role
from api.schemas.answers import BookingAnswer
from api.store.database import Database
from api.store.tables import ApiKeyRow
from api.store.writer import Writer

MARK = "bb"
"""What every key begins with: who finds one in a file knows what it is."""
_ID_BYTES, _SECRET_BYTES = 5, 32
_USED_EVERY = timedelta(minutes=5)
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api"'}
ID = re.compile(r"[0-9a-f]{10}")
_NOBODYS = hash_of("")


def add(
    context: Context, operator_id: int, name: str, key_id: str | None = None
) -> tuple[ApiKeyRow, str]:
    """Make a key for a partner; see :func:`create`."""
    return create(context.database, context.clock.now(), operator_id, name, key_id)


def create(
    database: Database, now: datetime, operator_id: int, name: str, key_id: str | None = None
) -> tuple[ApiKeyRow, str]:
    """Make a key for a partner; return it and what is told of it once.

    Raises
    ------
    Problem
        ``key-shown``: the same form was sent before, and a key is shown once.
    """
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    row = ApiKeyRow(
        id=key_id or new_id(),
        operator_id=operator_id,
        name=name,
        role=Role.PARTNER,
        secret_hash=hash_of(secret),
        created_at=now,
    )

    def work(writer: Writer) -> None:
        if writer.api_key(row.id) is not None:
            raise Problem("key-shown")
        writer.add(row)

    database.write(work)
    return row, f"{MARK}_{row.id}_{secret}"


def new_id() -> str:
    """Return the part of a new key that may be shown."""
    return secrets.token_hex(_ID_BYTES)


def find(context: Context, key_id: str, areas: frozenset[str] | None = None) -> ApiKeyRow:
    """Return a key, if its operator has one of some areas (``key-unknown``)."""
    with context.database.reading() as reader:
        found = reader.api_key(key_id)
    if found is None or found.row.operator_id not in operators(context, areas):
        raise Problem("key-unknown")
    return found.row


def revoke(context: Context, key_id: str) -> None:
    """Let a key open nothing any more (``key-unknown``)."""
    end(context.database, context.clock.now(), key_id)


def end(database: Database, now: datetime, key_id: str) -> None:
    """Let a key open nothing any more (``key-unknown``)."""

    def work(writer: Writer) -> None:
        if writer.api_key(key_id) is None:
            raise Problem("key-unknown")
        writer.revoke_key(key_id, now)

    database.write(work)


def partner(request: Request, context: Context) -> Actor | None:
    """Identify the program of a partner, at the API only; None where no key is shown.

    Raises
    ------
    Problem
        ``key-invalid``: unknown, mistyped or revoked.
    """
    shown = shown_key(request)
    if shown is None or not request.url.path.startswith("/v1/"):
        return None
    key_id, _, secret = shown.removeprefix(f"{MARK}_").partition("_")
    with context.database.reading() as reader:
        found = reader.api_key(key_id)
    kept = _NOBODYS if found is None else found.row.secret_hash
    good = hmac.compare_digest(hash_of(secret), kept)
    if found is None or not good or found.row.revoked_at is not None:
        raise Problem("key-invalid", headers=_CHALLENGE)
    now, row = context.clock.now(), found.row
    if row.last_used is None or now - row.last_used >= _USED_EVERY:
        context.database.write(lambda writer: writer.use_key(row.id, now))
    return Actor(id=row.id, name=row.name, role=Role(row.role), areas=found.areas)


def shown_key(request: Request) -> str | None:
    """Return the key a request shows, without looking whether it is one."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    is_ours = scheme.lower() == "bearer" and value.startswith(f"{MARK}_")
    return value if is_ours else None


def check_offer(context: Context, actor: Actor | None, token: str) -> None:
    """Refuse to book for a partner in areas of others (``area-unknown``, ``offer-invalid``)."""
    if actor is not None:
        actor.require(Permission.BOOK_FOR_OTHERS, context.office.ticket(token).area_id)


def check_journey(context: Context, actor: Actor | None, token: str) -> None:
    """Refuse to book a journey for a partner in areas of others."""
    if actor is not None:
        for ride in context.office.journey(token).rides:
            actor.require(Permission.BOOK_FOR_OTHERS, ride.area_id)


def note(context: Context, actor: Actor | None, *bookings: BookingAnswer) -> None:
    """Take down that bookings are a partner's.

    It comes after the booking itself, which knows nothing of keys; if the process dies between, the
    partner sends the same request again (it got no answer) and it is taken down then.
    """
    if actor is None:
        return

    def work(writer: Writer) -> None:
        for booking in bookings:
            writer.note_key_booking(booking.id, actor.id)

    context.database.write(work)


def check_own(context: Context, actor: Actor | None, booking_id: str) -> None:
    """Refuse to show or cancel what a partner did not book itself (``booking-unknown``)."""
    if actor is None:
        return
    with context.database.reading() as reader:
        owner = reader.key_of_booking(booking_id)
    if owner != actor.id:
        raise Problem("booking-unknown")
