"""Finds the command's module and runs it, imported only then: so `huiyin reckon` needs no Django."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Protocol, cast

import huiyin

COMMANDS = {
    "up": "huiyin.faces.cli.up",
    "down": "huiyin.faces.cli.down",
    "reckon": "huiyin.faces.cli.reckon",
    "rulebook": "huiyin.faces.cli.rulebook",
    "rehearse": "huiyin.faces.cli.rehearse",
    "import": "huiyin.faces.cli.import_",
    "organisation": "huiyin.faces.cli.organisation",
    "keys": "huiyin.faces.cli.keys",
    "journal": "huiyin.faces.cli.journal",
    "migrate": "huiyin.faces.cli.migrate",
    "demo": "huiyin.faces.cli.demo",
    "web": "huiyin.faces.cli.web",
    "live": "huiyin.faces.cli.live",
    "watch": "huiyin.faces.cli.watch",
    "backup": "huiyin.faces.cli.backup",
    "restore": "huiyin.faces.cli.restore",
    "outbox": "huiyin.faces.cli.outbox",
    "manage": "huiyin.faces.cli.manage",
}


class Command(Protocol):
    """What each module in this folder offers."""

    __doc__: str | None

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options of the command."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the answer is the exit code: 0 done, 1 the answer is no, 2 it could not be tried."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    In: the words after `huiyin` (default: those of this process). Out: the exit code of the command.
    An unknown command is answered with the list of commands and exit code 2.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"]:
        print(f"huiyin {huiyin.__version__}")
        return 0
    if not words or words[0] not in COMMANDS:
        return _answer_without_command(words)
    command = cast(Command, importlib.import_module(COMMANDS[words[0]]))
    parser = argparse.ArgumentParser(prog=f"huiyin {words[0]}", description=command.__doc__)
    command.add_arguments(parser)
    try:
        return command.run(parser.parse_args(words[1:]))
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone: nothing is left to say to it, not even at exit.
        sys.stdout = None
        return 0


def _answer_without_command(words: list[str]) -> int:
    usage = "huiyin COMMAND [options]\n\n" + "\n".join(f"  {name}" for name in COMMANDS)
    if words[:1] in ([], ["-h"], ["--help"], ["help"]):
        print(f"{usage}\n\n'huiyin COMMAND --help' explains a command.")
        return 0
    print(f"huiyin: found the command {words[0]!r}, expected one of these: {usage}", file=sys.stderr)
    return 2
