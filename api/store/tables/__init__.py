"""The tables. Instants are aware and in UTC; positions are WGS84; money is in cents.

Rows never serve as request bodies: a table model does not validate what it is given.
"""

from sqlmodel import SQLModel

from api.store.tables.access import (
    ApiKeyRow,
    DeviceRow,
    DriverSessionRow,
    KeyBookingRow,
)
from api.store.tables.areas import AreaRow, OperatorRow
from api.store.tables.feedback import FeedbackRow
from api.store.tables.jobs import JobRunRow, LeaseRow
from api.store.tables.log import EventRow, IdempotencyRow
from api.store.tables.messages import ContactRow, MessageRow, PushRow
from api.store.tables.people import (
    AccountEventRow,
    AccountRow,
    RecoveryCodeRow,
    SessionRow,
    TriesRow,
)
from api.store.tables.riders import RiderRow, StandingOrderRow, StandingRideRow
from api.store.tables.rides import BookingRow, PromiseRow, RefusalRow
from api.store.tables.roster import ClosureRow, DriverRow, OutageRow, ShiftRow
from api.store.tables.seals import SealedEventRow, SealRow
from api.store.tables.sheets import SheetMailRow
from api.store.tables.tours import TourRow, VisitRiderRow, VisitRow

__all__ = [
    "TABLES",
    "AccountEventRow",
    "AccountRow",
    "ApiKeyRow",
    "AreaRow",
    "BookingRow",
    "ClosureRow",
    "ContactRow",
    "DeviceRow",
    "DriverRow",
    "DriverSessionRow",
    "EventRow",
    "FeedbackRow",
    "IdempotencyRow",
    "JobRunRow",
    "KeyBookingRow",
    "LeaseRow",
    "MessageRow",
    "OperatorRow",
    "OutageRow",
    "PromiseRow",
    "PushRow",
    "RecoveryCodeRow",
    "RefusalRow",
    "RiderRow",
    "SealRow",
    "SealedEventRow",
    "SessionRow",
    "SheetMailRow",
    "ShiftRow",
    "StandingOrderRow",
    "StandingRideRow",
    "TourRow",
    "TriesRow",
    "VisitRiderRow",
    "VisitRow",
]

TABLES = SQLModel.metadata
