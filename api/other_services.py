"""On-demand services of others: shown with their telephone number beside what we can do ourselves."""

import numpy as np

from api.context import Context
from api.schemas.answers import Spot
from api.schemas.journeys import OtherServiceAnswer
from api.wish import Wish
from gtfs.other_services import Notice, OtherService
from routing.geometry import lengths_m

_NEAR_M = 800.0
_MINUTE, _HOUR = 60, 3600


def other_services(context: Context, wish: Wish) -> tuple[OtherServiceAnswer, ...]:
    """Describe the services that run at both ends on the day and at the hour of a wish."""
    region, day = context.regions[wish.area.id], wish.service.day
    time_s = wish.service.seconds(wish.time_at)
    ends = wish.origin.spot, wish.destination.spot
    return tuple(
        _answer(service, wish)
        for service in region.other_services
        if any(from_s <= time_s <= until_s for from_s, until_s in service.open_on(day))
        and all(_serves(service, spot) for spot in ends)
    )


def _serves(service: OtherService, spot: Spot) -> bool:
    if service.covers(spot.lon, spot.lat):
        return True
    lon, lat = np.array([(stop.lon, stop.lat) for stop in service.stops]).reshape(-1, 2).T
    metres = lengths_m(lon, lat, np.array(spot.lon), np.array(spot.lat))
    return bool((metres <= _NEAR_M).any())


def _answer(service: OtherService, wish: Wish) -> OtherServiceAnswer:
    hours = ", ".join(
        f"{_clock(from_s)} bis {_clock(until_s)}"
        for from_s, until_s in service.open_on(wish.service.day)
    )
    german, english = _notice(service.notice)
    return OtherServiceAnswer(
        name=service.name,
        operator=service.operator,
        phone=service.phone,
        booking_url=service.booking_url or service.info_url,
        text_de=f"{hours} Uhr, {german}",
        text_en=f"{hours}, {english}",
    )


def _notice(notice: Notice) -> tuple[str, str]:
    if notice.days:
        until = f" {_clock(notice.until_s)}" if notice.until_s is not None else ""
        german = f"anrufen {_days(notice.days)} vorher" + (f" bis{until} Uhr" if until else "")
        english = f"call {notice.days} day(s) before" + (f" by{until}" if until else "")
        return german, english
    if notice.minutes:
        return f"mindestens {notice.minutes} Minuten vorher anrufen", (
            f"call at least {notice.minutes} minutes before"
        )
    return "ohne Voranmeldung", "without notice"


def _days(days: int) -> str:
    return "einen Tag" if days == 1 else f"{days} Tage"


def _clock(time_s: int) -> str:
    return f"{time_s // _HOUR:02}:{time_s // _MINUTE % 60:02}"
