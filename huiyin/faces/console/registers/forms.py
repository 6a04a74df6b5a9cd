"""The form of an entry: its fields follow from the columns that the register's rule declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from huiyin.core.moments import in_shanghai
from huiyin.core.rules import RegisterField
from huiyin.desk.registers.columns import MOST_TEXT, BadEntry
from huiyin.desk.registers.columns.of_cases import by_hand
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import Book
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.forms import MomentField
from huiyin.faces.console.registers.words import chinese, column_word, is_hidden

PREFIX = "v"
"""Columns may be called as the form's own fields are: theirs stand behind a prefix."""


class EntryForm(forms.Form):
    """A new entry, or what changes in one. What stands in the columns is judged by the desk, whose sentences come back to the fields."""

    def __init__(self, book: Book, data: Any = None, *, entry: Entry | None = None, only: frozenset[str] | None = None) -> None:
        super().__init__(data)
        self.columns = [field for field in book.rule.fields if only is None or field.key in only]
        for column in self.columns:
            self.fields[f"{PREFIX}-{column.key}"] = _field(column, entry)

    def sent(self) -> dict[str, str]:
        """What was typed, by column; of an entry that is amended a hidden name left empty stays as it was."""
        typed = {column.key: str(self.data.get(f"{PREFIX}-{column.key}", "")) for column in self.columns}
        kept = {column.key for column in self.columns if self.fields[f"{PREFIX}-{column.key}"].widget.attrs.get("data-kept")}
        return {key: value for key, value in typed.items() if value.strip() or key not in kept}

    def enter(self, act: Callable[[], Entry]) -> Entry | None:
        """What ``act`` made of the entry; None where the desk refuses it, and then its sentences stand in the form."""
        try:
            return act()
        except BadEntry as error:
            self.errors.clear()
            self._blame(error)
        except SAID as error:
            self.add_error(None, tell(error))
        return None

    def _blame(self, error: BadEntry) -> None:
        for key, (en, zh) in error.problems.items():
            name = f"{PREFIX}-{key}"
            self.add_error(name if name in self.fields else None, zh if chinese() else en)


class NewEntryForm(EntryForm):
    """A new entry with the moment when it happened, where that is not now."""

    def __init__(self, book: Book, data: Any = None, *, named: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(book, data)
        for key, names in (named or {}).items():
            self.fields[f"{PREFIX}-{key}"].help_text = _("已有：%(names)s") % {"names": "、".join(names)} if names else ""
        self.fields["at"] = MomentField(label=_("发生时间"), required=False, help_text=_("不填则按记录内容或现在。"))


class AmendForm(EntryForm):
    """What an entry shall say from now on, and why."""

    def __init__(self, book: Book, entry: Entry, data: Any = None) -> None:
        super().__init__(book, data, entry=entry)
        self.fields["reason"] = forms.CharField(label=_("更正原因"), max_length=MOST_TEXT)


class HandForm(EntryForm):
    """What people add by hand to a line of a register of cases; who changes what stands there says why."""

    def __init__(self, book: Book, entry: Entry | None, data: Any = None) -> None:
        super().__init__(book, data, entry=entry, only=frozenset(field.key for field in by_hand(book.rule)))
        if entry is not None:
            self.fields["reason"] = forms.CharField(label=_("更正原因"), max_length=MOST_TEXT, required=False)


class CloseForm(EntryForm):
    """The note with which an entry is closed, and the columns that are still empty (to whom the key went back)."""

    def __init__(self, book: Book, entry: Entry, data: Any = None) -> None:
        empty = frozenset(field.key for field in book.rule.fields if field.key not in entry.values)
        super().__init__(book, data, entry=entry, only=empty)
        for column in book.rule.lacks_to_close(entry.values):
            self.fields[f"{PREFIX}-{column.key}"].required = True
        self.fields["note"] = forms.CharField(label=_("销账说明"), max_length=MOST_TEXT)


def _field(column: RegisterField, entry: Entry | None) -> forms.Field:
    value = entry.values.get(column.key, "") if entry is not None else ""
    hides = bool(value) and is_hidden(column)
    # What an act left open from which the entry followed may stay open until somebody knows it.
    open_yet = entry is not None and not value
    made = forms.CharField(
        label=column_word(column),
        required=column.required and not hides and not open_yet,
        initial="" if hides else _typed(column, value),
        widget=_widget(column),
        help_text=_("已登记，不改则留空。") if hides else "",
    )
    if hides:
        made.widget.attrs["data-kept"] = "1"
    return made


def _typed(column: RegisterField, value: str) -> str:
    if column.kind == "moment" and value:
        return f"{in_shanghai(datetime.fromisoformat(value)):%Y-%m-%dT%H:%M}"
    return value


def _widget(column: RegisterField) -> forms.Widget:
    if column.kind == "choice":
        return forms.Select(choices=[("", ""), *((key, names[0 if chinese() else 1]) for key, names in column.choices)])
    if column.kind == "flag":
        return forms.Select(choices=[("", ""), ("true", _("是")), ("false", _("否"))])
    attributes: Mapping[str, dict[str, Any]] = {
        "day": {"type": "date"},
        "moment": {"type": "datetime-local"},
        "number": {"inputmode": "decimal"},
    }
    return forms.TextInput(attrs={"maxlength": MOST_TEXT, **attributes.get(column.kind, {})})
