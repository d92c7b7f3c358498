"""Server-rendered pages: they work without JavaScript and load nothing from other hosts.

:func:`routers` is what the app includes, :func:`problem_page` how it answers people when something goes
wrong, :data:`STATIC_FOLDER` what it serves below ``/static``.
"""

from fastapi import APIRouter

from api.pages import documentation, notices
from api.pages.control import calls
from api.pages.control import routes as control
from api.pages.notices import problem_page
from api.pages.rendering import STATIC_FOLDER
from api.pages.resident import ask, book, journey
from api.pages.roster import control as roster
from api.pages.roster import duties

__all__ = ["STATIC_FOLDER", "problem_page", "routers"]


def routers() -> tuple[APIRouter, ...]:
    """Return the routers of all pages."""
    return (
        ask.router,
        book.router,
        journey.router,
        control.router,
        roster.router,
        duties.router,
        calls.router,
        notices.router,
        documentation.router,
    )
