"""Whom notes on devices are handed to: the makers of browsers, and nobody else."""

import re
from urllib.parse import urlsplit

_SERVICES = re.compile(
    r"(fcm\.googleapis\.com|android\.googleapis\.com|updates\.push\.services\.mozilla\.com"
    r"|[a-z0-9-]+\.push\.apple\.com|[a-z0-9-]+\.notify\.windows\.com)"
)
"""The push services of all browsers there are: whoever subscribes cannot make us call other machines."""


def is_push_service(endpoint: str) -> bool:
    """Whether an address is one of a browser's maker."""
    try:
        parts = urlsplit(endpoint)
        usual = parts.port in (None, 443)
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None
    return (
        parts.scheme == "https"
        and usual
        and plain
        and bool(_SERVICES.fullmatch(parts.hostname or ""))
    )
