"""Passwords: what is good enough, and how it is kept (argon2id, OWASP's parameters)."""

import secrets
import threading

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.errors import Problem

SHORTEST, LONGEST = 12, 128
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_hasher = PasswordHash((Argon2Hasher(_PASSES, _MEMORY_KIB, parallelism=1),))
_at_a_time = threading.BoundedSemaphore(2)
"""Each one takes memory and a core: whoever tries many must not starve who books."""
_NOBODYS = _hasher.hash(secrets.token_urlsafe())
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like another."""
_GROUPS, _GROUP = 4, 4


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _at_a_time:
        return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password kept; takes as long where there is none, as for unknown names."""
    with _at_a_time:
        good = _hasher.verify(password[:LONGEST], kept or _NOBODYS)
    return good and kept is not None


def check(password: str, login: str) -> None:
    """Refuse a password that is easily guessed.

    Raises
    ------
    Problem
        ``password-weak``.
    """
    plain = password.casefold()
    name = login.partition("@")[0]
    if (
        not SHORTEST <= len(password) <= LONGEST
        or len(set(plain)) < SHORTEST // 2
        or (name in plain and len(plain) - len(name) < SHORTEST // 2)
    ):
        raise Problem("password-weak")


def invented() -> str:
    """Invent a password to be told to somebody once: 79 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP)]
    return "-".join("".join(letters[i : i + _GROUP]) for i in range(0, len(letters), _GROUP))
