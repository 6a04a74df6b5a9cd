"""The measures of the house: small files, short functions, no drawers for odds and ends, nothing unfinished."""

import ast
import re
from pathlib import Path

from tests.house.sources import TOP, python_files, shown, text_files, tree_of

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
DRAWERS = {"utils", "util", "common", "base", "services", "service", "helpers", "misc"}
# Written in two halves, so that this file does not hold what it looks for.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b|NotImplemented" r"Error|pytest\.mark\.(?:sk" r"ip|xf" r"ail)")
MACHINE = re.compile(
    r"(?<![\w.])/(?:ro"
    r"ot|ho"
    r"me|Us"
    r"ers|wo"
    r"rk)/|python"
    r"hosted|pypi\.or"
    r"g|npmjs\.or"
    r"g|--(?:extra-)?index-"
    r"url"
)
FOLDERS_WITHOUT_LINE = {"tests", "migrations", "__pycache__", "static", "templates", "templatetags", "management"}


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name}: {length} lines"
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert [shown(path) for path in python_files() if DRAWERS & {path.stem, *path.parent.parts}] == []


def test_nothing_is_left_unfinished() -> None:
    assert _lines_with(UNFINISHED, {".py", ".html", ".yaml", ".js", ".css", ".toml"}) == []


def test_nothing_names_a_path_of_one_machine_or_a_registry() -> None:
    assert _lines_with(MACHINE, None) == []


def test_the_map_has_a_line_for_every_folder() -> None:
    text = (TOP / "docs" / "map.md").read_text(encoding="utf-8")
    assert [name for name in map(shown, _folders()) if f"{name}/" not in text and f"{name}`" not in text] == []


def test_every_public_thing_says_what_it_is() -> None:
    silent = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in python_files()
        if "tests" not in path.parts and path.name != "apps.py" and path.is_relative_to(TOP / "huiyin")
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def _lines_with(pattern: re.Pattern[str], endings: set[str] | None) -> list[str]:
    return [
        f"{shown(path)}:{number} {line.strip()[:80]}"
        for path, text in text_files()
        if endings is None or path.suffix in endings
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def _folders() -> list[Path]:
    top = TOP / "huiyin"
    folders = [path for path in sorted(top.rglob("*")) if path.is_dir()]
    return [path for path in folders if not FOLDERS_WITHOUT_LINE & set(path.relative_to(top).parts)]
