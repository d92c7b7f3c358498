"""What is told once and kept as a hash: codes and tokens. PINs go through :mod:`api.people.passwords`."""

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""As in :mod:`api.codes`: nothing that is misread or misheard."""
_GROUP = 4
_TOKEN_BYTES = 32


def new_code() -> str:
    """Return a code to type into a tablet, such as ``K7M3-QP29``: 39 bits, good for minutes."""
    letters = [secrets.choice(ALPHABET) for _ in range(2 * _GROUP)]
    return "".join(letters[:_GROUP]) + "-" + "".join(letters[_GROUP:])


def new_token() -> str:
    """Return 256 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(secret: str) -> str:
    """Return what is stored of a token or code; both are random, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def letters_of(code: str) -> str:
    """Return a code without what people put between its letters, in capitals."""
    return "".join(letter for letter in code.upper() if letter in ALPHABET)
