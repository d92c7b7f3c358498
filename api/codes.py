"""Ids of wishes and short codes of bookings."""

import secrets

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L, U: what is told on the telephone must not be misheard or misread."""
_GROUP = 3
_ID_BYTES = 16


def new_request_id() -> str:
    """Return 128 random bits: the wishes of two people never become one booking."""
    return secrets.token_urlsafe(_ID_BYTES)


def new_code() -> str:
    """Return a short code to tell on the telephone, such as ``K7M-3QP``; may exist already."""
    letters = [secrets.choice(_ALPHABET) for _ in range(2 * _GROUP)]
    return "".join(letters[:_GROUP]) + "-" + "".join(letters[_GROUP:])


def spelled(text: str) -> str:
    """Return a code as it is stored, however it was typed: ``k7m 3qp`` is ``K7M-3QP``."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return letters[:_GROUP] + "-" + letters[_GROUP:]
