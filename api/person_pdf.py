"""Everything stored of a person as a PDF in German, made by typst; data never becomes its source."""

import json
from datetime import datetime
from pathlib import Path

import typst

from api.schemas.fields import Passengers
from api.schemas.persons import PersonAnswer, PersonRideAnswer, ToldAnswer

_TEMPLATE = Path(__file__).parent / "person.typ"
_STATUS = {
    "booked": "bestellt",
    "unassigned": "ohne Bus",
    "aboard": "unterwegs",
    "done": "gefahren",
    "no_show": "nicht erschienen",
    "cancelled": "abgesagt",
}
_KINDS = {
    "seat": "Sitzplatz",
    "wheelchair": "Rollstuhl",
    "walker": "Rollator",
    "pram": "Kinderwagen",
    "child_seat": "Kindersitz",
    "luggage": "Gepäckstück",
    "parcel": "Paket",
}


def pdf(person: PersonAnswer) -> bytes:
    """Return the PDF; readable by screen readers (PDF/UA-1)."""
    data = {
        "exported": _moment(person.exported_at),
        "responsible": [each.model_dump(mode="json") for each in person.responsible],
        "rides": [
            {"title": f"{ride.date:%d.%m.%Y}, {ride.area}", "rows": _rows(ride)}
            for ride in person.rides
        ],
    }
    return typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,  # the same page on every machine
    )


def _rows(ride: PersonRideAnswer) -> list[tuple[str, str]]:
    """Say what is stored of a ride, word for word."""
    wish = "Abfahrt ab" if ride.time_kind == "depart_at" else "Ankunft bis"
    rows = [
        ("Name", ride.name),
        ("Telefon", ride.phone),
        ("Buchungsnummer", ride.code),
        ("Stand", _STATUS[ride.status]),
        ("Von", ride.origin.label),
        ("Nach", ride.destination.label),
        ("Wunsch", f"{wish} {_moment(ride.wished_at)}"),
        ("Wer fährt mit", party_text(ride.passengers)),
        ("Gebucht", _moment(ride.booked_at)),
        *(("Zugesagt", _told(told)) for told in ride.promises),
        ("Einstieg", _moment(ride.boarded_at)),
        ("Ausstieg", _moment(ride.left_at)),
        ("Fahrpreis", f"{ride.fare_cents / 100:.2f}".replace(".", ",")),
    ]
    if ride.cancelled_at:
        rows.append(("Abgesagt", _moment(ride.cancelled_at)))
    if ride.further:
        rows.append(("Weitere Angaben", json.dumps(ride.further, ensure_ascii=False)))
    return rows


def _told(told: ToldAnswer) -> str:
    window = f"Abholung {told.pickup_from:%H:%M} bis {told.pickup_until:%H:%M}"
    return f"{window}, Ankunft bis {told.arrive_by:%H:%M} (gesagt: {_moment(told.told_at)})"


def _moment(at: datetime | None) -> str:
    return f"{at:%d.%m.%Y, %H:%M}" if at else "nicht"


def party_text(passengers: Passengers) -> str:
    """Say in German who rides, e.g. ``1 × Sitzplatz, 1 × Rollator``."""  # noqa: RUF002  # times
    counts = passengers.model_dump().items()
    return ", ".join(f"{count} × {_KINDS[kind]}" for kind, count in counts if count)  # noqa: RUF001  # times
