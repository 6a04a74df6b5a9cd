"""Guards that every table has: no moment outside the years that we reckon in, no infinity."""

from datetime import UTC, datetime

from django.db.models import BaseConstraint, CheckConstraint, Q

OPENS_AT = datetime(2000, 1, 1, tzinfo=UTC)
CLOSES_AT = datetime(2101, 1, 1, tzinfo=UTC)


def sane_moments(table: str, *columns: str) -> list[BaseConstraint]:
    """One check a column: a moment lies in the years 2000 to 2100 (so it is not infinite either); NULL is let through.

    In: the table's name, which makes the checks' names unique, and its timestamptz columns.
    """
    return [
        CheckConstraint(
            condition=Q(**{f"{column}__gte": OPENS_AT, f"{column}__lt": CLOSES_AT}),
            name=f"{table}_{column}_sane",
        )
        for column in columns
    ]
