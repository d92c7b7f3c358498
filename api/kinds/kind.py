"""One kind of problem."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table: HTTP status, and title and sentence in both languages."""

    status: int
    titles: tuple[str, str]
    sentences: tuple[str, str]


def kind(status: int, de: str, en: str, sentence_de: str, sentence_en: str) -> Kind:
    """Write a row in one go: German and English title, German and English sentence."""
    return Kind(status=status, titles=(de, en), sentences=(sentence_de, sentence_en))
