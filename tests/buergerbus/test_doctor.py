"""The doctor looks at timetables: they should be followed by a newer one 14 days before they end."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from buergerbus.doctor import _timetable_end


@pytest.mark.parametrize(
    ("left", "level", "found"),
    [
        (14, "ok", "ends in 14 days"),
        (13, "note", "ends in 13 days"),
        (-1, "note", "ended 1 days ago"),
    ],
)
def test_the_end_of_a_timetable(left: int, level: str, found: str) -> None:
    last: Any = date.today() + timedelta(days=left)  # noqa: DTZ011  # the doctor asks the real clock
    timetable: Any = SimpleNamespace(
        first_day=last.toordinal(),
        service_days=np.ones((1, 1), np.bool_),
        service_id=("s",),
        trip_service=np.zeros(1, np.int32),
    )
    told = _timetable_end("region r", timetable)
    assert (told.level, told.found) == (level, found)
