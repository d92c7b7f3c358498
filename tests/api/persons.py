"""What the tests about persons share: a ride that is booked and driven, and all that is stored."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

MONDAY = date(2026, 3, 30)
NAME, PHONE = "Käthe Öztürk", "+4971234567"
HOME, SHOP = "Haus am Hang 7b", "Laden Zur Linde"


def book(server: Any, clock: str = "09:00", **who: Any) -> dict[str, Any]:
    """Book a ride of Käthe's from her house to the shop."""
    day = who.pop("day", MONDAY)
    wish = {"depart_at": server.at(clock, day), "passengers": {"seat": 1, "walker": 1}}
    ends = server.place(0, 0, HOME), server.place(4, 4, SHOP)
    offer = server.ask(*ends, **wish)["offers"][0]
    answer = server.take(offer, **({"name": NAME, "phone": PHONE} | who))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def drive(server: Any, day: date = MONDAY) -> None:
    """Report every halt of the day as it was planned."""
    for tour in server.tours(day)["tours"]:
        for visit in tour["visits"]:
            for kind, at in (("arrived", visit["arrive"]), ("departed", visit["depart"])):
                body = {"event_id": str(uuid4()), "type": kind, "at": at}
                url = f"/v1/tours/{tour['id']}/visits/{visit['id']}/events"
                answer = server.client.post(url, json=body)
                assert answer.status_code == 200, answer.text


def past(server: Any, days: int = 1) -> None:
    """Drive Monday's rides, then let days pass, to their noon."""
    server.clock.move(hours=6)
    drive(server)
    server.clock.move(days=days)


def stored(server: Any) -> str:
    """Everything in the tables, as text."""
    database = server.services.context.database
    with database.reading() as reader:
        connection = reader._session.connection()
        names = ("booking", "promise_history", "visit", "event", "refusal", "idempotency_key")
        tables = (connection.exec_driver_sql(f"SELECT * FROM {name}") for name in names)  # noqa: S608
        return json.dumps(
            [[*map(str, row)] for table in tables for row in table], ensure_ascii=False
        )
