"""Two people change the same thing: whoever saw it last as it is now may, the other is told.

What can be changed has a version. It travels as a strong ``ETag`` (as ``version`` in lists), comes back in
``If-Match`` and is compared in the transaction that changes (RFC 9110, 13.1.1; RFC 6585, 3).
"""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header

from api.errors import Problem

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_ANY = "*"

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` of what is to be changed, as last seen: its `version` in quotes.",
        examples=['"3"'],
    ),
]
PRECONDITIONS = ("version-missing", "changed-meanwhile")
"""Problems of every operation that asks for ``If-Match``."""


def etag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class Seen:
    """The versions a client takes for the present one; None: whichever it is (``If-Match: *``)."""

    tags: frozenset[str] | None

    @classmethod
    def of(cls, header: str | None) -> "Seen":
        """Read ``If-Match``; weak tags match nothing.

        Raises
        ------
        Problem
            ``version-missing``.
        """
        if header is None or not header.strip():
            raise Problem("version-missing")
        if header.strip() == _ANY:
            return cls(None)
        return cls(frozenset(tag for weak, tag in _TAG.findall(header) if not weak))

    @classmethod
    def version(cls, version: int) -> "Seen":
        """Return what somebody saw who saw one version, e.g. in the hidden field of a form."""
        return cls(frozenset({str(version)}))

    def check(self, present: int) -> None:
        """Refuse a change of what is another by now.

        Raises
        ------
        Problem
            ``changed-meanwhile``, with the present ``version``.
        """
        if self.tags is not None and str(present) not in self.tags:
            raise Problem("changed-meanwhile", {"version": present}, {"ETag": etag(present)})
