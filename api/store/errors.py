"""What can go wrong with the database.

StoreError          the database cannot be opened, is damaged or belongs to a newer program
├── StoreBusy       another process holds it for too long; trying again later helps
└── StoreFull       it can be read but not written, mostly because the disk is full
"""


class StoreError(Exception):
    """The database cannot be used.

    Parameters
    ----------
    code
        Stable name: ``database-unusable``, ``database-newer``, ``database-busy``, ``database-full``,
        ``database-missing``, ``database-exists``, ``database-in-use``, ``backup-failed``,
        ``backup-damaged`` or ``backup-newer``.
    message
        One sentence: what is wrong, where, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class StoreBusy(StoreError):
    """Another process holds the database for too long."""


class StoreFull(StoreError):
    """The database cannot be written, but read."""


def full(url: str, why: str) -> StoreFull:
    """Return the error of a database that cannot be written; ``url`` without password."""
    return StoreFull(
        "database-full",
        f"The database {url} cannot be written ({why}); make room on its disk.",
    )


def unusable(url: str, why: str) -> StoreError:
    """Return the error of a database that cannot be used; ``url`` without password."""
    reason = " ".join(why.split())  # SQLite tells some things in lines
    return StoreError(
        "database-unusable",
        f"The database {url} cannot be used ({reason}); restore a backup with "
        "`buergerbus restore FILE --force`, or choose another.",
    )
