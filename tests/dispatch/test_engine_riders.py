"""Riders change their minds: other times, cancellations, and rides that wait for room."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingCancelled,
    BookingChanged,
    OfferGone,
    OffersMade,
    OfferTaken,
    PromiseGiven,
    RideRequested,
    TimesImproved,
)
from dispatch.model import BookingId, RideStatus, Rule

DEPOT, ANNA, KARL, DOCTOR, MARKET, FARM = range(6)
POINTS = [(0, 0), (5000, 0), (5500, 0), (12000, 0), (12200, 0), (6000, 15000)]


@pytest.fixture
def day(open_day: Callable[..., Any]) -> Any:
    """One bus from eight to one."""
    day = open_day(POINTS)
    day.open("early", "08:00", "13:00")
    return day


def test_who_asks_again_is_answered_as_if_their_ride_were_not_there(day: Any) -> None:
    """A full bus has room for the party that fills it."""
    ride = day.book(ANNA, DOCTOR, "09:00", seat=8)
    (answer,) = day.do(RideRequested(replace(ride.request, time_s=ride.request.time_s + 300)))
    assert isinstance(answer, OffersMade)
    assert day.booking(ride) == ride


def test_a_booking_takes_other_times(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "09:00", seat=8)
    (offer, *_) = day.answer(replace(ride.request, time_s=ride.request.time_s + 3600))
    effects = day.do(BookingChanged(offer))
    assert effects[0] == PromiseGiven(day.booking(ride))
    assert day.booking(ride).promise == offer.promise
    assert [v.board + v.alight for v in day.visits("early")] == [(ride.id,), (ride.id,)]
    after = day.state
    assert day.do(BookingChanged(offer)) == ()
    assert day.state is after, "said twice, changed once"


def test_a_change_that_is_not_possible_any_more_leaves_the_old_ride(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "09:00", seat=8)
    (offer, *_) = day.answer(replace(ride.request, time_s=ride.request.time_s + 3600))
    day.book(KARL, MARKET, "10:00", seat=8)
    before = day.state
    (gone,) = day.do(BookingChanged(offer))
    assert isinstance(gone, OfferGone)
    assert day.state is before


def test_the_way_back_goes_with_the_way_out(day: Any) -> None:
    out = day.book(ANNA, DOCTOR, "09:00")
    back = day.take(day.answer(replace(day.request(DOCTOR, ANNA, "10:30"), return_of=out.id))[0])
    day.do(BookingCancelled(out.id))
    assert {day.booking(r).status for r in (out, back)} == {RideStatus.CANCELLED}
    assert day.visits("early") == ()


def test_the_way_back_is_never_promised_before_the_way_out_ends(day: Any) -> None:
    """Nor can the way out be changed to end after the way back begins."""
    out = day.book(ANNA, DOCTOR, "09:00")
    back = day.take(day.answer(replace(day.request(DOCTOR, ANNA, "10:30"), return_of=out.id))[0])
    assert back.promise.pickup_from_s >= out.promise.arrive_by_s
    alone = day.answer(day.request(ANNA, DOCTOR, "11:00"))[0]
    (gone,) = day.do(BookingChanged(replace(alone, request=replace(alone.request, id=out.id))))
    assert isinstance(gone, OfferGone)
    early = day.answer(day.request(DOCTOR, ANNA, "08:10"))[0]
    request = replace(early.request, return_of=out.id)
    (gone,) = day.do(OfferTaken(replace(early, request=request)))
    assert isinstance(gone, OfferGone)


def test_ways_back_of_each_other_end(day: Any) -> None:
    """Two rides that name each other as the way out cannot both be kept, and cancelling them ends."""
    one = day.take(
        day.answer(replace(day.request(ANNA, DOCTOR, "09:00"), return_of=BookingId("r2")))[0]
    )
    (effect,) = day.do(
        OfferTaken(day.answer(replace(day.request(DOCTOR, ANNA, "11:00"), return_of=one.id))[0])
    )[:1]
    assert isinstance(effect, OfferGone) or effect.booking.id == "r2"
    day.do(BookingCancelled(one.id))
    assert day.booking(one).status is RideStatus.CANCELLED


def test_who_is_served_much_earlier_hears_of_it(day: Any) -> None:
    """When the detour for another falls away, the arrival is earlier and worth a message."""
    ride = day.book(ANNA, DOCTOR, "09:00")
    detour = day.book(DEPOT, MARKET, "-09:32", seat=2)
    before = day.stops(ride)[1].arrive_s
    effects = day.do(BookingCancelled(detour.id))
    gained_s = before - day.stops(ride)[1].arrive_s
    told = [e for e in effects if isinstance(e, TimesImproved)]
    assert gained_s >= 0
    assert [e.booking for e in told] == ([ride.id] if gained_s >= 300 else [])


@pytest.mark.parametrize("event", [BookingCancelled, BookingChanged])
def test_nobody_changes_a_ride_that_is_not_there(day: Any, event: Any) -> None:
    offer = day.ask(ANNA, DOCTOR, "09:00")[0]
    about = offer if event is BookingChanged else offer.request.id
    with pytest.raises(IllegalEvent) as error:
        day.do(event(about))
    assert error.value.code == "booking-unknown"


def test_who_is_aboard_can_neither_cancel_nor_change(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "09:00")
    offer = day.answer(replace(ride.request, time_s=ride.request.time_s + 3600))[0]
    day.drive(day.stops(ride)[0])
    for event in (BookingCancelled(ride.id), BookingChanged(offer)):
        with pytest.raises(IllegalEvent) as error:
            day.do(event)
        assert error.value.code == "ride-under-way"


def test_a_closed_day_books_nothing(day: Any) -> None:
    offer = day.ask(ANNA, DOCTOR, "09:00")[0]
    day.state = replace(day.state, closed=True)
    assert day.ask(ANNA, DOCTOR, "09:00").rule is Rule.CLOSED_DAY
    (gone,) = day.do(OfferTaken(offer))
    assert gone.refusal.rule is Rule.CLOSED_DAY
