"""A tablet of the tests: enrolled by the pages a coordinator and a driver use."""

import re
from typing import Any

from starlette.testclient import TestClient

PIN = "4711"
MARK = {"Buergerbus-Tablet": "1"}
KEY = re.compile(r'name="schluessel" value="([^"]+)"')
CODE = re.compile(r'class="code">([0-9A-Z]{4}-[0-9A-Z]{4})<')


def invite(server: Any, name: str = "Tablet Bus 1") -> str:
    """Make a tablet known; return its code."""
    form = server.client.get("/leitstelle/geraete").text
    (key,) = KEY.findall(form)
    page = server.client.post("/leitstelle/geraete", data={"schluessel": key, "name": name})
    assert page.status_code == 200, page.text
    (code,) = CODE.findall(page.text)
    return str(code)


class Tablet:
    """A browser of its own that speaks to the same server."""

    def __init__(self, server: Any) -> None:
        self.client = TestClient(
            server.client.app, base_url="http://localhost", raise_server_exceptions=False
        )
        self.client.headers.update(MARK)

    def enrol(self, code: str, pin: str = PIN, again: str | None = None) -> Any:
        """Send the form of the enrolment."""
        form = {"code": code, "pin": pin, "pin2": again or pin}
        return self.client.post("/fahrer/anmelden", data=form, follow_redirects=False)

    def sign_in(self, pin: str = PIN, driver: str = "A. Beck") -> Any:
        """Type the PIN."""
        return self.client.post("/v1/device/session", json={"driver": driver, "pin": pin})

    def tours(self, **asked: str) -> Any:
        """Ask for tours."""
        return self.client.get("/v1/tours", params={"date": "2026-03-30"} | asked)

    def state(self) -> Any:
        """Ask what this tablet is."""
        return self.client.get("/v1/device").json()


def enrolled(server: Any) -> Tablet:
    """Return a tablet that is enrolled and locked."""
    tablet = Tablet(server)
    assert tablet.enrol(invite(server)).status_code == 303
    return tablet
