"""Which areas the present work is about: a second wall behind the rights, for the day one of us forgets them.

Whoever begins a piece of work says so: a request is everybody's (:func:`all_areas`) until somebody of an
operator is recognised, and from then on theirs (:func:`narrow`); jobs and commands are about all areas.
PostgreSQL is told with each transaction and shows no other rows (``docs/decisions/0021``); what is in
memory is guarded by :func:`sees`. Work of which nobody said anything is refused by PostgreSQL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ALL = "*"


class Scope:
    """The areas of one piece of work; None: all of them.

    One object is shared by all threads that answer a request, so that what one recognises holds in all.
    """

    __slots__ = ("areas", "text")

    def __init__(self) -> None:
        self.areas: frozenset[str] | None = None
        self.text = ALL
        """As the database is told: the ids with commas between them."""

    def narrow(self, areas: frozenset[str] | None) -> None:
        """Leave only some areas of those it has; it never grows."""
        if areas is None:
            return
        self.areas = areas if self.areas is None else self.areas & areas
        self.text = ",".join(sorted(self.areas))


_PRESENT: ContextVar[Scope] = ContextVar("scope")


@contextmanager
def all_areas() -> Iterator[None]:
    """Say that what follows is about all areas."""
    token = _PRESENT.set(Scope())
    try:
        yield
    finally:
        _PRESENT.reset(token)


def narrow(areas: frozenset[str] | None) -> None:
    """Say that what follows is about some areas only; None changes nothing."""
    scope = _PRESENT.get(None)
    if scope is None:
        scope = Scope()
        _PRESENT.set(scope)
    scope.narrow(areas)


def sees(area_id: str) -> bool:
    """Whether an area is among those of the present work, or nobody said which it is about."""
    scope = _PRESENT.get(None)
    return scope is None or scope.areas is None or area_id in scope.areas


def present() -> str:
    """Return the areas as the database is told.

    Raises
    ------
    RuntimeError
        Nobody said: a thread or command of ours forgot :func:`all_areas`.
    """
    scope = _PRESENT.get(None)
    if scope is None:
        raise RuntimeError("nobody said which areas this work is about, see api.store.scope")
    return scope.text
