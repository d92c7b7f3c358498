"""A resident books, without any script, and is told plainly what does not work."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from regions.area import Service
from regions.patterns import AreaStop
from regions.region import Region


def test_start_page_needs_no_choice_with_one_area(person: Any) -> None:
    page = person.open("/")
    assert page.status == 200
    assert 'lang="de"' in page.html
    assert "Wohin möchten Sie?" in page.text
    assert "tel:+4971234567" in page.links
    assert "Erfundene Beispielregion" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert {"von", "nach", "zeit", "personen"} <= set(page.fields)


def test_ride_is_booked_in_three_steps(person: Any) -> None:
    offers = person.search()
    assert "So können wir Sie fahren" in offers.text
    assert "Wir holen Sie zwischen 9:00 und 9:10 Uhr ab." in offers.text
    form = person.choose()
    assert "Wen dürfen wir fahren?" in form.text
    done = person.send("/buchen", form.fields | {"name": "Hedwig Beck", "telefon": "07123 999"})
    assert "/buchung/" in done.url
    assert "Ihre Fahrt ist gebucht." in done.text
    assert "Am Montag, 30. März holen wir Sie zwischen 9:00 und 9:10 Uhr ab:" in done.text
    assert "Hedwig Beck" in done.text
    (booked,) = person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"]
    assert booked["phone"] == "+497123999"
    assert booked["code"] in done.text


def test_form_sent_twice_books_once(person: Any) -> None:
    form = person.choose().fields | {"name": "Hedwig Beck", "telefon": "07123 999"}
    first, second = person.send("/buchen", form), person.send("/buchen", form)
    assert first.url == second.url
    assert len(person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"]) == 1


def test_form_sent_again_with_another_name_books_nothing_more(person: Any) -> None:
    form = person.choose().fields | {"name": "Hedwig Beck", "telefon": "07123 999"}
    person.send("/buchen", form)
    for again in ({"name": "Karl Maier"}, {"schluessel": "another-key"}):
        page = person.send("/buchen", form | again)
        assert page.status == 409
        assert "Diese Fahrt ist schon gebucht" in page.text
    assert len(person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"]) == 1


def test_reloading_the_confirmation_changes_nothing(person: Any) -> None:
    done = person.book()
    assert person.open(done.url).text == done.text


def test_everything_typed_stays_when_something_is_wrong(person: Any) -> None:
    page = person.search(von="Ahornweg 1", nach="", zeit="", personen="3", rollator="1")
    assert page.status == 422
    assert page.invalid == ["nach", "zeit"]
    assert "Bitte sagen Sie uns, wohin Sie möchten." in page.text
    assert page.fields["von"] == "Ahornweg 1"
    assert page.fields["personen"] == "3"
    assert page.fields["rollator"] == "1"
    assert "#nach" in page.links


def test_unknown_place_is_asked_for_again(person: Any) -> None:
    page = person.search(nach="Xyzzy Qwertz")
    assert page.status == 422
    assert "Wir finden „Xyzzy Qwertz“ nicht." in page.text
    assert page.fields["nach"] == "Xyzzy Qwertz"


def test_street_without_number_is_asked_about(person: Any) -> None:
    """Nobody is sent to the middle of a street unasked; the number may be added without scripts."""
    page = person.search(von="Ahornweg, Talheim")
    assert "Welche Hausnummer?" in page.text
    assert "Straße, Hausnummer fehlt" in page.text
    assert page.fields["von_nummer"] == ""
    done = person.open("/angebote?" + urlencode(page.fields | {"von_nummer": "3"}))
    assert "So können wir Sie fahren" in done.text
    assert "Ahornweg 3, Talheim" in done.text


def test_number_is_asked_for_right_below_the_only_street(person: Any) -> None:
    """What else it might be follows after the field; where the street is in doubt too, the field comes last."""
    page = person.search(von="Ahornweg, Talheim")
    assert page.text.index("Straße, Hausnummer fehlt") < page.text.index(
        "Das Feld darf leer bleiben."
    )


def test_street_whose_number_nobody_knows_can_be_taken_with_a_mark(person: Any) -> None:
    page = person.search(von="Ahornweg, Talheim")
    done = person.open("/angebote?" + urlencode(page.fields))
    assert "So können wir Sie fahren" in done.text
    assert "Ahornweg, Talheim (ohne Hausnummer)" in done.text


def test_added_number_that_nobody_knows_is_asked_about_again(person: Any) -> None:
    page = person.search(von="Ahornweg, Talheim")
    again = person.open("/angebote?" + urlencode(page.fields | {"von_nummer": "78"}))
    assert "Straße, Hausnummer 78 kennen wir nicht" in again.text
    assert "„Ahornweg 78, Talheim“" in again.text


def test_misspelt_place_is_offered_to_choose(person: Any) -> None:
    page = person.search(von="Ahornwek 11")
    assert "Welchen Ort meinen Sie?" in page.text
    assert "von" not in page.fields
    assert page.fields["zeit"] == "09:00"
    assert "So können wir Sie fahren" in person.open("/angebote?" + urlencode(page.fields)).text


def test_refusal_says_why_and_offers_other_days(person: Any) -> None:
    page = person.search(tag="2026-04-04")  # a Saturday: no shift
    assert "Das geht leider nicht" in page.text
    assert "fährt" in page.text
    assert "am Sonntag, 5. April um 9:0" in page.text
    rides = [link for link in page.links if link.startswith("/buchen?")]
    assert len(rides) == 3
    assert "Wen dürfen wir fahren?" in person.open(rides[0]).text
    assert "on Sunday, 5 April at 9:0" in person.search(tag="2026-04-04", lang="en").text


def test_days_to_choose_from_where_the_next_ones_have_no_ride(
    start: Any, person_at: Any, region: Region
) -> None:
    area = region.areas["talheim"]
    area = replace(area, policy=replace(area.policy, other_days=0))
    person = person_at(start(regions={"talheim": replace(region, areas={"talheim": area})}))
    page = person.search(tag="2026-04-04")
    assert "Sonntag, 5. April" in page.text
    days = [link for link in page.links if link.startswith("/angebote?") and "lang=" not in link]
    assert len(days) == 3
    assert "So können wir Sie fahren" in person.open(days[0]).text


def test_refusal_offers_what_is_possible_instead(person: Any) -> None:
    page = person.search(zeit="12:50")  # the shift ends before the ride could
    assert "Das geht leider nicht" in page.text
    assert "Das wäre möglich" in page.text
    form = person.open(next(link for link in page.links if link.startswith("/buchen?"))).fields
    done = person.send("/buchen", form | {"name": "Rosa Huber", "telefon": "07123 4567"})
    assert "Ihre Fahrt ist gebucht." in done.text


def test_name_and_telephone_are_asked_for_kindly(person: Any) -> None:
    form = person.choose().fields
    empty = person.send("/buchen", form)
    assert empty.status == 422
    assert empty.invalid == ["name", "telefon"]
    short = person.send("/buchen", empty.fields | {"name": "Rosa Huber", "telefon": "12"})
    assert short.invalid == ["telefon"]
    wrong = person.send("/buchen", empty.fields | {"name": "Rosa Huber", "telefon": "abc"})
    assert wrong.invalid == ["telefon"]
    assert wrong.fields["name"] == "Rosa Huber"
    assert wrong.fields["telefon"] == "abc"
    done = person.send("/buchen", wrong.fields | {"telefon": "07123 4567"})
    assert "Ihre Fahrt ist gebucht." in done.text


def test_too_long_a_name_is_told(person: Any) -> None:
    form = person.choose().fields
    page = person.send("/buchen", form | {"name": "a" * 150, "telefon": "07123 4567"})
    assert page.status == 422
    assert page.invalid == ["name"]


def test_expired_offer_leads_to_fresh_ones(person: Any) -> None:
    offers = person.search()
    person.server.clock.move(minutes=16)
    link = next(link for link in offers.links if link.startswith("/buchen?"))
    page = person.open(link)
    assert page.url.partition("?")[0].endswith("/angebote")
    assert "So können wir Sie fahren" in page.text


def test_offer_that_expires_while_typing_is_replaced(person: Any) -> None:
    form = person.choose().fields
    person.server.clock.move(minutes=16)
    page = person.send("/buchen", form | {"name": "Rosa Huber", "telefon": "07123 4567"})
    assert page.status == 409
    assert "Es wurde nichts gebucht." in page.text
    assert any(link.startswith("/buchen?") for link in page.links)
    assert person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"] == []


def test_offer_of_another_hand_is_not_taken(person: Any) -> None:
    form = person.choose().fields | {"name": "Eve", "telefon": "07123 4567"}
    page = person.send("/buchen", form | {"angebot": form["angebot"][:-2] + "xx"})
    assert page.status == 422
    assert person.server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"] == []


def test_ride_is_cancelled_after_asking(person: Any) -> None:
    done = person.book()
    question = person.open(done.url + "/stornieren")
    assert "wirklich absagen" in question.text
    cancelled = person.send(done.url + "/stornieren", {})
    assert "Ihre Fahrt ist abgesagt." in cancelled.text
    assert person.open(done.url + "/stornieren").url == cancelled.url
    assert person.send(done.url + "/stornieren", {}).text == cancelled.text


def test_way_back_is_prepared(person: Any) -> None:
    done = person.book()
    link = next(link for link in done.links if link.startswith("/?"))
    form = person.open(link).fields
    assert (form["von"], form["nach"]) == ("Ulmenweg 8, Talheim", "Ahornweg 1, Talheim")
    assert form["von_ort"].endswith("|Ulmenweg 8, Talheim")


def test_unknown_booking_is_a_page_in_plain_german(person: Any) -> None:
    page = person.open("/buchung/gibtesnicht")
    assert page.status == 404
    assert "Diese Buchung gibt es nicht." in page.text


def test_what_people_type_is_never_markup(person: Any) -> None:
    evil = '"><script>alert(1)</script>'
    for page in (
        person.search(von=evil),
        person.search(von="", nach=evil, zeit=evil, tag=evil, personen=evil),
        person.book(name=evil),
    ):
        assert "<script>" not in page.html
        assert "alert(1)" in page.html


def test_pages_hold_no_inline_script_or_style(person: Any) -> None:
    for page in (person.open("/"), person.search(), person.choose(), person.book()):
        assert "<style" not in page.html
        assert " style=" not in page.html
        assert " onclick" not in page.html
        assert page.html.count("<script") == page.html.count('<script type="module" src="/static/')


def test_area_that_serves_stops_only_lists_them(start: Any, person_at: Any, region: Region) -> None:
    area = replace(region.areas["talheim"], service=Service.STOPS)
    second = AreaStop(id="markt", name="Markt", lon=9.1476, lat=48.4317)
    area = replace(area, stops=(*area.stops, second))
    person = person_at(start(regions={"talheim": replace(region, areas={"talheim": area})}))
    page = person.open("/")
    assert page.html.count("<select") == 3
    stops = {
        label: value for value, label in re.findall(r'<option value="(.+?)">(.+?)<', page.html)
    }
    form = {"von_ort": stops["Rathaus Talheim"], "nach_ort": stops["Markt"], "personen": "2"}
    query = form | {"tag": "2026-03-30", "zeit": "9 Uhr"}
    assert "So können wir Sie fahren" in person.open("/angebote?" + urlencode(query)).text


def test_two_areas_are_a_choice(start: Any, person_at: Any, region: Region) -> None:
    first = region.areas["talheim"]
    second = replace(first, id="bergheim", name="Bürgerbus Bergheim", phone="+49 7124 89")
    both = replace(region, areas={"talheim": first, "bergheim": second})
    person = person_at(start(regions={"both": both}))
    page = person.open("/")
    assert "Bürgerbus Bergheim" in page.text
    assert "/?gebiet=bergheim" in page.links
    chosen = person.open("/?gebiet=bergheim")
    assert "tel:+49712489" in chosen.links
    assert chosen.fields["gebiet"] == "bergheim"
    assert "Bürgerbus Bergheim" in person.open("/angebote?gebiet=unbekannt").text


def test_region_without_area_says_so(start: Any, person_at: Any, region: Region) -> None:
    person = person_at(start(regions={"empty": replace(region, areas={})}))
    for address in ("/", "/leitstelle"):
        assert "Noch ist kein Bedienungsgebiet eingerichtet." in person.open(address).text


def test_language_is_switched_and_remembered(person: Any) -> None:
    english = person.open("/?lang=en")
    assert "Where would you like to go?" in english.text
    assert 'lang="en"' in english.html
    assert "Where would you like to go?" in person.open("/").text
    assert "We pick you up between 9:00 and 9:10." in person.search().text
    assert "Wohin möchten Sie?" in person.open("/?lang=de").text


def test_language_switch_keeps_the_search(person: Any) -> None:
    offers = person.search()
    link = next(link for link in offers.links if "lang=en" in link)
    assert "We can take you there" in person.open(link).text


def test_pages_of_others_cannot_book(person: Any) -> None:
    form = person.choose().fields | {"name": "Eve", "telefon": "07123 4567"}
    answer = person.client.post("/buchen", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example/x", "/%2F/evil.example/x"])
def test_language_switch_stays_on_this_host(person: Any, path: str) -> None:
    page = person.open(f"http://localhost{path}")
    assert page.status == 404
    (link,) = (link for link in page.links if "lang=en" in link)
    assert link == "/evil.example/x?lang=en"


@pytest.mark.parametrize("day", ["2200-01-01", "9999-12-31", "2100-01-01", "0001-01-01"])
def test_day_beyond_the_calendar_is_asked_again(person: Any, day: str) -> None:
    page = person.search(tag=day)
    assert page.status < 500
    assert "Bitte wählen Sie einen Tag aus der Liste." in page.text
