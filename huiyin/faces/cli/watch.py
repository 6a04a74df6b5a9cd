"""Watch the clocks: find the limits that pass and store what follows from them."""

import argparse
import logging
import threading
from typing import Final

from huiyin.faces.cli.house import open_house, with_database
from huiyin.plumbing.processes import end_with_parent, stop_on_signals

LEARN_EVERY_SECONDS: Final = 600.0
log = logging.getLogger(__name__)


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(_args: argparse.Namespace) -> int:
    """Watch until SIGINT or SIGTERM, then finish the clock at hand: 0."""
    end_with_parent()
    return with_database(_watch)


def _watch(_address: str) -> int:
    open_house()
    from huiyin.desk.clocks.watch import run_worker
    from huiyin.desk.duties.calendar.reminders import remind_all
    from huiyin.desk.messaging.queries import sends_from_here

    if not sends_from_here():
        log.warning("no message leaves from here, because a backup was restored: 'huiyin outbox open' lets them leave")
    with stop_on_signals() as stop:
        threading.Thread(target=_learn, args=(stop,), daemon=True, name="learner").start()
        run_worker(stop=stop, chores=(remind_all,))
    return 0


def _learn(stop: threading.Event) -> None:
    """Now and then learn the classes that people gave. It may take a minute, so it runs beside the watch: no limit waits for it."""
    from django.db import Error, close_old_connections

    from huiyin.desk.classing.jobs import learn_due
    from huiyin.desk.clocks.watch.worker import database_clock

    while not stop.wait(LEARN_EVERY_SECONDS):
        try:
            close_old_connections()
            learn_due(database_clock())
        except Error:
            log.exception("the classes could not be learnt now; they are tried again later")
