"""The way on the tablet: read, heard, in both languages, and kept for where there is no network."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

LISTEN = """
window.heard = [];
speechSynthesis.speak = (utterance) => window.heard.push([utterance.lang, utterance.text]);
"""
ASK = """
window.asked = 0;
navigator.geolocation.watchPosition = () => ++window.asked;
navigator.permissions.query = async () => ({ state: "prompt" });
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


def drive_to(page: Page, place: list[float]) -> None:
    """Let the tablet find itself at a place (lon, lat)."""
    page.context.set_geolocation({"longitude": place[0], "latitude": place[1], "accuracy": 5})


def test_steps_show_and_are_heard_by_themselves_on_the_drive(busy_site: Any, visit: Any) -> None:
    """Nobody taps while driving: the position alone leads from step to step."""
    page: Page = visit(
        busy_site.url + "/fahrer/", width=1024, height=768, permissions=["geolocation"]
    )
    page.add_init_script(LISTEN)
    with page.expect_response(re.compile("/directions")) as answered:
        open_tour(page, busy_site)
    leg = answered.value.json()["legs"][0]
    steps, points = leg["steps"], leg["points"]
    now = page.locator(".way-step p[aria-live]")
    drive_to(page, points[0])
    expect(now).to_have_text(steps[0]["action"])
    page.get_by_role("button", name="Vorlesen").click()
    shown, heard = [steps[0]["action"]], "window.heard.map(([, text]) => text)"
    for place in points[1:]:
        drive_to(page, place)
        page.wait_for_timeout(60)
        if now.inner_text() != shown[-1]:
            shown.append(now.inner_text())
    assert shown[-1] == steps[-1]["action"]
    assert set(shown) <= {step["action"] for step in steps}
    expect(page.locator(".way-metres")).to_have_text("Jetzt")
    said = page.evaluate(heard)
    assert said[-1].endswith(f"{steps[-1]['action_spoken']}.")
    assert any(text.startswith("In ") for text in said)
    page.get_by_role("button", name="Nicht mehr vorlesen").click()
    page.get_by_role("button", name="Zurück").click()
    expect(now).to_have_text(steps[-2]["text"])  # who wants to look back may


def test_beside_the_way_nothing_is_counted_down(busy_site: Any, visit: Any) -> None:
    page: Page = visit(
        busy_site.url + "/fahrer/", width=1024, height=768, permissions=["geolocation"]
    )
    drive_to(page, [busy_site.area.shifts[0].start.lon + 0.5, 48.0])
    open_tour(page, busy_site)
    expect(page.locator(".way .notice")).to_have_text("Sie sind gerade nicht auf diesem Weg.")
    expect(page.locator(".way-metres")).to_have_count(0)
    expect(page.get_by_role("button", name="Weiter")).to_be_visible()


def test_position_is_asked_for_only_when_wanted(busy_site: Any, visit: Any) -> None:
    page = tablet(busy_site, visit, ASK)
    follow = page.get_by_role("button", name="Schritte von selbst anzeigen")
    expect(page.locator(".way-ask")).to_contain_text("Der Standort bleibt auf dem Gerät.")
    assert page.evaluate("window.asked") == 0
    follow.click()
    expect(follow).to_have_count(0)
    page.wait_for_function("window.asked === 1")


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
