"""How somebody who books wants to hear of the ride."""

from dataclasses import dataclass
from typing import Protocol, Self

from api.store.tables import ContactRow

_USUAL = (None, False, "de")


class Says(Protocol):
    """A body that says so."""

    @property
    def email(self) -> str | None:
        """An e-mail address, if given."""

    @property
    def call(self) -> bool:
        """Whether a person shall call."""

    @property
    def language(self) -> str:
        """A code of :data:`api.i18n.LANGUAGES`."""


@dataclass(frozen=True, slots=True)
class ContactWish:
    """What differs from the usual: a message to the telephone, in German."""

    email: str | None
    call: bool
    language: str

    @classmethod
    def of(cls, body: Says) -> Self | None:
        """Return what a body says; None for the usual, of which nothing is stored."""
        said = body.email, body.call, body.language
        return None if said == _USUAL else cls(*said)

    def row(self, booking_id: str) -> ContactRow:
        """As stored."""
        return ContactRow(
            booking_id=booking_id, email=self.email, call=self.call, language=self.language
        )
