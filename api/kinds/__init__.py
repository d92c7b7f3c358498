"""Every kind of problem by its code, with its words: one table, in parts by subject."""

from collections.abc import Mapping

from api.kinds.doors import DOORS
from api.kinds.drivers import DRIVERS
from api.kinds.kind import Kind
from api.kinds.people import PEOPLE
from api.kinds.requests import REQUESTS
from api.kinds.riders import RIDERS
from api.kinds.rides import RIDES
from api.kinds.shifts import SHIFTS
from api.kinds.tours import TOURS

__all__ = ["KINDS", "Kind"]

KINDS: Mapping[str, Kind] = REQUESTS | PEOPLE | DOORS | RIDES | RIDERS | TOURS | SHIFTS | DRIVERS
