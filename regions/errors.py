"""What can go wrong with prepared data.

RegionError            a region folder, an area file or a source cannot be used
├── AreaError          an area file is unreadable, incomplete or absurd
├── FetchError         a feed or file cannot be fetched; what was there before stays in use
└── FormatError        the folder is no region, or one of another format version
"""


class RegionError(Exception):
    """Base of every error about prepared data.

    Parameters
    ----------
    code
        Stable, machine-readable name of the problem, such as ``format-version``.
    message
        One sentence: what is wrong, where, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class AreaError(RegionError):
    """An area file is unreadable, incomplete or absurd."""


class FetchError(RegionError):
    """A feed or file cannot be fetched; what was there before stays in use."""


class FormatError(RegionError):
    """The folder is no region, or a region of another format version."""
