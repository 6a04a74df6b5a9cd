"""Django's own commands, for developers: huiyin manage makemigrations."""

import argparse

from huiyin.faces.cli.house import open_house, with_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is handed to Django."""
    parser.add_argument("words", nargs=argparse.REMAINDER, help="the command of Django and its options")


def run(args: argparse.Namespace) -> int:
    """0 when Django's command ended well; Django ends the process itself otherwise."""

    def manage(_address: str) -> int:
        from django.core.management import execute_from_command_line

        open_house()
        execute_from_command_line(["huiyin manage", *args.words])
        return 0

    return with_database(manage)
