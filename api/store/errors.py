"""What can go wrong with the database.

StoreError          the database cannot be opened, is damaged or belongs to a newer program
└── StoreBusy       another process holds it for too long; trying again later helps
"""


class StoreError(Exception):
    """The database cannot be used.

    Parameters
    ----------
    code
        Stable name: ``database-unusable``, ``database-newer`` or ``database-busy``.
    message
        One sentence: what is wrong, where, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class StoreBusy(StoreError):
    """Another process holds the database for too long."""


def unusable(url: str, why: str) -> StoreError:
    """Return the error of a database that cannot be used; ``url`` without password."""
    return StoreError(
        "database-unusable",
        f"The database {url} cannot be used ({why}); restore it from a backup or choose another.",
    )
