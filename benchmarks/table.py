"""Tables for people."""

from __future__ import annotations

from collections.abc import Sequence


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table, its columns as wide as they must be."""
    texts = [[str(one) for one in row] for row in (head, *rows)]
    wide = [max(len(row[column]) for row in texts) for column in range(len(head))]
    print(f"\n{title}")
    for row in texts:
        print("  " + "  ".join(text.rjust(width) for text, width in zip(row, wide, strict=True)), flush=True)
