"""Use cases of the coordinator: make a tablet known, lock it out, unlock it; and its enrolment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.context import Context
from api.devices.secret import hash_of, letters_of, new_code, new_token
from api.errors import Problem
from api.people import passwords
from api.store.tables import DeviceRow
from api.store.writer import Writer

CODE_GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class NewDevice:
    """What a coordinator says about a tablet; ``id`` was drawn with the form, so sent twice it is one."""

    id: str
    operator_id: int
    name: str
    vehicle_id: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """The code that enrols a tablet once, and until when."""

    device: DeviceRow
    code: str
    until: datetime


def operators(context: Context, areas: frozenset[str] | None = None) -> Mapping[int, str]:
    """Return the names of the operators that have one of some areas here, by their ids."""
    with context.database.reading() as reader:
        rows = reader.area_rows().values()
    return {
        area.operator_id: name
        for area, name in sorted(rows, key=lambda row: row[1])
        if area.id in context.regions and (areas is None or area.id in areas)
    }


def chosen(operators: Mapping[int, str], asked: str) -> int:
    """Return the operator asked for, or the first (``forbidden`` where there is none)."""
    wanted = [each for each in operators if str(each) == asked] or list(operators)
    if not wanted:
        raise Problem("forbidden")
    return wanted[0]


def areas_of(context: Context, operator_id: int) -> frozenset[str]:
    """Return the areas of an operator that are served here."""
    with context.database.reading() as reader:
        areas = reader.areas_of(operator_id) or frozenset()
    return areas & frozenset(context.regions)


def invite(context: Context, new: NewDevice) -> Invitation:
    """Make a tablet known; the same form sent again gives another code for the same tablet."""
    now, code = context.clock.now(), new_code()

    def work(writer: Writer) -> DeviceRow:
        row = writer.locked_device(new.id)
        if row is None:
            row = DeviceRow(
                id=new.id,
                operator_id=new.operator_id,
                name=new.name,
                vehicle_id=new.vehicle_id,
                created_at=now,
            )
            writer.add(row)
        return _give_code(writer, row, code, now)

    return Invitation(context.database.write(work), code, now + CODE_GOOD_FOR)


def invite_again(context: Context, device_id: str) -> Invitation:
    """Give a tablet a new code; until that is used it goes on as it is.

    Raises
    ------
    Problem
        ``device-unknown``, ``device-lost``.
    """
    now, code = context.clock.now(), new_code()

    def work(writer: Writer) -> DeviceRow:
        return _give_code(writer, _known(writer, device_id), code, now)

    return Invitation(context.database.write(work), code, now + CODE_GOOD_FOR)


def enrol(context: Context, code: str, pin: str) -> str:
    """Enrol the tablet of a code; return the token it shows from now on.

    Raises
    ------
    Problem
        ``enrolment-code-invalid``: unknown, used or too old, which is not told apart.
    """
    now, token = context.clock.now(), new_token()
    pin_hash, code_hash = passwords.hashed(pin), hash_of(letters_of(code))

    def work(writer: Writer) -> None:
        found = writer.device_of_code(code_hash)
        row = writer.locked_device(found.id) if found is not None else None
        if row is None or row.code_hash != code_hash or _late(row, now):
            raise Problem("enrolment-code-invalid")
        writer.end_driver_sessions(row.id)
        writer.change_device(
            row.id,
            code_hash=None,
            code_until=None,
            token_hash=hash_of(token),
            pin_hash=pin_hash,
            driver=None,
            wrong_tries=0,
            locked_until=None,
            enrolled_at=now,
            last_seen=now,
        )

    context.database.write(work)
    return token


def revoke(context: Context, device_id: str) -> None:
    """Lock out a lost tablet; its next request is refused and makes it delete what it holds."""
    now = context.clock.now()

    def work(writer: Writer) -> None:
        row = _known(writer, device_id)
        writer.end_driver_sessions(row.id)
        at = row.revoked_at or now
        writer.change_device(row.id, revoked_at=at, code_hash=None, code_until=None)

    context.database.write(work)


def unlock(context: Context, device_id: str) -> None:
    """Let the PIN be tried again at once (``device-unknown``)."""

    def work(writer: Writer) -> None:
        writer.change_device(_known(writer, device_id).id, wrong_tries=0, locked_until=None)

    context.database.write(work)


def drop_unsent(context: Context, device_id: str) -> None:
    """Forget the reports a lost tablet handed over: somebody has seen to them (``device-unknown``)."""

    def work(writer: Writer) -> None:
        writer.change_device(_known(writer, device_id).id, unsent=None)

    context.database.write(work)


def find(context: Context, device_id: str, areas: frozenset[str] | None = None) -> DeviceRow:
    """Return a tablet, if its operator has one of some areas (``device-unknown``)."""
    with context.database.reading() as reader:
        row = reader.device(device_id)
    if row is None or row.operator_id not in operators(context, areas):
        raise Problem("device-unknown")
    return row


def _known(writer: Writer, device_id: str) -> DeviceRow:
    row = writer.locked_device(device_id)
    if row is None:
        raise Problem("device-unknown")
    return row


def _give_code(writer: Writer, row: DeviceRow, code: str, now: datetime) -> DeviceRow:
    """Note a code; what was lost stays locked out."""
    if row.revoked_at is not None:
        raise Problem("device-lost")
    row.code_hash, row.code_until = hash_of(letters_of(code)), now + CODE_GOOD_FOR
    writer.add(row)
    return row


def _late(row: DeviceRow, now: datetime) -> bool:
    return row.code_until is None or now >= row.code_until or row.revoked_at is not None
