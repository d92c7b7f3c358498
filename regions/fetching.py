"""Fetch a file again and again: only when it changed, within limits, more rarely while it fails."""

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import BinaryIO

from regions.errors import FetchError
from regions.feeds import is_address

_BLOCK = 1 << 16
_NOT_MODIFIED = 304
_WAIT_S, _LONGEST_WAIT_S = 60, 3_600


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How long a server may be silent, how long it may take, and how much it may send."""

    silent_s: float = 10
    seconds: float = 60
    bytes: int = 32 * 2**20


_DEFAULTS = FetchLimits()


class Fetcher:
    """Fetches one address or file; remembers what it fetched last and how often it failed."""

    def __init__(self, source: str, limits: FetchLimits = _DEFAULTS) -> None:
        self.source = source
        self._limits = limits
        self._known: tuple[str, ...] = ()
        self._failures = 0
        self._not_before_s = 0.0

    def fetch(self, target: BinaryIO, now_s: float) -> bool:
        """Write what is there now to ``target`` if it changed; tell whether it did.

        After a failure nothing is tried for a minute, after the next for two, four … at most an hour;
        then False is returned, too. ``now_s`` is any clock in seconds.

        Raises
        ------
        FetchError
            ``fetch-failed``, ``fetch-too-large``, ``fetch-too-slow``; what was written is no good.
        """
        if now_s < self._not_before_s:
            return False
        try:
            changed = (
                self._from_server(target) if is_address(self.source) else self._from_file(target)
            )
        except FetchError:
            self._wait(now_s)
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._wait(now_s)
            raise FetchError(
                "fetch-failed", f"{self.source} cannot be fetched: {error}; what is there stays."
            ) from error
        self._failures = 0
        return changed

    def forget(self) -> None:
        """Fetch the next time even if nothing changed: what was fetched could not be used."""
        self._known = ()

    def _wait(self, now_s: float) -> None:
        self._not_before_s = now_s + min(_WAIT_S * 2**self._failures, _LONGEST_WAIT_S)
        # a server that is back may have forgotten what it told before
        self._failures = min(self._failures + 1, 16)

    def _from_file(self, target: BinaryIO) -> bool:
        path = Path(self.source)
        state = path.stat()
        known = str(state.st_mtime_ns), str(state.st_size), str(state.st_ino)
        if known == self._known:
            return False
        with path.open("rb") as source:
            self._copy(source, target)
        self._known = known
        return True

    def _from_server(self, target: BinaryIO) -> bool:
        request = urllib.request.Request(  # noqa: S310  # http or https, see is_address
            self.source, headers={"User-Agent": "buergerbus", **self._conditions()}
        )
        try:
            with urllib.request.urlopen(request, timeout=self._limits.silent_s) as answer:  # noqa: S310  # same
                self._copy(answer, target)
                self._known = _validators(answer.headers)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == _NOT_MODIFIED:
                return False
            raise
        return True

    def _conditions(self) -> dict[str, str]:
        """Headers that ask for news only."""
        if not self._known:
            return {}
        names = ("If-None-Match", "If-Modified-Since")
        return {name: value for name, value in zip(names, self._known, strict=True) if value}

    def _copy(self, source: "BinaryIO | http.client.HTTPResponse", target: BinaryIO) -> None:
        size, deadline = 0, time.monotonic() + self._limits.seconds
        while block := source.read(_BLOCK):
            size += len(block)
            if size > self._limits.bytes:
                raise FetchError(
                    "fetch-too-large",
                    f"{self.source} has more than {self._limits.bytes} bytes; what is there stays.",
                )
            if time.monotonic() > deadline:
                raise FetchError(
                    "fetch-too-slow",
                    f"{self.source} took more than {self._limits.seconds} s; what is there stays.",
                )
            target.write(block)


def _validators(headers: Message) -> tuple[str, str]:
    return headers.get("ETag", ""), headers.get("Last-Modified", "")
