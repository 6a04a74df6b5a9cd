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
THEIR_WORDS = re.compile("业主|住户|顾客|客户|师生|居民|学生|项目|管理处|服务中心")
"""What organisations call the people they serve and their units, each in its own way."""
NAMES_OF_KINDS = frozenset({"业主", "项目", "管理处", "物业管理处", "大学后勤管理处", "服务中心", "学生公寓", "学生公寓中心", "收费项目"})
"""Who somebody is in a home, the kinds of units and of organisations, and what a charge is for: not words for whom a page speaks to."""
TEMPLATE_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({STRING})(?:\s*,\s*({STRING}))?")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def translated(english: Catalog) -> frozenset[str]:
    """The texts that have their English in full."""
    full = [message.id for message in english if _full(message.string) and not message.fuzzy]
    return frozenset(text for one in full for text in ([one] if isinstance(one, str) else one))


def test_every_text_of_the_code_has_its_english(translated: frozenset[str]) -> None:
    assert [found for found in _texts_of_code() if found[1] not in translated] == []


def test_every_text_of_the_pages_has_its_english(translated: frozenset[str]) -> None:
    assert [found for found in _texts_of_templates() if found[1] not in translated] == []


def test_the_english_keeps_the_places_for_values(english: Catalog) -> None:
    wrong = [
        message.id
        for message in english
        if message.id and isinstance(message.id, str) and isinstance(message.string, str)
        if _places(message.id) != _places(message.string)
    ]
    assert wrong == []


def test_no_page_says_a_word_that_each_organisation_has_of_its_own() -> None:
    """They come from the regulations that the unit adopted (``desk/adoptions/terms.py``): ``terms.customer``, ``terms.unit``."""
    texts = [*_texts_of_code(), *_texts_of_templates()]
    assert [found for found in texts if THEIR_WORDS.search(found[1]) and found[1] not in NAMES_OF_KINDS] == []


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


def _full(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and all(string or ())


def _places(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|\{\w*\}", text))
