"""Names as keys of the build, where a few thousand come up again and again."""

import re
from functools import lru_cache

from routing.addresses.text import fold

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WRITTEN_UMLAUT = re.compile(r"[aou]e")

folded = lru_cache(maxsize=65_536)(fold)
"""The same as `routing.addresses.text.fold`, remembered."""


@lru_cache(maxsize=65_536)
def street_key(name: str) -> tuple[str, ...]:
    """One key for every spelling of a street; "Bödastraße" and "Bodastraße" are two."""
    return fold(name), *_WRITTEN_UMLAUT.findall(name.casefold().translate(_UMLAUTS))
