"""Who may import whom: the contracts in pyproject.toml are kept."""

import subprocess
import sys

from tests.house.sources import TOP

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
