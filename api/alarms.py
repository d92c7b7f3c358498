"""What an administrator should look at: alarms that ring until their cause is gone."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something is wrong: which kind (see docs/operations.md), with what, since when in real time."""

    code: str
    what: str
    since: datetime


class Alarms:
    """The alarms of this process. They carry no rider's data: everybody can read them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ringing: dict[tuple[str, str], Alarm] = {}

    def ring(self, code: str, what: str) -> None:
        """Let an alarm ring; one that rings already goes on."""
        with self._lock:
            if (code, what) in self._ringing:
                return
            self._ringing[code, what] = Alarm(code, what, datetime.now(UTC))
        _log.error("alarm", code=code, what=what)

    def quiet(self, code: str, what: str) -> None:
        """End an alarm, if it rings."""
        with self._lock:
            ended = self._ringing.pop((code, what), None)
        if ended is not None:
            _log.info("alarm over", code=code, what=what)

    def ringing(self) -> tuple[Alarm, ...]:
        """Return what rings, the oldest first."""
        with self._lock:
            return tuple(self._ringing.values())
