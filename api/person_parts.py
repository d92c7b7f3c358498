"""What is stored of a person beside rides: as a rider who is known, and as somebody who gave feedback."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from api.schemas.persons import PersonFeedbackAnswer, PersonRiderAnswer
from api.store.reader import Reader
from api.store.tables import AreaRow, FeedbackRow, RiderRow, StandingOrderRow

Areas = Mapping[str, tuple[AreaRow, str]]


def rider_answers(
    reader: Reader, riders: Sequence[RiderRow], orders: Sequence[StandingOrderRow], areas: Areas
) -> tuple[PersonRiderAnswer, ...]:
    """Describe riders word for word, with their standing orders."""
    return tuple(_rider(reader, row, orders, areas[row.area_id][0]) for row in riders)


def _rider(
    reader: Reader, row: RiderRow, orders: Sequence[StandingOrderRow], area: AreaRow
) -> PersonRiderAnswer:
    zone = ZoneInfo(area.time_zone)
    return PersonRiderAnswer(
        rider_id=row.id,
        area=area.name,
        name=row.name,
        phone=row.phone,
        email=row.email,
        language=row.language,
        needs=row.needs,
        places=tuple(row.places),
        consent=row.consent,
        stored_at=row.created_at.astimezone(zone),
        changed_at=row.changed_at.astimezone(zone),
        standing_orders=tuple(_order(reader, each) for each in orders if each.rider_id == row.id),
    )


def _order(reader: Reader, row: StandingOrderRow) -> dict[str, Any]:
    columns = row.model_dump(mode="json", exclude={"rider_id", "wish"})
    rides = reader.standing_rides([row.id], date.min)
    dates = [each.model_dump(mode="json", exclude={"order_id"}) for each in rides]
    return columns | row.wish | {"dates": dates}


def feedback_answer(row: FeedbackRow, area: AreaRow) -> PersonFeedbackAnswer:
    """Describe what a person said."""
    return PersonFeedbackAnswer(
        area=area.name,
        about=row.about,
        kind=row.kind,
        stars=row.stars,
        text=row.text,
        contact=row.contact,
        answer=row.answer,
        said_at=row.created_at.astimezone(ZoneInfo(area.time_zone)),
    )
