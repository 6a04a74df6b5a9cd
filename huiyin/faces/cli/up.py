"""Start everything: the database, the pages, live updates and the watch. Ctrl-C ends it all."""

import argparse
import io
import os
import sys
import threading
import time

from huiyin.faces.cli import background
from huiyin.faces.cli.background import Place, default_port, is_answering, note_of
from huiyin.faces.cli.demo import build_demo
from huiyin.faces.cli.house import open_house, say, with_database
from huiyin.plumbing.postgres import data_folder
from huiyin.plumbing.processes import Child, keep_alive, stop_on_signals

WATCHERS = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options: port, workers, background, and an empty house."""
    parser.add_argument("--port", type=int, default=default_port(), help="port of the pages (HUIYIN_PORT, 8400)")
    parser.add_argument("--workers", type=int, default=2, help="processes that serve pages (2)")
    parser.add_argument("--detach", action="store_true", help="go on in the background; 'huiyin down' ends it")
    parser.add_argument("--empty", action="store_true", help="do not build the demonstration in an empty house")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop (0), or say why that cannot be (2). What runs already is left running."""
    place = Place(data_folder(), args.port)
    if is_answering(place.port):
        say(f"Huiyin already answers at {place.address}")
        return 0
    if args.detach:
        return background.start(place, ["--empty"] if args.empty else [])
    with note_of(place), stop_on_signals() as stop:
        say(f"Opening the database in {place.data} …")

        def serve(_database: str) -> int:
            logins = _prepare(demo=not args.empty)
            if not stop.is_set():
                threading.Thread(target=_tell_when_it_answers, args=(place, logins), daemon=True).start()
                keep_alive(_children(place.port, args.workers), stop, say)
            return 0

        return with_database(serve)


def _tell_when_it_answers(place: Place, logins: list[str]) -> None:
    """The address and the logins, once the address answers."""
    while not is_answering(place.port):
        time.sleep(0.2)
    say(f"\n  回音 Huiyin: {place.address}\n")
    for login in logins:
        say(f"  {login}")


def _prepare(*, demo: bool) -> list[str]:
    """Bring the tables up to date and, unless unwanted, the demonstration. Out: its logins, a line each."""
    from django.core.management import call_command
    from django.db import connections

    open_house()
    # An address without its row in the table of routes, say: better told here, once, than by every server process.
    call_command("check", stdout=io.StringIO())
    say("Bringing the tables up to date …")
    call_command("migrate", interactive=False, verbosity=0)
    logins = build_demo() if demo else []
    connections.close_all()
    return logins


def _children(port: int, workers: int) -> list[Child]:
    python = [sys.executable, "-m", "huiyin"]
    live = str(port + 1)
    os.environ.setdefault("HUIYIN_LIVE_PORT", live)
    watchers = [Child(f"watch {number}", [*python, "watch"]) for number in range(1, WATCHERS + 1)]
    web = Child("web", [*python, "web", "--port", str(port), "--workers", str(workers)])
    return [web, Child("live", [*python, "live", "--port", live]), *watchers]
