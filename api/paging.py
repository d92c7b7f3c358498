"""Long lists in pages: a cursor says after which row the next page begins.

A cursor is opaque and signed, and belongs to one list with its filters: rows that come or go meanwhile
neither repeat nor hide others, and nobody can ask by it for what they could not ask for otherwise.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query
from itsdangerous import BadData, URLSafeSerializer

from api.errors import Problem

MOST = 200
USUAL = 50
_PURPOSE = "cursor-1"

T = TypeVar("T")
Key = Sequence[str | int]

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str | None, Query(max_length=1_000, description="Where to go on: from the `next` link.")
]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the address of those after them; None at the end."""

    items: tuple[T, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of which list: its path, its filters (as in the address), and where it begins."""

    path: str
    filters: tuple[tuple[str, str], ...]
    limit: int
    cursor: str | None = None

    @classmethod
    def of(cls, path: str, limit: int, cursor: str | None, **filters: object) -> "Asked":
        """Describe a page; filters that are None are not set."""
        given = tuple(sorted((k, str(v)) for k, v in filters.items() if v is not None))
        return cls(path, given, limit, cursor)


class Cursors:
    """Makes and reads cursors; ``key`` signs them, and a server without one forgets them at its end."""

    def __init__(self, key: str | bytes | None = None) -> None:
        self._serializer = URLSafeSerializer(key or secrets.token_bytes(32), salt=_PURPOSE)

    def after(self, asked: Asked) -> list[Any] | None:
        """Return the key of the last row of the page before; None for the first page.

        Raises
        ------
        Problem
            ``cursor-invalid``: it is none of ours, or of another list.
        """
        if asked.cursor is None:
            return None
        try:
            path, filters, key = self._serializer.loads(asked.cursor)
        except (BadData, ValueError, TypeError) as error:
            raise Problem("cursor-invalid") from error
        if path != asked.path or filters != [list(pair) for pair in asked.filters]:
            raise Problem("cursor-invalid")
        return list(key)

    def page(self, asked: Asked, rows: Iterable[T], key: Callable[[T], Key]) -> Page[T]:
        """Return a page of ``rows``, which begin where it does and are one more if there is a next."""
        found = list(rows)[: asked.limit + 1]
        shown = tuple(found[: asked.limit])
        if len(found) <= asked.limit:
            return Page(shown)
        token = self._serializer.dumps([asked.path, asked.filters, list(key(shown[-1]))])
        query = [*asked.filters, ("limit", str(asked.limit)), ("cursor", str(token))]
        return Page(shown, f"{asked.path}?{urlencode(query)}")
