"""The tours of a day on paper, one a page, in German, for when line or tablet is down; made by typst."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import phonenumbers
import typst
from babel.dates import format_date, format_datetime

from api.person_pdf import party_text
from api.schemas.tours import BoardingAnswer, TourAnswer, VisitAnswer
from regions.area import Area

_TEMPLATE = Path(__file__).parent / "tour_sheet.typ"
_GONE = ("cancelled", "no_show")


def sheets(area: Area, day: date, tours: Sequence[TourAnswer], now: datetime) -> bytes:
    """Return the PDF of an area's tours; readable by screen readers (PDF/UA-1)."""
    printed = now.astimezone(area.time_zone)
    data = {
        "area": area.name,
        "phone": area.phone,
        "day": format_date(day, "EEEE, d. MMMM y", locale="de"),
        "printed": format_datetime(printed, "d. MMMM y 'um' HH:mm 'Uhr'", locale="de"),
        "tours": [_tour(tour) for tour in tours],
    }
    return typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,  # the same page on every machine
    )


def _tour(tour: TourAnswer) -> dict[str, Any]:
    shift = tour.shift
    return {
        "bus": shift.vehicle,
        "driver": shift.driver or "noch niemand",
        "start": _clock(shift.start),
        "end": _clock(shift.end),
        "from": shift.start_place.label,
        "to": shift.end_place.label,
        "halts": [_halt(visit) for visit in tour.visits],
    }


def _halt(visit: VisitAnswer) -> dict[str, Any]:
    place = f"Pause bis {_clock(visit.depart)}" if visit.pause else visit.place.label
    return {"time": _clock(visit.arrive), "place": place, "lines": list(_riders(visit))}


def _riders(visit: VisitAnswer) -> Iterator[dict[str, str]]:
    for leaving in visit.alight:
        if leaving.status not in _GONE:
            until = f"spätestens {_clock(leaving.arrive_by)}"
            yield {"kind": "Aussteigen", "who": leaving.name, "more": until}
    for boarding in visit.board:
        if boarding.status not in _GONE:
            told = f"zugesagt {_clock(boarding.pickup_from)} bis {_clock(boarding.pickup_until)}"
            said = party_text(boarding.passengers), f"nach {boarding.destination}", told
            yield {"kind": "Einsteigen", "who": _who(boarding), "more": ", ".join(said)}


def _who(rider: BoardingAnswer) -> str:
    if rider.phone is None:
        return f"{rider.name}, ohne Telefon"
    number = phonenumbers.parse(rider.phone, None)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return f"{rider.name}, Telefon {shown}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
