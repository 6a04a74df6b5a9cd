"""Bring the tables of the database up to date."""

import argparse

from huiyin.faces.cli.house import open_house, with_database


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(_args: argparse.Namespace) -> int:
    """0 when the tables are those of this version."""
    return with_database(_migrate)


def _migrate(_address: str) -> int:
    from django.core.management import call_command

    open_house()
    call_command("migrate", interactive=False)
    return 0
