"""From a booking to a message that is sent once, whatever fails."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.messages.channels import Failed, Letter, Sent
from api.messages.reminders import remind
from api.messages.sending import TAKEN, TRIES
from tests.api.conftest import MONDAY
from tests.api.messages.conftest import LANDLINE, MOBILE, Town

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
TUESDAY = MONDAY + timedelta(days=1)
DOWN = Failed("gateway-503", down=True)


@BOTH
def test_a_booking_is_confirmed_once(town: Any) -> None:
    here: Town = town("sms")
    here.book(phone=MOBILE)
    assert here.outbox.run() == 1
    assert here.outbox.run() == 0
    ((number, letter),) = here.sms.letters
    assert number == MOBILE
    assert "9:00-9:10" in letter.text
    assert here.states() == [("booked", "sent")]


@BOTH
def test_booking_and_message_are_one_transaction(town: Any, monkeypatch: Any) -> None:
    """What cannot be told is not booked; what is not booked is not told."""
    here: Town = town("sms")

    def broken(*_: Any) -> None:
        raise OSError("no room for messages")

    with monkeypatch.context() as patch:
        patch.setattr("api.store.writer.Writer.add_messages", broken)
        offers = here.server.ask(
            here.server.place(0, 0), here.server.place(4, 4), depart_at=here.server.at("09:00")
        )["offers"]
        assert here.server.take(offers[0]).status_code == 500
    asked = here.server.client.get("/v1/bookings", params={"date": MONDAY.isoformat()})
    assert asked.json()["bookings"] == []
    assert here.states() == []


def test_the_same_request_again_is_confirmed_once(town: Any) -> None:
    here: Town = town("sms")
    offer = here.server.ask(
        here.server.place(0, 0), here.server.place(4, 4), depart_at=here.server.at("09:00")
    )["offers"][0]
    for _ in range(3):
        assert here.server.take(offer, key="k", phone=MOBILE).status_code == 201
    here.outbox.run()
    assert len(here.sms.letters) == 1


def test_without_channels_only_what_must_be_told_is(town: Any) -> None:
    here: Town = town()
    booking = here.book(phone=MOBILE)
    remind(here.server.services.context)
    here.server.client.delete(f"/v1/bookings/{booking['id']}")
    assert here.states() == []


def test_a_landline_gets_no_sms(town: Any) -> None:
    here: Town = town("sms", "mail")
    here.book(phone=LANDLINE)
    here.book(phone=LANDLINE, email="hedwig@example.org")
    here.outbox.run()
    assert here.states() == [("booked", "skipped"), ("booked", "sent")]
    assert [address for address, _ in here.mail.letters] == ["hedwig@example.org"]


def test_english_is_spoken_to_who_booked_in_english(town: Any) -> None:
    here: Town = town("sms")
    here.book(phone=MOBILE, language="en")
    here.outbox.run()
    assert "the bus comes" in here.sms.letters[0][1].text


def test_cancelling_before_the_confirmation_went_out_is_one_message(town: Any) -> None:
    here: Town = town("sms")
    booking = here.book(phone=MOBILE)
    for _ in range(2):
        here.server.client.delete(f"/v1/bookings/{booking['id']}")
    here.outbox.run()
    assert here.states() == [("booked", "gathered"), ("cancelled", "sent")]
    assert len(here.sms.letters) == 1


def test_a_channel_that_is_down_is_tried_again_ever_later(town: Any) -> None:
    here: Town = town("sms")
    here.book(phone=MOBILE)
    here.sms.fails = [DOWN] * 3
    pauses = []
    for _ in range(3):
        assert here.outbox.run() == 0
        assert here.outbox.run() == 0  # not before its time
        pauses.append(_next_try_s(here))
        here.server.clock.move(seconds=pauses[-1])
    assert pauses == [30, 60, 120]
    assert here.outbox.run() == 1
    assert [letter.id for _, letter in here.sms.letters] == [here.messages()[0]["id"]]


def test_who_is_down_is_asked_once_a_round(town: Any) -> None:
    here: Town = town("sms")
    for hour in ("08:00", "09:00", "10:00"):
        here.book(phone=MOBILE, at=hour)
    here.sms.fails = [DOWN]
    assert here.outbox.run() == 0
    assert sum(each["attempts"] for each in here.messages()) == 1
    here.server.clock.move(minutes=1)
    assert here.outbox.run() == 3


def test_what_is_given_up_rings_and_can_be_sent_again(town: Any) -> None:
    here: Town = town("sms")
    here.book(phone=MOBILE)
    here.sms.fails = [Failed("gateway-400", retry=False)]
    here.outbox.run()
    (dead,) = here.messages(state="dead")
    assert dead["last_error"] == "gateway-400"
    assert _alarms(here) == [("messages-dead", "talheim")]
    again = here.server.client.post(f"/v1/messages/{dead['id']}/retry")
    assert again.json()["state"] == "waiting"
    assert here.outbox.run() == 1
    assert _alarms(here) == []
    over = here.server.client.post(f"/v1/messages/{dead['id']}/retry")
    assert over.json()["code"] == "message-over"


def test_after_many_tries_it_is_given_up(town: Any) -> None:
    here: Town = town("sms")
    here.book(phone=MOBILE, day=TUESDAY)
    here.sms.fails = [Failed("gateway-500", down=True)] * TRIES
    for _ in range(TRIES):
        here.outbox.run()
        here.server.clock.move(hours=1)
    assert here.states() == [("booked", "dead")]


def test_a_crash_between_sending_and_noting_repeats_one_under_the_same_id(
    town: Any, monkeypatch: Any
) -> None:
    here: Town = town("sms")
    here.book(phone=MOBILE)
    here.book(phone=MOBILE, at="11:00")

    class Killed(BaseException):
        """The process ends."""

    usual = here.sms.send

    def sent_and_killed(letter: Letter, address: str) -> Sent | Failed:
        usual(letter, address)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(here.sms, "send", sent_and_killed)
        with pytest.raises(Killed):
            here.outbox.run()
    here.outbox.run()
    assert len(here.sms.letters) == 2  # the other one; nobody takes what somebody may be sending
    here.server.clock.move(seconds=TAKEN.total_seconds())
    here.outbox.run()
    here.outbox.run()
    ids = [letter.id for _, letter in here.sms.letters]
    assert len(ids) == 3
    assert ids[0] == ids[2] != ids[1]


def test_a_channel_that_raises_holds_up_nobody(town: Any, monkeypatch: Any) -> None:
    here: Town = town("sms", "mail")
    here.book(phone=MOBILE)
    here.book(phone=MOBILE, email="hedwig@example.org")

    def broken(_: Letter, address: str) -> Sent | Failed:
        raise RuntimeError(address)

    monkeypatch.setattr(here.sms, "send", broken)
    assert here.outbox.run() == 1
    (stuck,) = here.messages(state="waiting")
    assert stuck["last_error"] == "error-RuntimeError"  # and no number


def test_nothing_is_lost_over_a_restart(town: Any) -> None:
    here: Town = town("sms")
    here.book(phone=MOBILE)
    again: Town = town("sms")
    assert again.outbox.run() == 1


def test_reminders_come_once_and_not_to_who_booked_just_now(town: Any) -> None:
    here: Town = town("sms")
    context, clock = here.server.services.context, here.server.clock
    tuesday = here.server.at("09:00", TUESDAY)
    for name in ("Hedwig Beck", "Karl Beck"):
        offers = here.server.ask(
            here.server.place(0, 0), here.server.place(4, 4), depart_at=tuesday
        )["offers"]
        here.server.take(offers[0], name, phone=MOBILE)
        here.outbox.run()
        clock.move(hours=13, minutes=5)  # to seven in the evening, and to eight the next morning
        for _ in range(3):
            remind(context)
            here.outbox.run()
    kinds = [each["kind"] for each in here.messages(state="sent")]
    assert sorted(kinds) == [
        "booked",
        "booked",
        "reminder_evening",
        "reminder_hour",
        "reminder_hour",
    ]


def _next_try_s(here: Town) -> float:
    (message,) = here.messages()
    due = datetime.fromisoformat(message["next_try"])
    return (due - here.server.clock.now()).total_seconds()


def _alarms(here: Town) -> list[tuple[str, str]]:
    alarms = here.server.client.get("/health").json()["alarms"]
    return [(a["code"], a["what"]) for a in alarms if a["code"].startswith("messages")]
