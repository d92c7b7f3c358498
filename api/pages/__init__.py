"""Server-rendered pages: they work without JavaScript and load nothing from other hosts.

:func:`routers` is what the app includes, :func:`problem_page` how it answers people when something goes
wrong, :data:`STATIC_FOLDER` what it serves below ``/static``.
"""

from fastapi import APIRouter

from api.pages import documentation, enrolment, notices
from api.pages.control import calls, devices, keys
from api.pages.control import routes as control
from api.pages.notices import problem_page
from api.pages.people import manage, own, sign_in
from api.pages.rendering import STATIC_FOLDER
from api.pages.resident import ask, book, journey, my_ride
from api.pages.roster import control as roster
from api.pages.roster import duties

__all__ = ["STATIC_FOLDER", "problem_page", "routers"]


def routers() -> tuple[APIRouter, ...]:
    """Return the routers of all pages."""
    return (
        ask.router,
        book.router,
        journey.router,
        my_ride.router,
        manage.router,
        control.router,
        devices.router,
        keys.router,
        enrolment.router,
        sign_in.router,
        own.router,
        roster.router,
        duties.router,
        calls.router,
        notices.router,
        documentation.router,
    )
