"""Bodies about feedback."""

import unicodedata
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from api.schemas.fields import Answer, AreaId, Body, Text

About = Literal["booking", "tour", "refusal", "page", "service"]
Kind = Literal["praise", "complaint", "idea", "fault"]
State = Literal["new", "seen", "answered"]
TEXT_AT_MOST = 2_000


def _lines(value: object) -> object:
    """Write ends of lines one way, as forms send them another."""
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def _readable(text: str) -> str:
    if any(
        unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\u200c\u200d" for c in text
    ):
        raise ValueError("must not hold control characters but ends of lines")
    return text


Message = Annotated[
    str,
    BeforeValidator(_lines),
    StringConstraints(min_length=1, max_length=TEXT_AT_MOST),
    AfterValidator(_readable),
]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~/-]{1,200}$")]


class FeedbackWish(Body):
    """What somebody says: about a booking (its id), a tour, a refused wish, a page, or the service.

    ``contact`` only where an answer is wanted.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "area_id": "triesenberg",
                    "about": "service",
                    "kind": "idea",
                    "stars": 4,
                    "text": "Ein Halt am Friedhof wäre schön.",
                }
            ]
        }
    )

    area_id: AreaId
    about: About = "service"
    about_id: Reference | None = None
    kind: Kind
    stars: Annotated[int, Field(strict=True, ge=1, le=5)] | None = None
    text: Message
    contact: Text | None = None

    @model_validator(mode="after")
    def _which_booking(self) -> Self:
        if self.about == "booking" and self.about_id is None:
            raise ValueError("about a booking needs its id in about_id")
        return self


class FeedbackReceipt(Answer):
    """It arrived."""

    id: str
    received_at: datetime


class FeedbackChange(Body):
    """That feedback was read, or what is answered."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "answered", "answer": "Danke, das kommt."}]}
    )

    state: Literal["seen", "answered"]
    answer: Message | None = None

    @model_validator(mode="after")
    def _answer_told(self) -> Self:
        if (self.state == "answered") != (self.answer is not None):
            raise ValueError("an answer belongs to the state answered")
        return self


class FeedbackAnswer(Answer):
    """Feedback as staff sees it; text and contact are empty once they are forgotten."""

    id: str
    area_id: str
    about: About
    about_id: str | None
    kind: Kind
    stars: int | None
    text: str
    contact: str | None
    state: State
    answer: str | None
    received_at: datetime
    answered_at: datetime | None


class FeedbacksAnswer(Answer):
    """Feedback, the newest first; ``before`` asks for older ones, none: these are all."""

    feedback: tuple[FeedbackAnswer, ...]
    before: datetime | None = None
