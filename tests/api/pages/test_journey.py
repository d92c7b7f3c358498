"""A resident finds and books a journey with bus 7, without any script."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from api.tickets import JourneyTicket
from regions.region import Region

HOSPITAL = {"nach": "Kreisklinik", "nach_ort": "9.5004,48.4302|Kreisklinik"}
TO_HOSPITAL = HOSPITAL | {"von": "Ulmenweg 1", "art": "bis", "zeit": "10:00"}


@pytest.fixture
def server(start: Any, with_line: Region) -> Any:
    """Start a server on Monday at six in the morning, with the timetable of bus 7."""
    return start(regions={"talheim": with_line})


def link(page: Any) -> str:
    return str(next(link for link in page.links if link.startswith("/reise?")))


def test_journey_is_booked_in_three_steps(person: Any) -> None:
    found = person.search(**TO_HOSPITAL)
    assert "Mit Bus und Bahn" in found.text
    assert "Bus 7 Richtung Kreisklinik" in found.text
    assert "Abholung zwischen" in found.text
    form = person.open(link(found))
    assert "Wen dürfen wir fahren?" in form.text
    assert "Weiter mit Linie 7 Kreisklinik, Abfahrt 9:0" in form.text
    done = person.send("/reise", form.fields | {"name": "Hedwig Beck", "telefon": "07123 999"})
    assert "/buchung/" in done.url
    assert "Ihre Fahrt ist gebucht." in done.text
    assert "Weiter mit Linie 7 Kreisklinik, Abfahrt 9:0" in done.text
    for page in (form, done):
        assert "Ihre ganze Reise" in page.text
        assert "bis Kreisklinik (an 09:30 Uhr)" in page.text, "where to get off the line"
    assert "sind Sie an der Haltestelle: " in done.text, "the stop is not where she wants to go"
    back = next(each for each in done.links if each.startswith("/?"))
    assert "von=Kreisklinik" in back, "the way back begins at the clinic"


def test_what_was_told_is_shown_with_its_own_booking_only(person: Any) -> None:
    """The token of a journey beside another booking says nothing; nor does one nobody signed."""
    token = parse_qs(urlsplit(link(person.search(**TO_HOSPITAL))).query)["reise"][0]
    other = urlsplit(person.book().url).path
    for told in (token, "made-up"):
        page = person.open(f"{other}?{urlencode({'reise': told})}")
        assert page.status == 200
        assert "Ihre ganze Reise" not in page.text


def test_answer_with_journeys_only_is_no_refusal(person: Any) -> None:
    page = person.search(**TO_HOSPITAL)
    assert "Mit Bus und Bahn kommen Sie hin" in page.text
    assert "Der Bürgerbus fährt nicht den ganzen Weg." in page.text
    assert "Das geht leider nicht" not in page.text


def test_rider_from_a_line_reads_what_happens_when_it_is_late(person: Any) -> None:
    """Nobody here hears of delays: the page does not pretend so."""
    from_hospital = {"von": "Kreisklinik", "von_ort": HOSPITAL["nach_ort"], "nach": "Ulmenweg 1"}
    found = person.search(**from_hospital, zeit="10:50")
    assert "Verspätungen kennen wir nicht." in found.text
    form = person.open(link(found))
    assert "Von Verspätungen erfahren wir nichts. Rufen Sie uns dann bitte an." in form.text


def test_what_is_missing_is_said_beside_the_field(person: Any) -> None:
    form = person.open(link(person.search(**TO_HOSPITAL)))
    page = person.send("/reise", form.fields | {"name": "", "telefon": "12"})
    assert page.status == 422
    assert page.invalid == ["name"]
    page = person.send("/reise", form.fields | {"name": "Hedwig Beck", "telefon": "12"})
    assert page.invalid == ["telefon"]
    assert person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"] == []


def test_form_sent_twice_books_once(person: Any) -> None:
    form = person.open(link(person.search(**TO_HOSPITAL))).fields
    form |= {"name": "Hedwig Beck", "telefon": "07123 999"}
    assert person.send("/reise", form).url == person.send("/reise", form).url
    again = person.send("/reise", form | {"schluessel": "another-key"})
    assert (again.status, "Diese Fahrt ist schon gebucht" in again.text) == (409, True)
    assert len(person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"]) == 1


def test_old_journey_leads_back_to_fresh_ones(person: Any) -> None:
    found = person.search(**TO_HOSPITAL)
    form = person.open(link(found)).fields | {"name": "Hedwig Beck", "telefon": "07123 999"}
    person.server.clock.move(minutes=16)
    assert "Mit Bus und Bahn" in person.open(link(found)).text
    gone = person.send("/reise", form)
    assert gone.status == 409
    assert "nichts wurde gebucht" in gone.text


def test_journey_with_two_rides_shows_both_codes(person: Any) -> None:
    office, server = person.server.services.context.office, person.server
    offers = [
        server.ask(server.place(0, 0), server.place(2, 2), depart_at=server.at(clock))["offers"][0]
        for clock in ("09:00", "11:00")
    ]
    tickets = tuple(office.ticket(offer["token"]) for offer in offers)
    token = office.journey_token(JourneyTicket(rides=tickets))
    form = person.open(f"/reise?gebiet=talheim&reise={token}").fields
    done = person.send("/reise", form | {"name": "Hedwig Beck", "telefon": "07123 999"})
    assert "Ihre Reise ist gebucht." in done.text
    booked = person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"]
    assert len(booked) == 2
    assert all(each["code"] in done.text for each in booked)
    assert "Fahrpreis für beide Fahrten" in done.text
    assert any(each.startswith("/?") for each in done.links), "the way back"
    person.send(f"/buchung/{booked[1]['id']}/stornieren", {})
    after = person.open(done.url)
    assert "Ihre Reise ist gebucht." not in after.text
    assert "Ihre Fahrt ist abgesagt." in after.text


def test_who_may_not_take_the_line_says_so(start: Any, with_line: Region, person_at: Any) -> None:
    area = with_line.areas["talheim"]
    policy = replace(area.policy, line_first_s=1800)
    region = replace(with_line, areas={"talheim": replace(area, policy=policy)})
    person = person_at(start(regions={"talheim": region}))
    ends = {"von": "Eichenweg 3", "nach": "Lindenweg 6", "zeit": "08:50"}
    refused = person.search(**ends)
    assert "Linienbus" in refused.text
    assert "um 09:00 Uhr ab Rathaus mit Bus 7" in refused.text.replace("Um", "um")
    assert not [each for each in refused.links if each.startswith("/buchen?")]
    start_page = person.open("/")
    assert "Schwerbehindert, oder 80 Jahre und älter" in start_page.text
    allowed = person.search(**ends, ohne_linie="1")
    assert [each for each in allowed.links if each.startswith("/buchen?")]


def test_cancelling_the_first_ride_cancels_the_second_as_the_page_says(person: Any) -> None:
    office, server = person.server.services.context.office, person.server
    first, second = (
        office.ticket(
            server.ask(server.place(*a), server.place(*b), depart_at=server.at(t))["offers"][0][
                "token"
            ]
        )
        for a, b, t in (((0, 0), (2, 2), "09:00"), ((5, 5), (7, 7), "11:00"))
    )
    token = office.journey_token(JourneyTicket(rides=(first, second)))
    form = person.open(f"/reise?gebiet=talheim&reise={token}").fields
    done = person.send("/reise", form | {"name": "Hedwig Beck", "telefon": "07123 999"})
    assert "Sagen Sie Fahrt 1 ab, ist auch Fahrt 2 abgesagt." in done.text
    booked = person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"]
    person.send(
        f"/buchung/{min(booked, key=lambda b: b['promise']['pickup_from'])['id']}/stornieren", {}
    )
    after = person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"]
    assert [each["status"] for each in after] == ["cancelled", "cancelled"]


def test_start_page_tells_of_lines_only_where_there_are_some(
    person: Any, start: Any, region: Region, person_at: Any
) -> None:
    told = "Wir finden auch Reisen mit Bus und Bahn"
    assert told in person.open("/").text
    assert "vielleicht mit Bus und Bahn" in person.open("/").html
    without = person_at(start(regions={"talheim": replace(region, timetable=None)})).open("/")
    assert told not in without.text
    assert "vielleicht mit Bus und Bahn" not in without.html
