"""A browser, and the real application at a free port over a freshly invented region."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import structlog
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.app import create_app
from api.clock import Clock
from api.files import TABLET
from api.settings import Settings
from api.warm import warm
from regions.area import Area
from regions.region import Region, open_region

WEDNESDAY_MORNING = datetime.fromisoformat("2026-01-14T06:05:00+01:00")
DAY = date(2026, 1, 14)
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_WITHIN_S = 60


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Source of the accessibility checker."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Site:
    """The running application: where it answers, and what it serves."""

    url: str
    area: Area

    def start_url(self, **fields: str) -> str:
        """Address of the search form, filled in."""
        return f"{self.url}/?{urlencode({'gebiet': self.area.id} | fields)}"

    def search_url(self, **fields: str) -> str:
        """Address of the offers for a ride of one person."""
        wish = {
            "gebiet": self.area.id,
            "von": self.far_stop,
            "nach": self.near_stop,
            "tag": DAY.isoformat(),
            "zeit": "09:30",
            "personen": "1",
        }
        return f"{self.url}/angebote?{urlencode(wish | fields)}"

    @property
    def control_url(self) -> str:
        """Address of the day in the control room."""
        day = {"gebiet": self.area.id, "datum": DAY.isoformat()}
        return f"{self.url}/leitstelle?{urlencode(day)}"

    @property
    def near_stop(self) -> str:
        """The stop nearest to where the bus stands."""
        return min(self.area.stops, key=self._distance).name

    @property
    def far_stop(self) -> str:
        """The stop farthest from there."""
        return max(self.area.stops, key=self._distance).name

    def _distance(self, stop: Any) -> float:
        depot = self.area.shifts[0].start
        return (stop.lon - depot.lon) ** 2 + (stop.lat - depot.lat) ** 2


class _Server(uvicorn.Server):
    """A server in a thread that tells when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self.answers.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let pages go that listen."""
        self.config.app.state.services.context.changes.close()  # type: ignore[union-attr]
        await super().shutdown(sockets)


@pytest.fixture(scope="session")
def invented(sample_region: Path) -> Region:
    """Open the invented region once; nobody waits for a compiler."""
    structlog.configure(
        processors=[structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.ReturnLoggerFactory(),
    )
    region = open_region(sample_region)
    warm({"sample": region})
    return region


@pytest.fixture(scope="session")
def start_site(invented: Region) -> Callable[[Path], Any]:
    """Return how to run the application over a data folder (a context manager that gives the site)."""

    @contextmanager
    def running(data_dir: Path) -> Iterator[Site]:
        if not (TABLET / "index.html").is_file():
            pytest.skip("no built front end: make run builds it with Node")
        settings = Settings(data_dir=data_dir, port=0)
        app = create_app(settings, Clock(WEDNESDAY_MORNING), {"sample": invented})
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none")
        server = _Server(config)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
            thread.start()
            assert server.answers.wait(START_WITHIN_S), "the application did not start"
            port = listening.getsockname()[1]
            area = next(one for one in invented.areas.values() if one.door_to_door)
            yield Site(url=f"http://127.0.0.1:{port}", area=area)
            server.should_exit = True
            thread.join(START_WITHIN_S)

    return running


@pytest.fixture
def site(start_site: Callable[[Path], Any], tmp_path: Path) -> Iterator[Site]:
    """Run the application with an empty day."""
    with start_site(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="module")
def busy_site(
    start_site: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Site]:
    """Run it with three people on one bus and a wish refused; tests only look at it."""
    with start_site(tmp_path_factory.mktemp("busy") / "data") as running:
        with browser.new_context(java_script_enabled=False) as context:
            page = context.new_page()
            for name in ("Hedwig Beck", "Karl Maier", "Rosa Huber"):
                page.goto(running.search_url())
                page.click("article a.button >> nth=0")
                page.fill("#name", name)
                page.fill("#telefon", "07123 4567")
                page.click("main button")
            page.goto(running.search_url(tag="2026-01-18"))
        yield running


@dataclass(frozen=True)
class Visitor:
    """A page of the browser; what went wrong in it is collected."""

    page: Page
    mistakes: list[str]


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open pages as somebody with the given screen and habits; scripts and styles must not fail.

    At the end nothing may have been loaded from elsewhere, and no console may hold an error (a refused
    script or style, an exception). Statuses 4xx are the server's answers, not mistakes, nor is a test's dead zone.
    """
    mistakes: list[str] = []
    with ExitStack() as stack:

        def opened(url: str, *, width: int = 1200, height: int = 900, **habits: Any) -> Page:
            viewport = {"width": width, "height": height}
            context: BrowserContext = browser.new_context(
                viewport=viewport, locale="de-DE", **habits
            )
            stack.enter_context(context)
            page = context.new_page()
            host = urlsplit(url).netloc
            page.on("pageerror", lambda error: mistakes.append(f"exception: {error}"))
            page.on(
                "console",
                lambda message: (
                    mistakes.append(message.text)
                    if message.type == "error"
                    and "status of 4" not in message.text
                    and "ERR_INTERNET_DISCONNECTED" not in message.text
                    else None
                ),
            )
            page.on(
                "request",
                lambda request: (
                    mistakes.append(f"loads {request.url}")
                    if urlsplit(request.url).netloc not in (host, "")
                    else None
                ),
            )
            page.goto(url)
            return page

        yield opened
    assert mistakes == []
