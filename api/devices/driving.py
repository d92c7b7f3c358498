"""Use cases of the tablet: who it is, signing in with the PIN, signing off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.context import Context
from api.devices.secret import hash_of, new_token
from api.errors import Problem
from api.people import passwords
from api.rights import Actor, Role
from api.store.devices import Tablet
from api.store.tables import DeviceRow
from api.store.writer import Writer
from regions.area import Area

TRIES = 5
"""Wrong PINs before a tablet waits."""
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=24)
_LONGEST_SESSION = timedelta(hours=12)
_AFTER_SHIFT = timedelta(hours=1)
"""The last reports come after the last halt."""
_SEEN_EVERY = timedelta(minutes=5)
"""How exactly is known when a tablet was there last: not each of its requests writes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The secrets a tablet shows: its own, and that of who is signed in with it."""

    token: str
    session: str | None = None


def tablet_of(context: Context, shown: Shown) -> Tablet | None:
    """Return the tablet of a token (``device-revoked``); None if nobody knows it."""
    with context.database.reading() as reader:
        session_hash = hash_of(shown.session) if shown.session else None
        tablet = reader.tablet(hash_of(shown.token), session_hash)
    if tablet is None:
        return None
    if tablet.device.revoked_at is not None:
        raise Problem("device-revoked")
    now = context.clock.now()
    if tablet.session is not None and now >= tablet.session.until:
        tablet = Tablet(tablet.device, None, tablet.areas)
    seen, device_id = tablet.device.last_seen, tablet.device.id
    if seen is None or now - seen >= _SEEN_EVERY:
        context.database.write(lambda writer: writer.change_device(device_id, last_seen=now))
    return tablet


def is_known(context: Context, shown: Shown) -> bool:
    """Whether a tablet was ever enrolled under a token it shows."""
    with context.database.reading() as reader:
        return reader.tablet(hash_of(shown.token), None) is not None


def actor_of(tablet: Tablet) -> Actor:
    """Return who drives with a tablet.

    Raises
    ------
    Problem
        ``pin-needed``: nobody is signed in.
    """
    if tablet.session is None:
        raise Problem("pin-needed")
    return Actor(
        id=f"device:{tablet.device.id}",
        name=tablet.session.driver,
        role=Role.DRIVER,
        areas=tablet.areas,
    )


def drivers(areas: Iterable[Area]) -> tuple[str, ...]:
    """Return the names of who drives in some areas."""
    return tuple(sorted({shift.driver for area in areas for shift in area.shifts}))


def sign_in(context: Context, token: str, driver: str, pin: str) -> tuple[str, datetime]:
    """Sign a driver in; return the session's token and its end.

    A try counts before it is looked at, so that many at once are not more than five.

    Raises
    ------
    Problem
        ``device-unknown``, ``device-revoked``, ``pin-locked``, ``pin-wrong``, ``driver-not-here``.
    """
    tablet = tablet_of(context, Shown(token))
    if tablet is None:
        raise Problem("device-unknown")
    areas = [context.area(area_id) for area_id in tablet.areas & context.regions.keys()]
    if driver not in drivers(areas):
        raise Problem("driver-not-here")
    device_id, now = tablet.device.id, context.clock.now()
    row = context.database.write(lambda writer: _count(writer, device_id, now))
    if not passwords.matches(pin, row.pin_hash):
        raise Problem("pin-wrong", {"tries_left": max(0, TRIES - row.wrong_tries)})
    session = new_token()
    until = _until(context, areas, driver, now)

    def work(writer: Writer) -> None:
        known = writer.locked_device(device_id)
        if known is None or known.revoked_at is not None:
            raise Problem("device-revoked")
        writer.end_driver_sessions(device_id)
        writer.start_driver_session(hash_of(session), device_id, driver, now, until)
        writer.change_device(
            device_id, wrong_tries=0, locked_until=None, driver=driver, last_seen=now
        )

    context.database.write(work)
    return session, until


def sign_off(context: Context, token: str) -> None:
    """End the session of a tablet, if there is one."""
    tablet = tablet_of(context, Shown(token))
    if tablet is not None:
        context.database.write(lambda writer: writer.end_driver_sessions(tablet.device.id))


def hand_over(context: Context, token: str, reports: list[dict[str, object]]) -> None:
    """Keep what a tablet that was locked out had not sent, for a person to read; once.

    Raises
    ------
    Problem
        ``device-unknown``: nobody knows the tablet, or it is not locked out.
    """
    token_hash = hash_of(token)

    def work(writer: Writer) -> None:
        tablet = writer.tablet(token_hash, None)
        if tablet is None or tablet.device.revoked_at is None:
            raise Problem("device-unknown")
        if reports and tablet.device.unsent is None:
            writer.change_device(tablet.device.id, unsent={"reports": reports})

    context.database.write(work)


def _count(writer: Writer, device_id: str, now: datetime) -> DeviceRow:
    """Count a try; from the fifth on each one makes who comes next wait twice as long."""
    row = writer.locked_device(device_id)
    if row is None:
        raise Problem("device-unknown")
    if row.locked_until is not None and now < row.locked_until:
        wait_s = max(1, round((row.locked_until - now).total_seconds()))
        raise Problem("pin-locked", {"retry_after_s": wait_s}, {"Retry-After": str(wait_s)})
    row.wrong_tries += 1
    if row.wrong_tries >= TRIES:
        doublings = min(row.wrong_tries - TRIES, 10)
        row.locked_until = now + min(_FIRST_WAIT * 2**doublings, _LONGEST_WAIT)
    writer.add(row)
    return row


def _until(context: Context, areas: Iterable[Area], driver: str, now: datetime) -> datetime:
    """Return when a session ends: an hour after the driver's shift, after 12 hours at the latest."""
    ends = [
        service.instant(shift.end_s)
        for area in areas
        for service in [context.service_at(area, now)]
        for shift in area.shifts_on(service.day)
        if shift.driver == driver
    ]
    last = max((end for end in ends if end > now), default=now + _LONGEST_SESSION)
    return min(last + _AFTER_SHIFT, now + _LONGEST_SESSION)
