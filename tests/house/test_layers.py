"""Who may import whom: the contracts in pyproject.toml are kept. And no regulation is named where only the rulebook may."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

from huiyin.plumbing.strict_yaml import read_yaml
from tests.house.sources import TOP, python_files, shown, tree_of

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def test_imports_go_downward_only() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=TOP,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_command_line_reckons_without_django() -> None:
    code = "import sys; from huiyin.faces.cli.main import main; main(['reckon', '--help'])"
    probe = f"import sys\ntry:\n    exec({code!r})\nexcept SystemExit:\n    pass\nsys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], cwd=TOP, stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_nothing_of_one_regulation_is_named_outside_the_rulebook() -> None:
    """Documentation may cite clauses; what the code does follows from the rulebook, so no word of the code names one of them."""
    folders = {path.parent.name for path in (TOP / "huiyin" / "rulebook").glob("*/rules.yaml")}
    prefixes = {read_yaml(TOP / "huiyin" / "rulebook" / one / "source.yaml").value["prefix"] for one in folders}
    named = re.compile(rf"\b({'|'.join(sorted(prefixes))})[-:/]|^({'|'.join(sorted(folders))})$")
    found = [
        f"{shown(path)}:{line} {said[:60]}"
        for path in python_files()
        if path.relative_to(TOP).parts[0] == "huiyin" and not {"rulebook", "tests"} & set(path.parts)
        for line, said in _said(tree_of(path))
        if named.search(said)
    ]
    assert found == [], "let the rulebook say it"


def _said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and words of every text of a module that is not documentation."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value
