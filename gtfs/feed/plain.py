"""Small tables gtfs_kit does not know, row by row as texts; a faulty row is told and left out."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from gtfs.feed.inspection import Inspection


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the line on which it ends, and its fields by column."""

    line: int
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text in a column, "" where there is no such column."""
        return self.fields.get(column, "")

    def first(self, *columns: str) -> str:
        """Return the first text that is not empty among the columns."""
        return next((self[column] for column in columns if self[column]), "")


def header_of(inspection: Inspection, present: frozenset[str], table: str) -> list[str]:
    """Names of the columns; none where the feed has no such table."""
    if table not in present:
        return []
    with (inspection.folder / f"{table}.txt").open(encoding="utf-8-sig", newline="") as file:
        return [name.strip() for name in file.readline().split(",")]


def rows_of(inspection: Inspection, present: frozenset[str], table: str) -> Iterator[Row]:
    """Rows of a table; none where the feed has no such table."""
    if table not in present:
        return
    with (inspection.folder / f"{table}.txt").open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        try:
            header = [name.strip() for name in next(reader, [])]
            for row in reader:
                if len(row) > len(header):
                    message = f"the row has {len(row)} fields, the header {len(header)}; left out."
                    inspection.warn("too-many-fields", message, table, reader.line_num)
                elif row:
                    texts = (text.strip() for text in row)
                    yield Row(reader.line_num, dict(zip(header, texts, strict=False)))
        except csv.Error as error:
            message = f"cannot be read any further: {error}."
            inspection.warn("unreadable-table", message, table, reader.line_num)
