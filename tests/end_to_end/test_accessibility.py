"""Every page: no barrier axe-core knows, no sideways scrolling at 320 px, large targets, a way to print."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

LEAST_TARGET = 44
TARGETS = """least => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option]')]
  .filter((one) => !one.closest('.maplibregl-map') && !one.closest('.skip'))
  .filter((one) => !(one.matches('a') && one.closest('p, li') && !one.matches('.button')
    && getComputedStyle(one).display === 'inline'))  // a link in a sentence
  .map((one) => one.matches('[type=radio], [type=checkbox]') ? one.closest('label') : one)
  .map((one) => ({ box: one.getBoundingClientRect(), html: one.outerHTML.slice(0, 120) }))
  .filter(({ box }) => box.width > 0 && (box.width < least || box.height < least))
  .map(({ box, html }) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""

Show = Callable[[Any, Any, dict[str, Any]], Page]


def shows(path: str) -> Show:
    return lambda site, visit, habits: visit(site.url + path, **habits)


def searched(**fields: str) -> Show:
    return lambda site, visit, habits: visit(site.search_url(**fields), **habits)


def follow(page: Page, link: str, awaited: str) -> Page:
    """Click and wait until the page that shows ``awaited`` is complete with its style sheets."""
    page.click(link)
    page.wait_for_selector(awaited)
    page.wait_for_load_state()
    return page


def name_step(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    page: Page = visit(site.search_url(), **habits)
    return follow(page, "article a.button >> nth=0", "#name")


def journey_name(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    page: Page = visit(site.search_url(), **habits)
    return follow(page, "article.journey a.button >> nth=0", "#name")


def name_mistake(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    return follow(name_step(site, visit, habits), "main button", ".summary")


def control_day(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    page: Page = visit(site.control_url, **habits)
    page.wait_for_selector("#map[data-map=idle]")
    return page


def confirmation(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    page: Page = visit(site.control_url, **habits)
    day = f"{site.url}/v1/bookings?date=2026-01-14"
    booking_id = page.evaluate(
        "async (url) => (await (await fetch(url)).json()).bookings[0].id", day
    )
    page.goto(f"{site.url}/buchung/{booking_id}")
    return page


def cancelling(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    return follow(confirmation(site, visit, habits), "text=Fahrt absagen", "main form")


def suggestions(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    page: Page = visit(site.start_url(), **habits)
    page.focus("#von")
    page.keyboard.type(site.near_stop[:5])
    page.wait_for_selector("#von-list [role=option]")
    page.keyboard.press("ArrowDown")
    return page


def start(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    page: Page = visit(site.start_url(), **habits)
    page.wait_for_selector("html[data-ready]")
    return page


def driver(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    page: Page = visit(site.url + "/fahrer/", **habits)
    page.get_by_role("button", name=site.area.name).click()
    page.locator("button.choice").first.click()
    page.get_by_role("heading", name=site.far_stop).wait_for()
    return page


def driver_followed(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    """Open the tablet where it knows its position: at the depot, where the first way begins."""
    depot = site.area.shifts[0].start
    place = {"longitude": depot.lon, "latitude": depot.lat, "accuracy": 5}
    allowed = {"permissions": ["geolocation"], "geolocation": place}
    page = driver(site, visit, habits | allowed)
    page.locator(".way-metres").wait_for()
    page.locator(".way summary").click()
    return page


def withdrawing(site: Any, visit: Any, habits: dict[str, Any]) -> Page:
    page: Page = visit(f"{site.url}/leitstelle/dienste?ab=2026-01-14", **habits)
    return follow(page, "a.danger >> nth=0", "#grund")


PAGES: dict[str, Show] = {
    "areas": shows("/"),
    "start": start,
    "suggestions": suggestions,
    "mistakes": searched(von="", zeit="", personen="99"),
    "which": searched(von="Ortsmitte"),
    "offers": searched(),
    "refusal": searched(tag="2026-01-18"),
    "alternatives": searched(zeit="18:20"),
    "name": name_step,
    "name-mistake": name_mistake,
    "journey-name": journey_name,
    "confirmation": confirmation,
    "cancelling": cancelling,
    "my-ride": shows("/meine-fahrt"),
    "enrolment": shows("/fahrer/anmelden"),
    "tablets": shows("/leitstelle/geraete"),
    "keys": shows("/leitstelle/schluessel"),
    "control": control_day,
    "control-empty": shows("/leitstelle?datum=2026-01-18"),
    "roster": shows("/leitstelle/dienste?ab=2026-01-14"),
    "roster-month": shows("/leitstelle/dienste?ab=2026-01-14&ansicht=monat"),
    "roster-withdraw": withdrawing,
    "duties": shows("/fahrer/dienste"),
    "not-found": shows("/gibt-es-nicht"),
    "accessibility": shows("/barrierefreiheit"),
    "privacy": shows("/datenschutz"),
    "docs": shows("/docs"),
    "driver": driver,
    "driver-followed": driver_followed,
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_barrier(busy_site: Any, visit: Any, axe: str, name: str, scheme: str) -> None:
    page = PAGES[name](busy_site, visit, {"color_scheme": scheme, "reduced_motion": "reduce"})
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for each in found["violations"]
        for node in each["nodes"]
    ] == []


@pytest.mark.parametrize("name", PAGES)
def test_narrow_screen_needs_no_sideways_scrolling(busy_site: Any, visit: Any, name: str) -> None:
    page = PAGES[name](busy_site, visit, {"width": 320, "height": 700})
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths == [320, 320]


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("name", [one for one in PAGES if one != "driver"])
def test_targets_are_large(busy_site: Any, visit: Any, name: str, width: int) -> None:
    page = PAGES[name](busy_site, visit, {"width": width})
    assert page.evaluate(TARGETS, LEAST_TARGET) == []


@pytest.mark.parametrize("name", ["start", "offers", "confirmation"])
def test_type_is_large(busy_site: Any, visit: Any, name: str) -> None:
    page = PAGES[name](busy_site, visit, {})
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18


def test_telephone_number_stands_at_the_same_place(busy_site: Any, visit: Any) -> None:
    spots = set()
    for name in ("start", "mistakes", "offers", "refusal", "name", "confirmation"):
        box = PAGES[name](busy_site, visit, {"width": 390}).locator("header .call").bounding_box()
        assert box is not None
        spots.add((round(box["x"]), round(box["y"])))
    assert len(spots) == 1


def test_confirmation_prints_without_buttons(busy_site: Any, visit: Any) -> None:
    page = PAGES["confirmation"](busy_site, visit, {})
    page.emulate_media(media="print")
    expect(page.locator(".code")).to_be_visible()
    expect(page.locator(".actions")).to_be_hidden()
    expect(page.locator("footer nav ul")).to_be_hidden()


def test_invented_region_is_named_on_every_page(busy_site: Any, visit: Any) -> None:
    for name in ("areas", "start", "offers", "confirmation", "control", "not-found"):
        page = PAGES[name](busy_site, visit, {})
        expect(page.locator(".banner")).to_contain_text("Erfundene Beispielregion")
