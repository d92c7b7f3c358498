"""Pages for everybody: mistakes in one German sentence, barriers told honestly, the API to read."""

from dataclasses import replace
from typing import Any

from regions.privacy import Privacy


def test_wrong_address_is_one_german_sentence(person: Any) -> None:
    page = person.open("/gibt-es-nicht")
    assert page.status == 404
    assert "Diese Seite gibt es nicht." in page.text
    assert "tel:+4971234567" in page.links


def test_programs_still_get_problem_documents(person: Any) -> None:
    answer = person.client.get("/gibt-es-nicht", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"


def test_broken_page_says_so_without_details(person: Any, monkeypatch: Any) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(type(person.server.services), "booking", fail)
    page = person.open("/buchung/abc")
    assert page.status == 500
    assert "Da ist etwas schiefgegangen." in page.text
    assert "secret detail" not in page.html


def test_accessibility_statement_names_what_is_missing(person: Any) -> None:
    page = person.open("/barrierefreiheit")
    assert "Was noch nicht geht" in page.text
    assert "Leichter Sprache" in page.text


def test_privacy_page_tells_the_figures_really_configured(
    start: Any, region: Any, person_at: Any
) -> None:
    decided = Privacy(controller="Verein, Markt 1", officer="Frau Amt", rides_named_days=41)
    area = replace(region.areas["talheim"], privacy=decided)
    person = person_at(start(regions={"talheim": replace(region, areas={"talheim": area})}))
    page = person.open("/datenschutz")
    assert page.status == 200
    for said in ("Verein, Markt 1", "Frau Amt", "41 Tage danach", "nach 30 Tagen", "6 Absatz 1"):
        assert said in page.text
    assert "tel:+4971234567" in page.links
    assert "41 days after" in person.open("/datenschutz?lang=en").text


def test_without_a_word_in_the_area_file_the_operator_is_responsible(person: Any) -> None:
    page = person.open("/datenschutz")
    assert "Bürgerbusverein Talheim e. V." in page.text
    assert "90 Tage danach" in page.text


def test_privacy_page_is_linked_from_every_page(person: Any) -> None:
    for address in ("/", "/leitstelle", "/barrierefreiheit", "/docs", "/nirgends"):
        assert "/datenschutz" in person.open(address).links


def test_every_problem_type_leads_to_an_explanation(person: Any) -> None:
    page = person.open("/problems/offer-gone")
    assert page.status == 200
    assert "Jemand war schneller" in page.text
    assert person.open("/problems/unheard-of").status == 404


def test_api_is_described_without_foreign_scripts(person: Any) -> None:
    page = person.open("/docs")
    assert page.status == 200
    for path in person.client.get("/openapi.json").json()["paths"]:
        assert path in page.text
    assert "//cdn" not in page.html


def test_attribution_stands_on_every_page(person: Any) -> None:
    for address in ("/", "/leitstelle", "/barrierefreiheit", "/nirgends"):
        assert "Karte und Straßen: Erfunden" in person.open(address).text
