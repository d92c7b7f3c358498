"""The second factor: codes of an app on the telephone (RFC 6238), and codes on paper for when it is lost."""

import re
import secrets
import time
from hmac import compare_digest

import pyotp
import segno

from api.people import passwords
from api.store.writer import Writer

_ISSUER = "Bürgerbus"
_STEP_S = 30
_CLOCKS_DIFFER = (-1, 0, 1)
"""Steps by which the telephone's clock may be off."""
_SECRET = re.compile(r"[A-Z2-7]{32}")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SELECTOR = 4
_CODE = 16
"""Letters of a recovery code: four to find it, twelve (60 bits) that are secret."""
CODES = 8


def new_secret() -> str:
    """Return a secret for an app."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether it could be one of ours."""
    return _SECRET.fullmatch(text) is not None


def picture(secret: str, login: str) -> str:
    """Return the QR code an app reads, as the address of an SVG picture."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def step_of(secret: str, code: str, last: int) -> int | None:
    """Return the 30 seconds a code is of; None if it is wrong or not newer than the last one taken.

    It goes by the world's time, as telephones do, whatever our own clock was set to.
    """
    present = int(_world_time()) // _STEP_S
    digits = "".join(code.split())
    for step in (present + off for off in _CLOCKS_DIFFER):
        right = pyotp.TOTP(secret).at(step * _STEP_S)
        if compare_digest(right.encode(), digits.encode()) and step > last:
            return step
    return None


def _world_time() -> float:
    return time.time()


def new_codes() -> tuple[str, ...]:
    """Return recovery codes to be shown once: ``ABCD-EFGH-JKLM-NPQR``."""
    codes: dict[str, str] = {}
    while len(codes) < CODES:
        letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE))
        groups = (letters[i : i + _SELECTOR] for i in range(0, _CODE, _SELECTOR))
        codes[letters[:_SELECTOR]] = "-".join(groups)
    return tuple(codes.values())


def kept(codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return what is stored of recovery codes: what finds each, and its hash. It takes a while."""
    plain = (_letters(code) for code in codes)
    return tuple((each[:_SELECTOR], passwords.hashed(each)) for each in plain)


def is_recovery_code(text: str) -> bool:
    """Whether it is long enough to be one; app codes are six digits."""
    return len(_letters(text)) == _CODE


def recovery_hash(writer: Writer, account_id: str, code: str) -> str | None:
    """Return the hash a recovery code is to be compared with."""
    row = writer.recovery_code(account_id, _letters(code)[:_SELECTOR])
    return row.code_hash if row is not None else None


def use(writer: Writer, account_id: str, code: str) -> bool:
    """Use a recovery code up; False if somebody else was faster."""
    return writer.use_recovery_code(account_id, _letters(code)[:_SELECTOR])


def code_matches(code: str, kept_hash: str | None) -> bool:
    """Whether a recovery code is the one kept."""
    return passwords.matches(_letters(code), kept_hash)


def _letters(text: str) -> str:
    return "".join(each for each in text.upper() if each.isalnum())
