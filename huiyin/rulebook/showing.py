"""What shows that a clause is honoured, to be read: the worked examples as their file holds them, the tests as they are written."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from huiyin.plumbing.strict_yaml import read_yaml
from huiyin.rulebook.coverage import ROOT, Covered, coverage
from huiyin.rulebook.load import FOLDER, BadRulebook

MOST_BYTES = 2 * 1024 * 1024


@lru_cache(maxsize=32)
def covered(stem: str) -> Mapping[str, Covered]:
    """How each clause of the regulation is honoured and what shows it, by clause; empty in an installation without the tests."""
    try:
        return {one.clause: one for one in coverage(stem)}
    except BadRulebook:
        return {}


@lru_cache(maxsize=4)
def examples(stem: str) -> Mapping[str, Mapping[str, Any]]:
    """The worked examples of the regulation by their names."""
    listed = read_yaml(FOLDER / stem / "scenarios.yaml", largest_bytes=MOST_BYTES).value or []
    return {str(one["scenario"]): one for one in listed}


@lru_cache(maxsize=16)
def chinese_names(stem: str) -> Mapping[str, str]:
    """The Chinese names of the regulation's worked examples by the names that their file gives them."""
    named: Mapping[str, str] = read_yaml(FOLDER / "example_names" / f"{stem}.yaml", largest_bytes=MOST_BYTES).value
    return named


def test_text(named: str) -> tuple[str, str]:
    """What the test ``path::function`` says it shows, and its text; both empty where the checkout does not hold it."""
    path, _, function = named.partition("[")[0].partition("::")
    file = ROOT / path
    if not function or not file.is_file():
        return "", ""
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    found = next((one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == function), None)
    if found is None:
        return "", ""
    first = min([found.lineno, *(one.lineno for one in found.decorator_list)])
    said = ast.get_docstring(found) or ast.get_docstring(tree) or ""
    return said.split("\n\n")[0].replace("\n", " "), "\n".join(text.splitlines()[first - 1 : found.end_lineno])
