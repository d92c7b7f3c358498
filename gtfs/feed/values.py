"""Times and dates of a feed: text to numbers, each distinct text once."""

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

Int64Array = npt.NDArray[np.int64]

MISSING = -1
"""Number for a value that is empty."""
UNREADABLE = -2
"""Number for a value that is no time or date."""
_TIME = re.compile(r"\s*(\d{1,3}):([0-5]\d):([0-5]\d)\s*", re.ASCII)
_DATE = re.compile(r"\s*(\d{4})(\d\d)(\d\d)\s*", re.ASCII)


def times(column: "pd.Series[str]") -> Int64Array:
    """Seconds of times ``H:MM:SS`` (hours past 24 are fine); MISSING or UNREADABLE otherwise."""
    return _numbers(column, time_of)


def days(column: "pd.Series[str]") -> Int64Array:
    """Proleptic ordinals of dates ``YYYYMMDD``; MISSING or UNREADABLE otherwise."""
    return _numbers(column, day_of)


def _numbers(column: "pd.Series[str]", read: Callable[[str], int]) -> Int64Array:
    codes, texts = pd.factorize(column)
    # codes are -1 for empty values, which picks the last number
    numbers = np.array([*(read(str(text)) for text in texts), MISSING], dtype=np.int64)
    return numbers[codes]


def time_of(text: str) -> int:
    """Seconds of a time ``H:MM:SS``, or UNREADABLE."""
    match = _TIME.fullmatch(text)
    if not match:
        return UNREADABLE
    return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])


def day_of(text: str) -> int:
    """Proleptic ordinal of a date ``YYYYMMDD``, or UNREADABLE."""
    match = _DATE.fullmatch(text)
    try:
        return (
            date(int(match[1]), int(match[2]), int(match[3])).toordinal() if match else UNREADABLE
        )
    except ValueError:
        return UNREADABLE
