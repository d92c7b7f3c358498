"""People book rides in a browser: with the keyboard alone, without scripts, by double click."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MOST_TABS = 60


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; fails if the keyboard cannot reach it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    pytest.fail(f"the Tab key does not reach {selector}")


def book_by_keyboard(page: Page, site: Any, name: str) -> None:
    for field, place in (("#von", site.far_stop), ("#nach", site.near_stop)):
        tab_to(page, field)
        page.keyboard.type(place)
        page.wait_for_selector(f"{field}[aria-expanded=true]")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(field)).to_have_value(place)
    tab_to(page, "#zeit")
    page.keyboard.type("0930AM")  # a browser with a 24-hour clock ignores the letters
    tab_to(page, "main button:not([type=button])")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("So können wir Sie fahren")
    tab_to(page, "article a.button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Wen dürfen wir fahren?")
    tab_to(page, "#name")
    page.keyboard.type(name)
    tab_to(page, "#telefon")
    page.keyboard.type("07123 4567")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ihre Fahrt ist gebucht.")


def test_three_people_the_same_way_share_one_bus(site: Any, visit: Any) -> None:
    names = ["Hedwig Beck", "Karl Maier", "Rosa Huber"]
    for name in names:
        book_by_keyboard(visit(site.start_url()), site, name)

    control = visit(site.control_url)
    expect(control.locator(".tour")).to_have_count(1)
    halts = control.locator(".tour .halts li")
    expect(halts).to_have_count(2)
    expect(halts.first).to_contain_text(site.far_stop)
    for name in names:
        expect(halts.first.locator(".riders")).to_contain_text(name)
    expect(control.locator("tbody tr")).to_have_count(3)

    driver = visit(site.url + "/fahrer/", width=1024, height=768)
    driver.get_by_role("button", name=site.area.name).click()
    driver.locator("button.choice").first.click()
    expect(driver.get_by_role("heading", name=site.far_stop)).to_be_visible()
    for name in names:
        expect(driver.locator("body")).to_contain_text(name)
    expect(driver.locator("body")).to_contain_text(site.near_stop)


def test_booking_works_without_scripts(site: Any, visit: Any) -> None:
    page = visit(site.start_url(), java_script_enabled=False)
    page.fill("#von", site.far_stop)
    page.fill("#nach", "Ortsmitte")  # every village has one: the page asks back
    page.fill("#zeit", "09:30")
    page.check("text=Rollator")
    page.click("text=Fahrt suchen")
    expect(page.locator("h1")).to_have_text("Welchen Ort meinen Sie?")
    page.locator("label", has_text="Ortsmitte").filter(has_not_text=site.far_stop).first.click()
    page.click("text=Weiter")
    expect(page.locator("h1")).to_have_text("So können wir Sie fahren")
    page.click("text=Diese Fahrt nehmen >> nth=0")
    page.click("text=Fahrt jetzt buchen")
    expect(page.locator(".summary")).to_contain_text("Bitte sagen Sie uns Ihren Namen.")
    page.fill("#name", "Otto Keller")
    page.fill("#telefon", "0170 1234567")
    page.click("text=Fahrt jetzt buchen")
    expect(page.locator("h1")).to_have_text("Ihre Fahrt ist gebucht.")
    expect(page.locator(".code")).not_to_be_empty()
    expect(page.locator("text=1 Rollator")).to_be_visible()
    expect(page.locator("text=Drucken")).to_be_hidden()
    page.click("text=Fahrt absagen")
    page.click("text=Ja, Fahrt absagen")
    expect(page.locator("h1")).to_have_text("Ihre Fahrt ist abgesagt.")


def test_double_click_and_reload_book_once(site: Any, visit: Any) -> None:
    page = visit(site.search_url())
    page.click("text=Diese Fahrt nehmen >> nth=0")
    page.fill("#name", "Hedwig Beck")
    page.fill("#telefon", "07123 4567")
    page.dblclick("text=Fahrt jetzt buchen")
    expect(page.locator("h1")).to_have_text("Ihre Fahrt ist gebucht.")
    page.reload()
    page.go_back()
    page.fill("#name", "Hedwig Beck")
    page.fill("#telefon", "07123 4567")
    page.click("text=Fahrt jetzt buchen")
    page.wait_for_load_state()
    expect(visit(site.control_url).locator("tbody tr")).to_have_count(1)


def test_mistakes_take_the_focus_and_lead_to_their_fields(site: Any, visit: Any) -> None:
    page = visit(site.search_url(von="", zeit=""))
    expect(page.locator(".summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#von")).to_be_focused()
    expect(page.locator("#nach")).to_have_value(site.near_stop)


def test_suggestions_follow_the_combobox_pattern(site: Any, visit: Any) -> None:
    page = visit(site.start_url())
    field = page.locator("#von")
    field.focus()
    text = site.near_stop[:6]
    with page.expect_response(lambda answer: f"?q={quote(text)}&" in answer.url):
        field.press_sequentially(text)  # on a slow machine a list for fewer letters comes before
    page.wait_for_timeout(100)
    expect(field).to_have_attribute("aria-expanded", "true")
    options = page.locator("#von-list [role=option]")
    assert options.count() > 0
    labels = options.all_inner_texts()
    assert len(labels) == len(set(labels))
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#von-list [aria-selected=true]")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[name=von_ort]")).not_to_have_value("")
    field.press_sequentially("x")
    expect(page.locator("[name=von_ort]")).to_have_value("")


def test_keys_choose_from_the_list_of_what_is_typed(site: Any, visit: Any) -> None:
    """On a slow line the list is still that of the first letters: keys wait for the right one."""
    page = visit(site.start_url())

    def answered_late(route: Any) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    field = page.locator("#von")
    field.press_sequentially(site.near_stop[:6])
    expect(field).to_have_attribute("aria-expanded", "true")
    page.route("**/places?*", answered_late)
    field.fill(site.far_stop)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name=von_ort]")).to_have_value(re.compile(re.escape(site.far_stop)))
    expect(field).to_have_value(site.far_stop)
    expect(field).to_have_attribute("aria-expanded", "false")


def test_suggested_street_waits_for_its_number(site: Any, visit: Any) -> None:
    """A street or village is put into the field but not taken: the server asks if nothing is added."""
    page = visit(site.start_url())
    field = page.locator("#von")
    field.press_sequentially(site.near_stop[:6])
    page.locator("#von-list [role=option]", has_text="Hausnummer fehlt").first.click()
    expect(field).to_be_focused()
    expect(field).not_to_have_value("")
    expect(page.locator("[name=von_ort]")).to_have_value("")
    expect(page.locator(".request")).to_contain_text("Bitte tippen Sie jetzt noch")


def test_number_of_persons_has_large_buttons(site: Any, visit: Any) -> None:
    page = visit(site.start_url())
    for _ in range(12):
        page.get_by_role("button", name="Eine Person mehr").click()
    expect(page.locator("#personen")).to_have_value("8")
    for _ in range(12):
        page.get_by_role("button", name="Eine Person weniger").click()
    expect(page.locator("#personen")).to_have_value("1")
