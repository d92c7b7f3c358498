"""The folder of backups: one a night, fourteen kept."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from api.alarms import Alarms
from api.store.database import Database

_log = structlog.get_logger()

FOLDER = "backups"
KEPT = 14
OLD = timedelta(days=2)
_OURS = re.compile(r"buergerbus-\d{4}-\d\d-\d\d\.(sqlite|dump)")
"""Names of nightly backups: no other file is ever deleted."""


class Backups:
    """Backups of a database in the data folder.

    Their age goes by the files' own times, which are real even where the service's clock is not.
    """

    def __init__(self, database: Database, data_dir: Path) -> None:
        self.last: datetime | None = newest(data_dir)
        self._database = database
        self._folder = data_dir / FOLDER
        self._since = datetime.now(UTC)

    def make(self, key: str) -> Path:
        """Write the backup of a night and delete those that are too old; the same night's is replaced.

        Raises
        ------
        StoreError
            ``backup-failed``.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self._folder / f"buergerbus-{key}{self._database.suffix}"
        self._database.back_up(target)
        for old in _ours(self._folder)[KEPT:]:
            old.unlink(missing_ok=True)
        self.last = newest(self._folder.parent)
        _log.info("backed up", file=target.name, bytes=target.stat().st_size)
        return target

    def look(self, alarms: Alarms) -> None:
        """Let an alarm ring while the last backup is older than two days."""
        self.last = newest(self._folder.parent)
        if datetime.now(UTC) - (self.last or self._since) > OLD:
            alarms.ring("backup-old", FOLDER)
        else:
            alarms.quiet("backup-old", FOLDER)


def newest(data_dir: Path) -> datetime | None:
    """Return when the last nightly backup of a data folder was written; None if there is none."""
    files = _ours(data_dir / FOLDER)
    return datetime.fromtimestamp(files[0].stat().st_mtime, UTC) if files else None


def _ours(folder: Path) -> list[Path]:
    """Return the nightly backups, the newest first."""
    if not folder.is_dir():
        return []
    files = [path for path in folder.iterdir() if _OURS.fullmatch(path.name)]
    return sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)
