"""The coordinator sees the day, and only staff does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from google.transit.gtfs_realtime_pb2 import FeedMessage

from api.jobs import refresh
from api.rights import Role
from regions.feeds import NO_FEEDS, Feeds, RealtimeSource
from regions.region import Region
from tests.api.people import signed_in

DAY = "/leitstelle?datum=2026-03-30"


def test_empty_day_says_so(person: Any) -> None:
    page = person.open(DAY)
    assert page.status == 200
    assert "Noch ist keine Tour geplant." in page.text
    assert "Für diesen Tag ist noch nichts gebucht." in page.text


def test_day_shows_bookings_tours_and_refusals(person: Any) -> None:
    for name in ("Hedwig Beck", "Karl Maier"):
        person.book(name=name)
    person.search(personen="8", rollstuhl="1", kinderwagen="1", rollator="1")
    person.search(zeit="23:30")
    page = person.open(DAY)
    for name in ("Hedwig Beck", "Karl Maier"):
        assert f"steigt ein: {name}" in page.text or name in page.text
    assert "+49 7123 4567" in page.text
    assert "A. Beck" in page.text
    assert "9:00\u20139:10" in page.text
    assert "23:30 Ahornweg 1, Talheim → Ulmenweg 8, Talheim:" in page.text
    assert "im Dienst von 7:00 bis 13:00 Uhr: " in page.html


def test_booking_is_cancelled_from_the_list(person: Any) -> None:
    person.book()
    link = next(one for one in person.open(DAY).links if one.endswith("/stornieren"))
    assert "wirklich absagen" in person.open(link).text
    after = person.send(link, {})
    assert "/leitstelle?" in after.url
    assert "abgesagt" in after.text
    assert not any(one.endswith("/stornieren") for one in after.links)
    assert "/leitstelle?" in person.open(link).url


def test_today_is_shown_when_no_day_is_named(person: Any) -> None:
    for address in ("/leitstelle", "/leitstelle?datum=irgendwann", "/leitstelle?gebiet=xyz"):
        assert "Montag, 30. März" in person.open(address).text


def test_day_no_calendar_holds_is_refused_kindly(person: Any) -> None:
    assert person.open("/leitstelle?datum=1800-01-01").status == 422
    assert person.open("/leitstelle?datum=0001-01-01").status == 422
    assert person.open("/leitstelle?datum=9999-12-31").status == 422


def test_day_without_a_shift_has_no_bars(person: Any) -> None:
    page = person.open("/leitstelle?datum=2026-04-04")
    assert "An diesem Tag ist kein Bus im Dienst." in page.text


@pytest.mark.parametrize("path", ["/leitstelle", "/leitstelle/buchungen/x/stornieren"])
def test_others_are_kept_out(start: Any, path: str) -> None:
    server = start()
    coordinator = signed_in(server, Role.COORDINATOR)
    assert server.client.get(path).status_code == 401
    assert server.client.get(DAY, headers=coordinator).status_code == 200


def test_tiles_count_one_as_one(person: Any) -> None:
    person.book()
    page = person.open(DAY)
    for word in ("Buchung", "Fahrgast", "Tour"):
        assert f"<dt>{word}</dt><dd>1</dd>" in page.html
    person.book(personen="2")
    page = person.open(DAY)
    for words in ("<dt>Buchungen</dt><dd>2</dd>", "<dt>Fahrgäste</dt><dd>3</dd>"):
        assert words in page.html


def test_page_says_how_many_refusals_it_leaves_out(
    person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.showing._REFUSALS_LISTED", 1)
    person.search(zeit="23:30")
    assert "nicht aufgeführt" not in person.open(DAY).text
    person.search(zeit="23:40")
    assert "1 älterer Wunsch ist nicht aufgeführt." in person.open(DAY).text


HOSPITAL = {"von": "Kreisklinik", "von_ort": "9.5004,48.4302|Kreisklinik", "zeit": "10:50"}


def of_region(start: Any, region: Region, feeds: Feeds = NO_FEEDS) -> Any:
    area = replace(region.areas["talheim"], feeds=feeds)
    return start(regions={"talheim": replace(region, areas={"talheim": area})})


def test_timetable_that_ends_soon_is_said_two_weeks_before(
    start: Any, with_line: Region, person_at: Any
) -> None:
    """Bus 7 runs until 17 April; the banner comes on the fourth, says what to do, and stays."""
    server = of_region(start, with_line)
    person = person_at(server)
    assert "Der Fahrplan" not in person.open("/leitstelle").text
    server.clock.move(days=5)
    page = person.open("/leitstelle?lang=de").text
    assert "Der Fahrplan von Linienbus und Bahn endet am Freitag, 17. April" in page
    assert "einzuspielen (buergerbus region timetable)" in page
    server.clock.move(days=20)
    assert "Bahn endete am Freitag, 17. April" in person.open("/leitstelle").text
    english = person.open("/leitstelle?lang=en").text
    assert "The timetable of bus and train ended on Friday, 17 April" in english


def test_timetable_that_renews_itself_needs_another_word(
    start: Any, with_line: Region, person_at: Any
) -> None:
    server = of_region(start, with_line, Feeds(timetable=("https://example.org/gtfs.zip",)))
    server.clock.move(days=10)
    page = person_at(server).open("/leitstelle").text
    assert "Ein neuer wird von selbst geholt" in page
    assert "buergerbus region timetable" not in page


def test_silence_of_realtime_is_said_only_where_news_are_expected(
    start: Any, with_line: Region, person_at: Any, tmp_path: Path
) -> None:
    """Nothing at first, then fresh news, then a quarter of an hour without."""
    silence = "Keine Meldungen über Verspätungen von Linienbus und Bahn"
    assert silence not in person_at(of_region(start, with_line)).open("/leitstelle").text
    file = tmp_path / "rt.pb"
    server = of_region(start, with_line, Feeds(realtime=(RealtimeSource(str(file)),)))
    person = person_at(server)
    assert silence in person.open("/leitstelle").text
    server.clock.move(minutes=1)  # the first try, at start, found no file
    told_s = int(server.clock.now().timestamp())
    header = {"gtfs_realtime_version": "2.0", "timestamp": told_s}
    file.write_bytes(ParseDict({"header": header}, FeedMessage()).SerializeToString())
    refresh(server.services.context)
    assert silence not in person.open("/leitstelle").text
    server.clock.move(minutes=16)
    page = person.open("/leitstelle").text
    assert silence in page
    assert "Fragen Sie im Zweifel beim Verkehrsunternehmen" in page


def test_lines_of_riders_are_shown_with_tour_and_booking(
    start: Any, with_line: Region, person_at: Any
) -> None:
    person = person_at(of_region(start, with_line))
    found = person.search(**HOSPITAL, nach="Ulmenweg 1")
    form = person.open(next(each for each in found.links if each.startswith("/reise?"))).fields
    person.send("/reise", form | {"name": "Hedwig Beck", "telefon": "07123 999"})
    page = person.open(DAY).text
    assert "steigt ein: Hedwig Beck (kommt mit 7 Rathaus um 11:" in page
    assert page.count("kommt mit 7 Rathaus um 11:") == 2
