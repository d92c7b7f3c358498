"""The same request sent twice gets the same answer: Idempotency-Key and what was answered under it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel

from api.errors import Problem
from api.store.reader import Reader
from api.store.writer import Writer

_LONGEST = 255

AnswerT = TypeVar("AnswerT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Reply(Generic[AnswerT]):
    """An answer; ``replayed`` when it was given before under the same key."""

    body: AnswerT
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Once:
    """A request that must not happen twice.

    ``fingerprint`` is a hash of what is asked: the same key with another one is a mistake.
    """

    operation: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, operation: str, key: str, body: BaseModel) -> "Once":
        """Describe a request by its operation, its key and its body.

        Raises
        ------
        Problem
            ``idempotency-key-invalid``.
        """
        if not (0 < len(key) <= _LONGEST and key.isascii() and key.isprintable()):
            raise Problem("idempotency-key-invalid")
        asked = json.dumps(body.model_dump(), sort_keys=True, default=_plain)
        fingerprint = hashlib.sha256(asked.encode()).hexdigest()
        return cls(operation=operation, key=key, fingerprint=fingerprint)

    @property
    def name(self) -> tuple[str, str]:
        """Operation and key: what may be under way once at a time."""
        return self.operation, self.key

    def answered(self, reader: Reader, answer: type[AnswerT]) -> Reply[AnswerT] | None:
        """Return what was answered before; None the first time.

        Raises
        ------
        Problem
            ``idempotency-key-reused``.
        """
        kept = reader.kept_answer(self.operation, self.key)
        if kept is None:
            return None
        fingerprint, text = kept
        if fingerprint != self.fingerprint:
            raise Problem("idempotency-key-reused")
        return Reply(answer.model_validate_json(text), replayed=True)

    def keep(self, writer: Writer, answer: BaseModel, now: datetime) -> None:
        """Keep the answer, in the transaction of what it tells of."""
        text = answer.model_dump_json()
        writer.keep_answer(self.operation, self.key, self.fingerprint, text, now)


def _plain(value: object) -> object:
    """Return a value as JSON knows it; a set in an order that is the same in every process."""
    return sorted(value) if isinstance(value, frozenset) else str(value)
