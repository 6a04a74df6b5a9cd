"""What the acts of the demonstration say is read in words, never as a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from huiyin.faces.console.cases.told import told, value_word
from huiyin.rehearsal.demo.organisation import sheets
from huiyin.rulebook.load import vocabulary


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_key_that_an_act_of_the_demonstration_tells_has_a_word(language: str) -> None:
    kinds = {name: one["kind"] for name, one in vocabulary()["facts"].items()}
    said = {(name, key) for one in sheets() for name, key in _said(one) if kinds.get(name) == "key" and not key.startswith(("$", "+"))}
    assert ("result", "handled") in said
    with translation.override(language):
        words = {(name, key): value_word(uuid4(), name, key) for name, key in said}
    # In English a key of one word may be its own name.
    assert {key for key, word in words.items() if re.fullmatch("[a-z_]+" if language != "en" else "[a-z]+(_[a-z]+)+", word)} == set()


def _said(sheet: Any) -> Iterator[tuple[str, str]]:
    """Every name and text under a ``say`` of the sheet."""
    if isinstance(sheet, list | tuple):
        for one in sheet:
            yield from _said(one)
    elif isinstance(sheet, dict):
        for key, value in sheet.items():
            if key == "say" and isinstance(value, dict):
                yield from ((name, one) for name, one in value.items() if isinstance(one, str))
            yield from _said(value)


def test_the_key_of_an_entry_is_not_told_to_people() -> None:
    details = {"entry": "01a1678f-3180-7f37-bcb4-f7b6541c43d1", "text": "水泵由开发公司更换"}
    assert [name for name, _word, _value in told(uuid4(), details)] == ["text"]
