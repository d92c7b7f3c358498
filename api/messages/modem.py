"""SMS by a modem: a file in the outbox folder of gammu-smsd (its backend "files"), which does the rest."""

import os
from pathlib import Path

from api.messages.channels import Failed, Letter, Sent


class Modem:
    """Writes files ``OUTC<date>_<time>_<serial>_<number>_<note>.txt``, whole or not at all.

    The name is the same when a letter is written again: one still waiting there is not sent twice. The
    text is UTF-16 with a byte order mark, the one encoding gammu reads the same everywhere.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Letter, address: str) -> Sent | Failed:
        """Hand a letter to a number in E.164 to the modem."""
        name = f"OUTC00000000_000000_00_{address}_{letter.id}.txt"
        begun = self._folder / f".{letter.id}.part"
        try:
            begun.write_bytes(b"\xff\xfe" + letter.text.encode("utf-16-le"))
            os.replace(begun, self._folder / name)  # noqa: PTH105  # atomic on one file system
        except OSError as error:
            return Failed(f"modem-{type(error).__name__}", down=True)
        return Sent()
