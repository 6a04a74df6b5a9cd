"""The source files of the house, as the tests about it see them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
OURS = ("huiyin", "tests", "benchmarks")
NOT_OURS = {".git", ".venv", "var", "node_modules"}


def shown(path: Path) -> str:
    """The path as it is written in messages: from the top of the checkout."""
    return path.relative_to(TOP).as_posix()


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of ours, except the migrations that Django wrote."""
    files = (path for folder in OURS for path in sorted((TOP / folder).rglob("*.py")))
    return tuple(path for path in files if "migrations" not in path.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def text_files() -> Iterator[tuple[Path, str]]:
    """Every file of the checkout that is text, with its text; not what tools leave behind, which begins with a dot."""
    for path in sorted(TOP.rglob("*")):
        parts = path.relative_to(TOP).parts
        hidden = any(part.startswith(".") and part not in {".ci", ".gitignore"} for part in parts)
        if hidden or NOT_OURS & set(parts) or "__pycache__" in parts or not path.is_file():
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def calls_in(path: Path) -> Iterator[tuple[int, str, ast.Call]]:
    """Each call in a file: its line, the dotted name of what is called (its last parts), and the call."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), node
