"""A tablet's life in a browser: enrolled, opened with the PIN, driven, cut off, lost, wiped."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

PIN = "4711"
STORED = """async () => {
  const open = indexedDB.open("buergerbus-driver");
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const all = (name) => new Promise((done) => {
    const asked = db.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const kept = { kept: await all("kept"), waiting: await all("waiting"), rejected: await all("rejected") };
  db.close();
  return kept;
}"""


def invited(site: Any, visit: Any) -> tuple[Page, str]:
    """Make a tablet known as the coordinator; return the page and the code."""
    office: Page = visit(site.url + "/leitstelle/geraete")
    office.fill("#name", "Tablet Bus 1")
    office.get_by_role("button", name="Code zeigen").click()
    return office, office.locator(".code").inner_text()


@pytest.fixture
def tablet(browser: Browser) -> Iterator[Page]:
    """Open a tablet; its console may complain about dead zones."""
    with browser.new_context(viewport={"width": 1024, "height": 768}, locale="de-DE") as context:
        yield context.new_page()


def enrol(site: Any, tablet: Page, code: str) -> None:
    """Follow the picture's address on a tablet and choose a PIN."""
    tablet.goto(f"{site.url}/fahrer/anmelden#{code}")
    expect(tablet.locator("#code")).to_have_value(code)
    assert "#" not in tablet.url
    tablet.fill("#pin", PIN)
    tablet.fill("#pin2", PIN)
    tablet.get_by_role("button", name="Dieses Tablet anmelden").click()


def type_pin(tablet: Page, pin: str = PIN) -> None:
    """Type a PIN on the pad."""
    for digit in pin:
        tablet.get_by_role("button", name=f"Ziffer {digit}", exact=True).click()
    tablet.get_by_role("button", name="Anmelden", exact=True).click()


def open_tour(tablet: Page, site: Any) -> None:
    """Choose the first tour."""
    tablet.locator("button.choice").first.wait_for()
    area = tablet.get_by_role("button", name=site.area.name)
    if area.count():
        area.click()
    tablet.locator("button.choice", has_text="Halt").first.click()
    tablet.get_by_role("button", name="Angekommen").wait_for()


def test_a_tablet_is_enrolled_driven_and_lost(
    start_site: Any, tmp_path: Any, visit: Any, tablet: Page
) -> None:
    """What it had not sent when it was lost reaches the coordinator; nothing stays on it."""
    with start_site(tmp_path / "data") as site:
        book(site, visit)
        office, code = invited(site, visit)
        enrol(site, tablet, code)
        expect(tablet.get_by_label("Wer fährt?")).to_be_visible()
        type_pin(tablet, "0815")
        expect(tablet.get_by_role("alert")).to_have_text("Diese PIN ist falsch.")
        type_pin(tablet)
        open_tour(tablet, site)
        tablet.context.set_offline(True)
        place = tablet.locator(".next-place").first.inner_text()
        tablet.get_by_role("button", name="Angekommen").click()
        expect(tablet.locator(".contact")).to_contain_text("1 Meldung wartet")
        stored = tablet.evaluate(STORED)
        assert (len(stored["kept"]), len(stored["waiting"])) == (1, 1)
        office.goto(site.url + "/leitstelle/geraete")
        office.get_by_role("link", name="Tablet verloren").click()
        office.get_by_role("button", name="Ja, sperren").click()
        tablet.context.set_offline(False)
        expect(tablet.get_by_text("Dieses Tablet wurde gesperrt")).to_be_visible(timeout=40_000)
        expect(tablet.get_by_text("liegt jetzt der Leitstelle vor")).to_be_visible(timeout=40_000)
        assert place not in tablet.content()
        assert tablet.evaluate(STORED) == {"kept": [], "waiting": [], "rejected": []}
        assert tablet.context.cookies() == []
        office.reload()
        expect(office.locator(".tablet")).to_contain_text(place)
        office.get_by_role("button", name="Erledigt").click()
        expect(office.locator(".tablet")).not_to_contain_text(place)


def test_who_signs_off_leaves_nothing_open(
    start_site: Any, tmp_path: Any, visit: Any, tablet: Page
) -> None:
    with start_site(tmp_path / "data") as site:
        book(site, visit)
        _, code = invited(site, visit)
        enrol(site, tablet, code)
        type_pin(tablet)
        open_tour(tablet, site)
        tablet.get_by_role("button", name="Abmelden").click()
        expect(tablet.get_by_label("Wer fährt?")).to_be_visible()
        assert tablet.evaluate(STORED)["kept"] == []
        tablet.reload()
        expect(tablet.get_by_label("Wer fährt?")).to_be_visible()
        type_pin(tablet)
        tablet.locator("button.choice").first.wait_for()


def test_without_network_a_signed_in_driver_goes_on(
    start_site: Any, tmp_path: Any, visit: Any, tablet: Page
) -> None:
    """The app opens again in a dead zone without asking for the PIN."""
    with start_site(tmp_path / "data") as site:
        book(site, visit)
        _, code = invited(site, visit)
        enrol(site, tablet, code)
        type_pin(tablet)
        open_tour(tablet, site)
        tablet.evaluate("navigator.serviceWorker.ready.then(() => true)")
        tablet.reload()
        tablet.get_by_role("button", name="Angekommen").wait_for()
        tablet.context.set_offline(True)
        tablet.reload()
        tablet.get_by_role("button", name="Angekommen").wait_for()
        expect(tablet.get_by_label("Wer fährt?")).to_have_count(0)


def test_the_pin_pad_is_for_thumbs_and_has_no_barrier(
    start_site: Any, tmp_path: Any, visit: Any, tablet: Page, axe: str
) -> None:
    with start_site(tmp_path / "data") as site:
        _, code = invited(site, visit)
        enrol(site, tablet, code)
        key = tablet.get_by_role("button", name="Ziffer 5")
        box = key.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 64
        tablet.evaluate(axe)
        found = tablet.evaluate("axe.run()")["violations"]
        assert [each["id"] for each in found] == []


def book(site: Any, visit: Any) -> None:
    """Book a ride, so that there is a halt."""
    page: Page = visit(site.search_url())
    page.locator("article a.button").first.click()
    page.fill("#name", "Hedwig Beck")
    page.fill("#telefon", "07123 4567")
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/buchung/"))
