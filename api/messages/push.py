"""Web push: a note on the device of who asked for it, by the maker of its browser (RFC 8030, 8291, 8292)."""

import json
import os
from base64 import urlsafe_b64encode
from pathlib import Path
from threading import Lock

from pywebpush import Vapid, WebPushException, webpush

from api.messages.channels import Failed, Letter, Sent
from api.messages.push_services import is_push_service
from api.settings import SettingsError

KEY_FILE = "push.pem"
_GONE = (404, 410)
_TTL_S = 3600


class Push:
    """Sends notes; its key is made once and kept in the data folder."""

    def __init__(self, contact: str, data_dir: Path, timeout_s: float) -> None:
        self._contact = contact
        self._timeout_s = timeout_s
        self._key = _key(data_dir / KEY_FILE)
        self._lock = Lock()

    @property
    def public_key(self) -> str:
        """What browsers subscribe with."""
        numbers = self._key.public_key.public_numbers()
        point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
        return urlsafe_b64encode(point).decode().rstrip("=")

    def send(self, letter: Letter, address: str) -> Sent | Failed:
        """Send a letter to a subscription as JSON."""
        note = {"id": letter.id, "title": letter.subject, "body": letter.text, "url": letter.url}
        subscription = json.loads(address)
        if not is_push_service(subscription.get("endpoint", "")):
            return Failed("push-subscription", retry=False, gone=True)
        try:
            with self._lock:  # one key, and many threads
                webpush(
                    subscription,
                    json.dumps(note),
                    vapid_private_key=self._key,
                    vapid_claims={"sub": self._contact},
                    timeout=self._timeout_s,
                    ttl=_TTL_S,
                    headers={"Topic": letter.id, "Urgency": "high"},
                )
        except WebPushException as error:
            status = error.response.status_code if error.response is not None else 0
            return Failed(f"push-{status}", retry=status not in _GONE, gone=status in _GONE)
        except OSError as error:  # what `requests` raises are some
            return Failed(f"push-{type(error).__name__}", down=True)
        except (ValueError, KeyError):  # keys no browser made
            return Failed("push-keys", retry=False, gone=True)
        return Sent()


def _key(path: Path) -> Vapid:
    """Read the key, or make it; of two processes that make one at once the first wins."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = Vapid()
            fresh.generate_keys()
            begun = path.with_suffix(f".{os.getpid()}")
            descriptor = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(fresh.private_pem())
            try:
                os.link(begun, path)
            except FileExistsError:
                pass
            finally:
                begun.unlink()
        return Vapid.from_pem(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsError(
            "data-dir", f"The key for notes on devices, {path}, cannot be used: {error}."
        ) from error
