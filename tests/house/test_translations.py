"""Chinese first, and every text also in English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.house.sources import TOP, calls_in, python_files, shown

ENGLISH = TOP / "locale" / "en" / "LC_MESSAGES" / "django.po"
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
WITH_CONTEXT = ("pgettext", "npgettext")
STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
TEMPLATE_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({STRING})(?:\s*,\s*({STRING}))?")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def test_every_text_of_the_code_has_its_english(english: Catalog) -> None:
    assert [found for found in _texts_of_code() if not _translated(english, found[1])] == []


def test_every_text_of_the_pages_has_its_english(english: Catalog) -> None:
    assert [found for found in _texts_of_templates() if not _translated(english, found[1])] == []


def test_the_english_keeps_the_places_for_values(english: Catalog) -> None:
    wrong = [
        message.id
        for message in english
        if message.id and isinstance(message.id, str) and isinstance(message.string, str)
        if _places(message.id) != _places(message.string)
    ]
    assert wrong == []


def _texts_of_code() -> Iterator[tuple[str, str]]:
    for path in python_files():
        if "tests" in path.parts:
            continue
        for line, name, call in calls_in(path):
            last = name.rsplit(".", 1)[-1]
            position = 1 if last.startswith(WITH_CONTEXT) else 0
            if last in GETTEXT and len(call.args) > position:
                argument = call.args[position]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield f"{shown(path)}:{line}", argument.value


def _texts_of_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((TOP / "huiyin").rglob("templates/**/*")):
        if path.suffix in {".html", ".txt", ".xml"}:
            yield from _texts_of_template(path)


def _texts_of_template(path: Path) -> Iterator[tuple[str, str]]:
    for found in TEMPLATE_CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=shown(path))):
        name, first, second = found.groups()
        yield shown(path), ast.literal_eval(second if name in WITH_CONTEXT and second else first)


def _translated(catalog: Catalog, text: str) -> bool:
    messages = [message for message in catalog if text in (message.id if isinstance(message.id, tuple) else (message.id,))]
    return any(_full(message.string) and not message.fuzzy for message in messages)


def _full(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and all(string or ())


def _places(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|\{\w*\}", text))
