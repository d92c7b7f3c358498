"""Settings of the server, from arguments and the environment (``BUERGERBUS_…``)."""

import ipaddress
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.effort import Effort
from api.messages.settings import MessageSettings

DATABASE_FILE = "buergerbus.sqlite"
SECRET_FILE = "secret.key"  # noqa: S105  # the name of a file, not what it holds
_SECRET_BYTES = 32
_SECRET_LENGTH = 32
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class SettingsError(Exception):
    """The server cannot or must not start with these settings.

    Parameters
    ----------
    code
        Stable name: ``setting-invalid``, ``account-missing``, ``data-dir``, ``secret-short``,
        ``regions-missing``, ``area-twice`` or ``address-taken``.
    message
        One sentence: what is wrong and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Settings(BaseSettings):
    """What an operator decides. Construct it in the command line or a test, never at import.

    Every field can be given as an environment variable, e.g. ``BUERGERBUS_DATABASE``;
    ``regions`` and ``trusted_hosts`` take several values separated like ``PATH`` and by commas.
    """

    model_config = SettingsConfigDict(env_prefix="BUERGERBUS_", extra="forbid", frozen=True)

    data_dir: Path = Path("var")
    database: str | None = None
    """SQLAlchemy address of the database; a SQLite file in ``data_dir`` when not given."""
    regions: Annotated[tuple[Path, ...], NoDecode] = ()
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8000, ge=0, le=65535)
    secret: SecretStr | None = None
    """Signs offers; kept in a file of ``data_dir`` only the owner may read when not given."""
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names under which the server may be addressed; chosen from ``host`` when not given."""
    improve: bool = True
    """Whether plans are improved in the background."""
    improve_every_min: float = Field(default=2.0, gt=0)
    improve_seconds: float = Field(default=10.0, gt=0, le=600)
    """Search for each day whose plan has changed."""
    improve_cores: int = Field(default_factory=lambda: min(2, os.cpu_count() or 1), ge=1, le=64)
    """How many searches run at a time, each on a core of its own."""
    messages: MessageSettings = Field(default_factory=MessageSettings)
    """By which channels riders are told; each as a variable of its own, ``BUERGERBUS_MESSAGES_…``."""

    def __init__(self, **values: Any) -> None:  # noqa: ANN401  # the fields, as in the base class
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = ".".join(map(str, first["loc"])) or "settings"
            prefix = "BUERGERBUS_" + "MESSAGES_" * (error.title == MessageSettings.__name__)
            raise SettingsError(
                "setting-invalid",
                f"Setting {name} ({prefix}{name.upper()}) is wrong: {first['msg']}.",
            ) from error

    @field_validator("regions", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        return value.split(os.pathsep) if isinstance(value, str) else value

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [name.strip() for name in value.split(",") if name.strip()]

    @property
    def database_url(self) -> str:
        """Address of the database."""
        return self.database or f"sqlite:///{(self.data_dir / DATABASE_FILE).absolute()}"

    @property
    def effort(self) -> Effort | None:
        """How much is done to improve plans; None for nothing."""
        if not self.improve:
            return None
        every = timedelta(minutes=self.improve_every_min)
        return Effort(every, self.improve_seconds, self.improve_cores)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return names_this_machine(self.host)

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Host names answered to.

        On loopback the names of this machine: a foreign page that makes its own name point here
        (DNS rebinding) gets nothing. On a public address accounts guard, so any name will do.
        """
        return self.trusted_hosts or (_LOOPBACK_NAMES if self.loopback else ("*",))

    @property
    def exposed(self) -> str | None:
        """How others may reach the server, in a few words; None if only this machine can."""
        if not self.loopback:
            return f"Listening on {self.host}"
        foreign = (name for name in self.trusted_hosts if not names_this_machine(name))
        return next((f"Answering to {name}" for name in foreign), None)

    def signing_key(self) -> str:
        """Return the secret that signs offers; made and kept on first use.

        Raises
        ------
        SettingsError
            ``secret-short`` or ``data-dir``.
        """
        if self.secret is not None:
            return _long_enough(self.secret.get_secret_value(), "BUERGERBUS_SECRET")
        path = self.data_dir / SECRET_FILE
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return _long_enough(path.read_text(encoding="ascii").strip(), str(path))
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                key = secrets.token_urlsafe(_SECRET_BYTES)
                file.write(key + "\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                "data-dir",
                f"The data folder {self.data_dir} cannot be used: {error}; choose another by "
                "BUERGERBUS_DATA_DIR.",
            ) from error
        return key


def names_this_machine(host: str) -> bool:
    """Whether a host name or address reaches this machine from itself only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


def _long_enough(secret: str, where: str) -> str:
    if len(secret) < _SECRET_LENGTH:
        raise SettingsError(
            "secret-short",
            f"The secret in {where} is shorter than {_SECRET_LENGTH} characters; give a longer one "
            "or delete it to have one made.",
        )
    return secret
