"""Bodies about messages: the control room's list, a call made, a browser that wants to hear."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from api.messages.push_services import is_push_service
from api.schemas.fields import Answer, Body

MessageState = Literal[
    "waiting", "sending", "sent", "gathered", "skipped", "dead", "call", "called"
]


class MessageAnswer(Answer):
    """A message to a rider: what it says now, where it stands.

    ``call``: a person has to call. ``dead``: given up, ``last_error`` says why. ``gathered``: a later message
    said it, or it was not worth telling. ``skipped``: there is no way to reach the rider, and no need.
    """

    id: str
    area_id: str
    date: date
    booking_id: str
    kind: str
    state: MessageState
    channel: str | None
    name: str
    phone: str | None
    text: str
    attempts: int
    created_at: datetime
    next_try: datetime | None
    sent_at: datetime | None
    last_error: str | None


class MessagesAnswer(Answer):
    """Messages by the pickup of their rides; at most 500."""

    messages: tuple[MessageAnswer, ...]


class CallMade(Body):
    """How a call went; who was not reached stays on the list."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "reached"}]})

    outcome: Literal["reached", "not-reached"]


def _of_a_browser(endpoint: str) -> str:
    if not is_push_service(endpoint):
        raise ValueError("must be the address of a browser's push service")
    return endpoint


_Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,100}=*$")]


class BrowserKeys(Body):
    """With which a note is closed, so that only the browser can read it."""

    p256dh: _Key
    auth: _Key


class BrowserWish(Body):
    """A browser wants to hear of a booking: its push subscription."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
                    "keys": {
                        "p256dh": "BNNL5ZaTfK81qhXOx23-wewhigUeFb632jN6LvRWCFH1ubQr77FE_9qV1FuojuR",
                        "auth": "zqbxT6JKstKSY9JKibZLSQ",
                    },
                }
            ]
        }
    )

    endpoint: Annotated[str, Field(max_length=1_000), AfterValidator(_of_a_browser)]
    keys: BrowserKeys


class BrowserAnswer(Answer):
    """The browser hears of the booking from now on."""

    booking_id: str


class PushKeyAnswer(Answer):
    """The server's public key, with which browsers subscribe."""

    key: str
