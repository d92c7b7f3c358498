"""Use case: somebody without an account finds a ride again, by its code and a telephone number."""

import hmac
import re
import unicodedata
from datetime import timedelta

from api.booking import answer_of
from api.codes import spelled
from api.context import Context
from api.errors import Problem
from api.phone import e164
from api.schemas.answers import OPEN, FoundRidesAnswer
from api.schemas.requests import RideSearch
from api.store.blurring import FORGOTTEN
from api.store.reader import Reader
from api.store.tables import BookingRow
from api.tries import Limit

TRIES = Limit("my-ride")
_STILL_SHOWN = timedelta(hours=1)
_NOBODYS = "-"
_ABOARD = "aboard"


def find(context: Context, wish: RideSearch, address: str) -> FoundRidesAnswer:
    """Return a booking and what else lies ahead for the same person under the same number.

    Which of code, number and name was wrong is not told, nor by how long the answer takes.

    Raises
    ------
    Problem
        ``ride-not-found``; ``too-many-tries`` after five for a code or from an address.
    """
    code = spelled(wish.code)
    TRIES.count(context, code, address)
    with context.database.reading() as reader:
        row = reader.booking_of_code(code)
        numbers = _numbers(context, wish.phone)
        proof = _proof(row)
        good = any(hmac.compare_digest(each, proof) for each in numbers | {_name(wish.name)})
        if row is None or not good or row.area_id not in context.regions:
            raise Problem("ride-not-found")
        answer = FoundRidesAnswer(
            booking=answer_of(context, reader, row),
            coming=tuple(answer_of(context, reader, one) for one in _coming(context, reader, row)),
        )
    TRIES.take_back(context, code, address)
    return answer


def _numbers(context: Context, typed: str | None) -> set[bytes]:
    """Return the number as each area's country writes it; somebody may leave the country out."""
    numbers = set()
    for home in {area.phone for area in context.areas()} if typed else ():
        try:
            numbers.add(b"phone " + e164(typed or "", home).encode())
        except Problem:
            continue  # said no otherwise than a wrong number
    return numbers


def _name(typed: str | None) -> bytes:
    return b"name " + (_plain(typed) or _NOBODYS).encode()


def _proof(row: BookingRow | None) -> bytes:
    """Return what opens a booking: its number, or, where it has none, its name."""
    if row is None or row.name == FORGOTTEN:
        return b"nobody"
    if row.phone is not None:
        return b"phone " + row.phone.encode()
    return b"name " + _plain(row.name).encode()


def _coming(context: Context, reader: Reader, row: BookingRow) -> list[BookingRow]:
    """Return the rides ahead of the same person: others of the household have codes of their own."""
    if row.phone is None:
        return []
    since = context.clock.now() - _STILL_SHOWN
    return [
        each
        for each in reader.rides_of(row.phone)
        if each.id != row.id
        and each.status in {*OPEN, _ABOARD}
        and each.arrive_by >= since
        and each.area_id in context.regions
        and _plain(each.name) == _plain(row.name)
    ]


def _plain(name: str | None) -> str:
    """Return a name without accents, capitals and what is no letter."""
    apart = unicodedata.normalize("NFKD", name or "").casefold()
    return re.sub(r"[\W\d_]+", "", "".join(c for c in apart if not unicodedata.combining(c)))
