"""A late bus, from the driver's report to the call somebody makes; and what ends what is stored."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import MONDAY
from tests.api.messages.conftest import LANDLINE, MOBILE, Town

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
BROWSER = {
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORc",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}


def late_bus(here: Town, minutes: int = 30) -> None:
    """Let two people book, and the bus come late to the first."""
    here.book(phone=LANDLINE)
    here.book(phone=MOBILE, at="10:00", name="Karl Beck")
    (tour,) = here.server.tours()["tours"]
    visit = tour["visits"][0]
    here.server.clock.move(hours=3, minutes=minutes)
    answer = here.server.client.post(
        f"/v1/tours/{tour['id']}/visits/{visit['id']}/events",
        json={
            "event_id": str(uuid4()),
            "type": "arrived",
            "at": here.server.clock.now().isoformat(),
        },
    )
    assert answer.status_code == 200, answer.text


@BOTH
def test_who_cannot_be_written_to_is_called(town: Any) -> None:
    """The second rider hears nothing of a bus that is late for the first only."""
    here: Town = town()
    late_bus(here, minutes=70)
    here.outbox.run()
    calls = here.messages(date=MONDAY.isoformat(), area_id="talheim", state="call")
    assert [call["name"] for call in calls] == ["Karl Beck"]
    (call,) = calls
    assert call["kind"] == "late"
    assert "später" in call["text"]
    url = f"/v1/messages/{call['id']}/done"
    missed = here.server.client.post(url, json={"outcome": "not-reached"}).json()
    assert (missed["state"], missed["attempts"]) == ("call", 1)
    for _ in range(2):
        assert here.server.client.post(url, json={"outcome": "reached"}).json()["state"] == "called"
    assert here.messages(state="call") == []
    here.outbox.run()
    assert here.messages(state="call") == [], "who was told is told once"


def test_a_late_bus_is_told_by_sms_where_there_is_one(town: Any) -> None:
    here: Town = town("sms")
    late_bus(here, minutes=70)
    here.outbox.run()
    said = [letter.text for number, letter in here.sms.letters if number == MOBILE]
    assert len(said) == 1, "the confirmation not yet sent and the news are one message"
    assert "später" in said[0]


def test_calls_that_are_no_use_any_more_go(town: Any) -> None:
    here: Town = town()
    late_bus(here, minutes=70)
    here.outbox.run()
    here.server.clock.move(hours=6)
    here.outbox.run()
    assert here.messages(state="call") == []


def test_the_control_room_lists_calls_with_their_buttons(town: Any) -> None:
    here: Town = town()
    late_bus(here, minutes=70)
    here.outbox.run()
    page = here.server.client.get("/leitstelle").text
    assert "Bitte anrufen" in page
    assert f'href="tel:{MOBILE}"' in page
    (call,) = here.messages(state="call")
    base = f"/leitstelle/nachrichten/{call['id']}"
    assert f'action="{base}/nicht-erreicht"' in page
    assert "1-mal versucht" in here.server.client.post(f"{base}/nicht-erreicht").text
    assert "Bitte anrufen" not in here.server.client.post(f"{base}/erreicht").text
    assert here.server.client.post(f"{base}/unsinn").status_code == 404


@pytest.mark.parametrize("what", ["retry", "call", "done"])
def test_unknown_messages_are_problems(town: Any, what: str) -> None:
    body = {"json": {"outcome": "reached"}} if what == "done" else {}
    answer = town().server.client.post(f"/v1/messages/nothing/{what}", **body)
    assert answer.json()["code"] == "message-unknown"


@BOTH
def test_an_erased_person_leaves_no_message(town: Any) -> None:
    here: Town = town("sms", "mail")
    booking = here.book(phone=MOBILE, email="hedwig@example.org", call=True)
    url = f"/v1/bookings/{booking['id']}/browser"
    assert here.server.client.put(url, json=BROWSER).json()["code"] == "push-off"
    here.outbox.run()
    who = {"phone": MOBILE}
    told = here.server.client.post("/v1/persons/export", json=who | {"format": "json"}).json()
    (ride,) = told["rides"]
    assert (ride["email"], ride["wants_call"]) == ("hedwig@example.org", True)
    assert [(m["kind"], m["state"]) for m in ride["messages"]] == [("booked", "sent")]
    here.server.clock.move(days=2)
    assert here.server.client.post("/v1/persons/erase", json=who).json()["rides"] == 1
    with here.server.services.context.database.reading() as reader:
        assert reader.messages_of([booking["id"]]) == ()
        assert reader.contact(booking["id"]) is None


def test_browsers_hear_of_a_ride_whose_address_they_know(town: Any) -> None:
    here: Town = town("sms")
    booking = here.book(phone=LANDLINE)
    here.server.client.app.state.outbox.channels["push"] = here.mail
    here.outbox.channels["push"] = here.mail  # type: ignore[index]
    for _ in range(2):
        url = f"/v1/bookings/{booking['id']}/browser"
        assert here.server.client.put(url, json=BROWSER).status_code == 200
    here.outbox.run()
    ((subscription, _letter),) = here.mail.letters
    assert BROWSER["endpoint"] in subscription
    unknown = here.server.client.put("/v1/bookings/nobody/browser", json=BROWSER)
    assert unknown.json()["code"] == "booking-unknown"
    elsewhere = BROWSER | {"endpoint": "https://127.0.0.1/x"}
    assert here.server.client.put(url, json=elsewhere).status_code == 422


def test_the_form_takes_an_address_that_can_be_one(town: Any) -> None:
    here: Town = town("sms", "mail")
    here.server.client.app.state.outbox.channels["mail"] = here.mail
    offer = here.server.ask(
        here.server.place(0, 0), here.server.place(4, 4), depart_at=here.server.at("09:00")
    )["offers"][0]
    form = {"angebot": offer["token"], "schluessel": "k", "name": "Hedwig", "telefon": LANDLINE}
    wrong = here.server.client.post("/buchen", data=form | {"email": "hedwig@"})
    assert wrong.status_code == 422
    assert "keine E-Mail-Adresse" in wrong.text
    fine = here.server.client.post("/buchen?lang=en", data=form | {"email": "h@example.org"})
    assert fine.status_code == 200
    here.outbox.run()
    ((address, letter),) = here.mail.letters
    assert address == "h@example.org"
    assert "booked" in letter.subject
