"""Many at once: the last seats go to somebody once, and no promise breaks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from dispatch.model import RideStatus
from dispatch.verify import verify

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

MONDAY = date(2026, 3, 30)


def test_last_seats_are_sold_once(server: Any) -> None:
    """Eight agents at the same time, five seats each, on a bus with eight: at most one at a time rides."""
    wish = {"depart_at": server.at("09:00"), "passengers": {"seat": 5}}
    ends = server.place(0, 0), server.place(7, 7)
    offers = [server.ask(*ends, **wish)["offers"][0] for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(server.take, offers))
    won = [answer.json() for answer in answers if answer.status_code == 201]
    lost = [answer.json() for answer in answers if answer.status_code != 201]
    assert len(won) == 1
    assert {each["code"] for each in lost} == {"offer-gone"}
    assert all(each["alternatives"] for each in lost)
    context = server.services.context
    with context.days.locked("talheim", MONDAY) as slot, context.database.reading() as reader:
        state = slot.present(reader).state
    assert verify(state) == ()
    assert sum(b.status is RideStatus.BOOKED for b in state.bookings.values()) == 1


def test_asking_booking_cancelling_and_looking_at_once(server: Any) -> None:
    """Threads doing everything at once end in one plan that memory, store and checker agree on."""

    def live(number: int) -> int:
        column = number % 8
        offers = server.ask(
            server.place(column, 0),
            server.place(7 - column, 6),
            depart_at=server.at(f"{8 + number % 4:02d}:00"),
        )["offers"]
        server.tours()
        if not offers:
            return 0
        answer = server.take(offers[0])
        if answer.status_code != 201:
            assert answer.json()["code"] == "offer-gone"
            return 0
        if number % 3 == 0:
            answer = server.client.delete(f"/v1/bookings/{answer.json()['id']}")
            assert answer.status_code == 200
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        kept = sum(pool.map(live, range(24)))
    context = server.services.context
    with context.days.locked("talheim", MONDAY) as slot, context.database.reading() as reader:
        state = slot.present(reader).state
        stored = reader.bookings(MONDAY, "talheim")
    riding = [b for b in state.bookings.values() if b.status is RideStatus.BOOKED]
    assert len(riding) == kept == sum(row.status == "booked" for row in stored)
    assert verify(state) == ()
