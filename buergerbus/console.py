"""What every command shares: output for people and for programs, progress, errors in one line."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_json(data: object) -> None:
    """Print ``data`` as one JSON document and nothing else."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")


def print_table(
    title: str, rows: Iterator[tuple[Any, ...]] | list[tuple[Any, ...]], *columns: str
) -> None:
    """Print rows as a table for people."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    out.print(table)


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """Show what a long command is doing, on standard error; yields a function that takes step texts.

    On a terminal one living line, elsewhere a line a step, so that logs stay readable.
    """
    if not err.is_terminal:
        err.print(title)
        yield lambda step: err.print(f"  {step} …")
        return
    with err.status(f"{title} …") as status:

        def show(step: str) -> None:
            status.update(f"{title}: {step} …")

        yield show
    err.print(f"{title}: [green]done[/green]")
