"""Messages in words: one short text for each kind and language, with local times."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.i18n import language
from api.messages.channels import Letter
from api.messages.model import Kind, Times
from regions.area import Area

_FOLDER = Path(__file__).parent / "templates"
_PLACE = 36
"""Longer names of places are cut, so that most texts fit one SMS."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a template may say."""

    day: str
    pickup_from: str
    pickup_until: str
    arrive_by: str
    ready: str
    there: str
    place: str
    code: str
    phone: str


def letter(
    message_id: str,
    kind: Kind,
    times: Times,
    of: tuple[Area, str, str],
    code: str,
    url: str | None = None,
) -> Letter:
    """Put a message into words.

    Parameters
    ----------
    of
        The area, where the rider boards, and the code of the language.
    code
        The booking's short code.
    url
        Where the booking is shown.
    """
    area, place, lang = of
    words = _words(times, area, place, lang, code)
    module = _module(lang)
    return Letter(
        id=message_id,
        subject=f"{area.name}: {getattr(module, f'{kind.value}_subject')(words)}",
        text=f"{area.name}. {getattr(module, kind.value)(words)}",
        url=url,
    )


def _words(times: Times, area: Area, place: str, lang: str, code: str) -> Words:
    way, zone = language(lang), area.time_zone
    short = place if len(place) <= _PLACE else place[: _PLACE - 3].rstrip(" ,") + "..."
    return Words(
        day=way.short_day(times.ready.astimezone(zone).date()),
        pickup_from=way.clock(times.pickup_from, zone),
        pickup_until=way.clock(times.pickup_until, zone),
        arrive_by=way.clock(times.arrive_by, zone),
        ready=way.clock(times.ready, zone),
        there=way.clock(times.there, zone),
        place=short,
        code=code,
        phone=area.phone,
    )


@cache
def _module(lang: str) -> Any:  # noqa: ANN401  # a template's macros
    env = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # plain text, sent to nobody who reads HTML
        trim_blocks=True,
    )
    return env.get_template(f"{lang}.j2").module
