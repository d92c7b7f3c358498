"""Everything that can go wrong at the edge; the codes with their words are in `api.kinds`.

Problem             an answer other than the wished one, as RFC 9457 describes it
StoreError          (api.store.errors) the database cannot be used
SettingsError       (api.settings) the server must not start like this
"""

from collections.abc import Mapping
from typing import Any

from api.kinds import KINDS
from dispatch.errors import DispatchError
from routing.errors import RoutingError

_ENGLISH = 1
_LANGUAGES = {"de": 0, "en": _ENGLISH}


_BY_STATUS = {
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    422: "invalid",
}
_SERVER_ERROR = 500


class Problem(Exception):
    """An answer other than the wished one.

    Parameters
    ----------
    code
        A key of :data:`KINDS`.
    extra
        Further members of the problem document, such as ``alternatives``.
    headers
        Further response headers.
    """

    def __init__(
        self,
        code: str,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.kind = KINDS[code]
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.kind.status

    def title(self, language: str) -> str:
        """Short name in ``de`` or ``en``."""
        return self.kind.titles[_LANGUAGES.get(language, 0)]

    def detail(self, language: str) -> str:
        """One sentence in ``de`` or ``en``: what is wrong and what to do."""
        return self.kind.sentences[_LANGUAGES.get(language, 0)]


def problem_of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the problem for an HTTP status raised by the framework."""
    fallback = "internal" if status >= _SERVER_ERROR else "bad-request"
    return Problem(_BY_STATUS.get(status, fallback), headers=headers)


def problem_of_core(error: RoutingError | DispatchError) -> Problem:
    """Return the problem for an error of the core: its code if the table knows it, else 500."""
    return Problem(error.code if error.code in KINDS else "internal")
