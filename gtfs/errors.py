"""What can go wrong with a timetable.

FeedError              a feed cannot be used; carries every finding that speaks against it
ExportError            a service of ours cannot be given to others like this
"""

from gtfs.report import Finding


class FeedError(Exception):
    """A feed cannot be used.

    Parameters
    ----------
    code
        Stable, machine-readable name of the (first) problem, such as ``missing-file``.
    message
        One sentence: what is wrong, where, and what to do.
    findings
        Everything found so far, warnings included; empty when the file could not be opened at all.
    """

    def __init__(self, code: str, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.findings = findings

    def __reduce__(self) -> tuple[type["FeedError"], tuple[str, str, tuple[Finding, ...]]]:
        """Let the error come out of the process that reads feeds as it was."""
        return FeedError, (self.code, self.message, self.findings)


class ExportError(Exception):
    """A service of ours cannot be given to others like this.

    Parameters
    ----------
    code
        Stable, machine-readable name of the problem, such as ``no-hours``.
    message
        One sentence: what is wrong, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
