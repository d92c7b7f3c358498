"""What can go wrong with a peer that is installed."""


class PeerError(Exception):
    """A peer is there but did not do its work; `code` as in all errors of the house."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
