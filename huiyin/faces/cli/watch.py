"""Watch the clocks: find the limits that pass and store what follows from them."""

import argparse
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Final

from huiyin.faces.cli.house import open_house, with_database
from huiyin.plumbing.processes import end_with_parent, stop_on_signals

LEARN_EVERY_SECONDS: Final = 600.0
IMPORT_EVERY_SECONDS: Final = 2.0
SEND_EVERY_SECONDS: Final = 1.0
REMIND_EVERY_SECONDS: Final = 20.0
log = logging.getLogger(__name__)


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(_args: argparse.Namespace) -> int:
    """Watch until SIGINT or SIGTERM, then finish the clock at hand: 0."""
    end_with_parent()
    return with_database(_watch)


def _watch(_address: str) -> int:
    open_house()
    from huiyin.channels.sheets.running import carry_on_unattended
    from huiyin.desk.cases.jobs import remind_of_limits
    from huiyin.desk.classing.jobs import learn_due
    from huiyin.desk.clocks.watch import database_clock, run_worker
    from huiyin.desk.duties.calendar.reminders import remind_all
    from huiyin.desk.imports.jobs import drop_old_uploads, forget_old_lists
    from huiyin.desk.messaging.actions import configured_channels
    from huiyin.desk.messaging.queries import sends_from_here
    from huiyin.desk.robots.jobs import tell_due

    if not sends_from_here():
        log.warning("no message leaves from here, because a backup was restored: 'huiyin outbox open' lets them leave")
    with stop_on_signals() as stop:
        _beside("learner", stop, LEARN_EVERY_SECONDS, lambda: learn_due(database_clock()))
        _beside("importer", stop, IMPORT_EVERY_SECONDS, lambda: carry_on_unattended(database_clock, stop.is_set))
        _beside("reminder", stop, REMIND_EVERY_SECONDS, lambda: remind_of_limits(database_clock()))
        _beside("robots", stop, REMIND_EVERY_SECONDS, lambda: tell_due(database_clock()))
        # A thread for each channel: a provider that does not answer holds up no limit, and no other channel.
        for channel in configured_channels():
            _beside(f"sender ({channel})", stop, SEND_EVERY_SECONDS, partial(_send, channel, stop))
        run_worker(stop=stop, chores=(remind_all, drop_old_uploads, forget_old_lists))
    return 0


def _send(channel: str, stop: threading.Event) -> None:
    from huiyin.desk.clocks.watch import database_clock
    from huiyin.desk.messaging.jobs import send_next

    while send_next(database_clock(), channel) and not stop.is_set():
        pass


def _beside(name: str, stop: threading.Event, every_seconds: float, work: Callable[[], object]) -> None:
    """Do the work now and then beside the watch: it may take minutes, and no limit waits for it. What fails is noted and tried again."""
    from django.db import close_old_connections

    def again_and_again() -> None:
        while not stop.wait(every_seconds):
            try:
                close_old_connections()
                work()
            except Exception:
                log.exception("the %s of the watch failed; it is tried again", name)

    threading.Thread(target=again_and_again, daemon=True, name=name).start()
