"""SMS by a provider's HTTP gateway: address, headers and body as its manual says."""

import json
import re
from urllib.parse import quote_plus

import httpx2

from api.messages.channels import Failed, Letter, Sent
from api.messages.settings import MessageSettings

_FIELD = re.compile(r"\{(to|text|id)\}")
_TOO_MANY, _TIMEOUT = 429, 408
_LOGIN = (401, 402, 403)
"""Refuses us, not the letter: the key is wrong, or nothing is paid."""


class Gateway:
    """Sends by one POST a letter."""

    def __init__(self, settings: MessageSettings) -> None:
        self._url = str(settings.sms_url)
        self._body = settings.sms_body
        self._timeout_s = settings.timeout_s
        self._json = settings.sms_body.lstrip().startswith(("{", "["))
        usual = "application/json" if self._json else "application/x-www-form-urlencoded"
        given = {key: value.get_secret_value() for key, value in settings.sms_headers.items()}
        self._headers = {"Content-Type": usual} | given

    def send(self, letter: Letter, address: str) -> Sent | Failed:
        """Send a letter to a number in E.164."""
        headers = self._headers | {"Idempotency-Key": letter.id}
        body = self._filled({"to": address, "text": letter.text, "id": letter.id})
        try:
            answer = httpx2.post(
                self._url, content=body.encode(), headers=headers, timeout=self._timeout_s
            )
        except httpx2.TransportError as error:
            return Failed(f"gateway-{type(error).__name__}", down=True)
        if answer.is_success:
            return Sent()
        code, status = f"gateway-{answer.status_code}", answer.status_code
        down = status in {*_LOGIN, _TOO_MANY, _TIMEOUT} or answer.is_server_error
        return Failed(code, retry=down, down=down)

    def _filled(self, values: dict[str, str]) -> str:
        def written(name: re.Match[str]) -> str:
            value = values[name[1]]
            return json.dumps(value)[1:-1] if self._json else quote_plus(value)

        return _FIELD.sub(written, self._body)
