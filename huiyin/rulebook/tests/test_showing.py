"""What shows that a clause is honoured can be read by people of the field."""

from __future__ import annotations

import re

import pytest

from huiyin.rulebook.load import stems
from huiyin.rulebook.showing import chinese_names, examples

CLAUSE = r"[A-Z]{2}-[0-9a-z.]+"


@pytest.mark.parametrize("stem", stems())
def test_every_worked_example_has_its_chinese_name(stem: str) -> None:
    named = chinese_names(stem)
    assert set(examples(stem)) == set(named), f"name each new example in example_names/{stem}.yaml, and drop those that are gone"
    english = {name for name in named.values() if re.search("[a-z]", re.sub(CLAUSE, "", name))}
    assert english == set()
