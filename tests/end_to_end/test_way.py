"""The way on the tablet: read, heard, in both languages, and kept for where there is no network."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

LISTEN = """
window.heard = [];
speechSynthesis.speak = (utterance) => window.heard.push([utterance.lang, utterance.text]);
"""
DEAF = "delete window.speechSynthesis;"


def tablet(site: Any, visit: Any, script: str = LISTEN) -> Page:
    """Open the first tour of the day on a tablet."""
    page: Page = visit(site.url + "/fahrer/", width=1024, height=768)
    page.add_init_script(script)
    return open_tour(page, site)


def open_tour(page: Page, site: Any) -> Page:
    """Choose the first tour of the day."""
    page.goto(site.url + "/fahrer/")
    page.get_by_role("button", name=site.area.name).click()
    page.locator("button.choice").first.click()
    page.locator(".way").wait_for()
    return page


def test_driver_reads_and_hears_the_way(busy_site: Any, visit: Any) -> None:
    page = tablet(busy_site, visit)
    step = page.locator(".way-step")
    expect(step).to_contain_text("losfahren")
    page.get_by_role("button", name="Vorlesen").click()
    ((language, said),) = page.evaluate("window.heard")
    assert language == "de-DE"
    assert said.startswith(step.inner_text().split(" ")[0])
    assert said.endswith(".")
    assert " m " not in said
    assert "„" not in said
    page.get_by_role("button", name="Weiter").click()
    expect(step).not_to_contain_text("losfahren")
    page.locator(".way summary").click()
    steps = page.locator(".way-all li")
    expect(steps.last).to_contain_text("Ziel")
    expect(page.locator(".way-all [aria-current=step]")).to_have_text(step.inner_text())
    page.get_by_role("button", name="English").click()
    expect(steps.last).to_contain_text("After")


def test_way_is_there_without_network(busy_site: Any, browser: Browser) -> None:
    with browser.new_context(locale="de-DE") as context:
        page = open_tour(context.new_page(), busy_site)
        page.evaluate("navigator.serviceWorker.ready")
        said = page.locator(".way-step").inner_text()
        context.set_offline(True)
        page.reload()
        expect(page.locator(".contact")).to_contain_text("Ohne Netz")
        expect(page.locator(".way-step")).to_have_text(said)


def test_no_button_where_there_is_no_voice(busy_site: Any, visit: Any) -> None:
    page = tablet(busy_site, visit, DEAF)
    expect(page.get_by_role("button", name="Weiter")).to_be_visible()
    expect(page.get_by_role("button", name="Vorlesen")).to_have_count(0)


def test_buttons_of_the_way_are_large(busy_site: Any, visit: Any) -> None:
    page = tablet(busy_site, visit)
    for target in page.locator(".way button, .way summary").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 48
