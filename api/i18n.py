"""Languages of the pages: gettext catalogues and the formats of times, days and money.

Message ids are English sentences; ``locale/<code>/LC_MESSAGES/pages.po`` holds what is shown. The
catalogues are compiled in memory when first used, so there is no build step and no ``.mo`` file.
"""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

DOMAIN = "pages"
LOCALE_FOLDER = Path(__file__).parent / "locale"

_LOCALES = {"de": "de_DE", "en": "en_GB"}
_DAYS = {"de": ("EEEE, d. MMMM", "EEE d.M."), "en": ("EEEE, d MMMM", "EEE d MMM")}
"""Patterns of a day in full and in few letters; CLDR's own skeletons shorten German weekdays."""
_CLOCK = "H:mm"
"""Both languages write 24-hour clock times, as the timetables at the stop do."""

LANGUAGES: tuple[str, ...] = tuple(_LOCALES)
DEFAULT_LANGUAGE = LANGUAGES[0]


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the pages: its sentences and its way of writing times, days and money."""

    code: str
    locale: Locale
    catalogue: GNUTranslations

    def text(self, message: str) -> str:
        """Say ``message`` (an English message id) in this language."""
        return self.catalogue.gettext(message)

    def texts(self, singular: str, plural: str, count: int) -> str:
        """Say the form of a message that fits ``count``, not yet interpolated."""
        return self.catalogue.ngettext(singular, plural, count)

    def start(self, text: str) -> str:
        """Begin with a capital, whatever follows."""
        return text[:1].upper() + text[1:]

    def clock(self, moment: datetime, zone: tzinfo | None = None) -> str:
        """Write the time of day of an aware datetime, such as ``9:10``, in ``zone`` if given."""
        return format_time(moment.astimezone(zone) if zone else moment, _CLOCK, locale=self.locale)

    def day(self, day: date) -> str:
        """Write a day with its weekday and no year: ``Donnerstag, 2. April``."""
        return format_date(day, _DAYS[self.code][0], locale=self.locale)

    def short_day(self, day: date) -> str:
        """Write a day in few letters: ``Do. 2.4.``."""
        return format_date(day, _DAYS[self.code][1], locale=self.locale)

    def money(self, cents: int, currency: str) -> str:
        """Write an amount of cents in an ISO 4217 currency: ``2,00 €``."""
        return format_currency(cents / 100, currency, locale=self.locale)

    def number(self, value: float) -> str:
        """Write a number with this language's separators."""
        return format_decimal(value, locale=self.locale)

    def kilometres(self, metres: int) -> str:
        """Write a distance in kilometres with one digit: ``12,3 km``."""
        return f"{format_decimal(metres / 1000, format='#,##0.0', locale=self.locale)} km"


def catalogue_file(code: str) -> Path:
    """Path of the gettext catalogue of a language."""
    return LOCALE_FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def language(code: str) -> Language:
    """Open a language of :data:`LANGUAGES`; compiles its catalogue on first use."""
    with catalogue_file(code).open("rb") as file:
        catalogue = read_po(file, locale=code, domain=DOMAIN)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, Locale.parse(_LOCALES[code]), GNUTranslations(compiled))


def choose_language(asked: str | None, remembered: str | None) -> str:
    """Pick the code asked for in the address, else the one remembered in the cookie, else German.

    The browser's own language is not consulted: the service speaks German first, and a person who
    wants English finds the switch at the top of every page.
    """
    for code in (asked, remembered):
        if code in LANGUAGES:
            return code
    return DEFAULT_LANGUAGE
