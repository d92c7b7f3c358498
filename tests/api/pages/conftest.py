"""A person at the pages of a running server: forms are filled in by the names of their fields."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest

SEARCH = {
    "gebiet": "talheim",
    "von": "Ahornweg 1",
    "nach": "Ulmenweg 8",
    "art": "ab",
    "tag": "2026-03-30",
    "zeit": "09:00",
    "personen": "1",
}


class Page(HTMLParser):
    """What a page says: its text, its links, the fields of its forms."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.status = response.status_code
        self.url = str(response.url)
        self.headers = response.headers
        self.html: str = response.text
        self.fields: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.links: list[str] = []
        self.invalid: list[str] = []
        self._texts: list[str] = []
        self.feed(self.html)

    @property
    def text(self) -> str:
        """All words, with single spaces."""
        return re.sub(r"\s+", " ", " ".join(self._texts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect fields and links."""
        found: Mapping[str, str] = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(found.get("href", ""))
        if tag != "input" or "name" not in found:
            return
        if found.get("aria-invalid"):
            self.invalid.append(found["name"])
        if found.get("type") in {"radio", "checkbox"}:
            self.choices.setdefault(found["name"], []).append(found.get("value", ""))
            if "checked" not in found:
                return
        self.fields[found["name"]] = found.get("value", "")

    def handle_data(self, data: str) -> None:
        """Collect words."""
        self._texts.append(data)


class Person:
    """Somebody with a browser that follows redirects and keeps cookies, but runs no scripts."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.client = server.client

    def open(self, address: str) -> Page:
        """Open an address."""
        return Page(self.client.get(address, headers={"Accept": "text/html"}))

    def search(self, **changed: str) -> Page:
        """Send the search form."""
        return self.open("/angebote?" + urlencode(SEARCH | changed))

    def send(self, address: str, fields: Mapping[str, str]) -> Page:
        """Send a form that changes something."""
        return Page(self.client.post(address, data=fields, headers={"Accept": "text/html"}))

    def choose(self, **changed: str) -> Page:
        """Search and take the first offer; returns the page that asks for the name."""
        offers = self.search(**changed)
        return self.open(next(link for link in offers.links if link.startswith("/buchen?")))

    def book(self, name: str = "Hedwig Beck", **changed: str) -> Page:
        """Book a ride; returns the confirmation."""
        form = self.choose(**changed).fields
        return self.send("/buchen", form | {"name": name, "telefon": "07123 4567"})


@pytest.fixture
def person(server: Any) -> Person:
    """Somebody at the pages on Monday at six in the morning."""
    return Person(server)


@pytest.fixture
def person_at() -> type[Person]:
    """Return how somebody gets to the pages of another server."""
    return Person
