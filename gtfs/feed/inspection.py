"""Collecting what is wrong with a feed, with file and line."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from gtfs.errors import FeedError
from gtfs.report import Finding, Severity

BoolArray = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Inspection:
    """Findings so far about the tables unpacked in ``folder``."""

    folder: Path
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, message: str, table: str = "", line: int | None = None) -> None:
        """Note something that refuses the feed."""
        self._add(Severity.ERROR, code, message, table, line)

    def warn(self, code: str, message: str, table: str = "", line: int | None = None) -> None:
        """Note something that does not refuse the feed."""
        self._add(Severity.WARNING, code, message, table, line)

    def rows(
        self,
        code: str,
        table: str,
        frame: pd.DataFrame,
        bad: BoolArray,
        message: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note the rows of ``frame`` where ``bad`` holds, in one finding that names the first.

        ``frame`` keeps the index it was read with, so that the line can be told. ``message`` may name
        columns in braces; they are filled from the first bad row.
        """
        count = int(np.count_nonzero(bad))
        if not count:
            return
        position = int(np.argmax(bad))
        row = frame.iloc[position].to_dict()
        values = {str(name): "" if pd.isna(value) else value for name, value in row.items()}
        sentence = message.format_map(values)
        if count > 1:
            sentence = f"{sentence} ({count - 1} more such rows)"
        line = line_of(self.folder, table, int(frame.index.to_numpy()[position]))
        self._add(severity, code, sentence, table, line)

    def refuse(self) -> None:
        """Raise what was noted as errors, if anything.

        Raises
        ------
        FeedError
            With the code of the first error; its message counts the others.
        """
        errors = [f for f in self.findings if f.severity is Severity.ERROR]
        if errors:
            more = f" ({len(errors) - 1} more problems)" if len(errors) > 1 else ""
            raise FeedError(errors[0].code, f"{errors[0]}{more}", tuple(self.findings))

    def _add(
        self, severity: Severity, code: str, message: str, table: str, line: int | None
    ) -> None:
        file = f"{table}.txt" if table else ""
        self.findings.append(Finding(severity, code, message, file, line))


def line_of(folder: Path, table: str, record: int) -> int | None:
    """Line on which data record ``record`` (from 0) of a table begins; None where csv cannot tell."""
    with (folder / f"{table}.txt").open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        begins = 1
        seen = -1  # the header
        try:
            for row in reader:
                if row and seen == record:
                    return begins
                seen += bool(row)
                begins = reader.line_num + 1
        except csv.Error:
            return None
    return None
