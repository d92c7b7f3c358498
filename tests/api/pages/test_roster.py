"""The roster's pages without scripts: the coordinator assigns and withdraws, drivers take and offer."""

import re
from typing import Any

from tests.api.roster import EARLY, Coordinator

WEEK = "/leitstelle/dienste?gebiet=talheim&ab=2026-03-30"


def version_of(page: Any, action: str) -> str:
    """Return the version hidden in the form with an action."""
    found = re.search(
        rf'action="{re.escape(action)}".*?name="version" value="(\d+)"', page.html, re.DOTALL
    )
    assert found, action
    return found[1]


def press(person: Any, page: Any, action: str, **fields: str) -> Any:
    """Send a form of a page."""
    return person.send(action, {"version": version_of(page, action)} | fields)


def test_a_coordinator_finds_a_driver(person: Any) -> None:
    page = person.open(WEEK)
    assert "A. Beck" in page.text
    page = press(person, page, f"/leitstelle/dienste/{EARLY}/zuteilen", wer="bleibt")
    assert Coordinator(person.server).shift()["driver"]["name"] == "A. Beck"
    fields = {"gebiet": "talheim", "name": "Karl Meier", "schluessel": page.fields["schluessel"]}
    page = person.send("/leitstelle/dienste/fahrer", fields)
    assert page.text.count("Karl Meier") > 1
    (karl,) = set(re.findall(r'<option value="(d-\w+)"', page.html))
    page = press(person, page, f"/leitstelle/dienste/{EARLY}/zuteilen", wer=karl)
    row = re.search(rf'<tr id="{EARLY}".*?</tr>', page.html, re.DOTALL)
    assert row
    assert "besetzt" in row[0]
    assert Coordinator(person.server).shift()["driver"] == {"id": karl, "name": "Karl Meier"}


def test_a_withdrawn_shift_names_whom_to_call(person: Any) -> None:
    person.book(name="Rosa Huber")
    asked = person.open(f"/leitstelle/dienste/{EARLY}/zurueckziehen")
    assert "1 Buchung ist dafür geplant" in asked.text
    page = press(
        person, asked, f"/leitstelle/dienste/{EARLY}/zurueckziehen", grund="Fahrer ist krank"
    )
    assert "Bitte anrufen" in page.text
    assert "Rosa Huber" in page.text
    assert "Fahrer ist krank" in page.text
    page = press(person, page, f"/leitstelle/dienste/{EARLY}/doch")
    assert "Bitte anrufen" not in page.text


def test_who_decides_on_an_old_page_is_told(person: Any) -> None:
    old = person.open(WEEK)
    Coordinator(person.server).done("withdraw", reason="x")
    late = press(person, old, f"/leitstelle/dienste/{EARLY}/zuteilen", wer="")
    assert late.status == 412
    assert "Inzwischen geändert" in late.text


def test_a_driver_takes_a_shift_and_looks_for_a_substitute(person: Any) -> None:
    roster = Coordinator(person.server)
    karl, eva = roster.driver("Karl Meier"), roster.driver("Eva Roth")
    roster.done("assign", driver_id=None)
    page = person.open(f"/fahrer/dienste?wer={karl}")
    action = f"/fahrer/dienste/{EARLY}"
    page = press(person, page, f"{action}/uebernehmen", wer=karl)
    assert "Meine Dienste" in page.text
    assert f"{action}/zurueckgeben" not in page.html  # it begins within two days
    press(person, page, f"{action}/vertretung", wer=karl)
    page = person.open(f"/fahrer/dienste?wer={eva}")
    assert "Vertretung gesucht" in page.text
    press(person, page, f"{action}/uebernehmen", wer=eva)
    shift = roster.shift()
    assert (shift["driver"]["name"], shift["substitute"]["name"]) == ("Karl Meier", "Eva Roth")


def test_a_month_and_odd_addresses(person: Any) -> None:
    month = person.open(f"{WEEK}&ansicht=monat")
    assert month.html.count('<tr id="talheim.2026-03-') == 27
    for odd in ("ab=unfug", "ab=9999-12-31", "ansicht=x&ab=0001-01-01", "gebiet=nirgends"):
        assert person.open(f"/leitstelle/dienste?{odd}").status == 200
