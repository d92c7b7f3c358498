"""The control room in a browser: map, bars, and news without reloading."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_map_and_bars_show_the_tour(busy_site: Any, visit: Any) -> None:
    page = visit(busy_site.control_url)
    page.wait_for_selector("#map[data-map=idle]")
    expect(page.locator("#map canvas").first).to_be_visible()
    expect(page.get_by_role("button", name="Vergrößern")).to_be_visible()
    bars = page.get_by_role("img", name="2 Halte zwischen")
    expect(bars).to_have_count(1)
    assert bars.locator(".aboard").count() == 1
    expect(page.locator("text=Zu dieser Zeit fährt kein Bus.")).to_have_count(0)


def test_refused_wish_is_listed_on_its_day(busy_site: Any, visit: Any) -> None:
    page = visit(busy_site.control_url.replace("2026-01-14", "2026-01-18"))
    expect(page.locator("[data-live=refusals] li")).to_contain_text(busy_site.far_stop)


def test_new_booking_appears_without_reloading(site: Any, visit: Any) -> None:
    control = visit(site.control_url)
    expect(control.locator("text=Noch ist keine Tour geplant.")).to_be_visible()
    control.wait_for_selector("#map[data-map=idle]")
    resident = visit(site.search_url())
    resident.click("text=Diese Fahrt nehmen >> nth=0")
    resident.fill("#name", "Hedwig Beck")
    resident.fill("#telefon", "07123 4567")
    resident.click("text=Fahrt jetzt buchen")
    expect(control.locator("[data-live=bookings]")).to_contain_text("Hedwig Beck")
    expect(control.locator("[data-live=tours] .tour")).to_have_count(1)
    expect(control.locator("[data-news]")).to_have_text("Der Tag hat sich geändert.")
    control.locator("[data-live=bookings] a[href$=stornieren]").focus()
    control.click("text=Stornieren")
    control.click("text=Ja, Fahrt absagen")
    expect(control.locator("[data-live=bookings]")).to_contain_text("abgesagt")


def test_updating_can_be_stopped(busy_site: Any, visit: Any) -> None:
    page = visit(busy_site.control_url)
    page.click("text=Nicht mehr aktualisieren")
    expect(page.locator("[data-pause]")).to_have_text("Wieder aktualisieren")


def test_everything_is_there_as_text_without_scripts(busy_site: Any, visit: Any) -> None:
    page = visit(busy_site.control_url, java_script_enabled=False)
    expect(page.locator(".tour .halts li")).to_have_count(2)
    expect(page.locator("#map")).to_contain_text("Die Karte braucht JavaScript.")
