"""Start everything: the database, the pages, live updates and the watch. Ctrl-C ends it all."""

import argparse
import io
import os
import sys
import threading
import time

from huiyin.faces.cli import background
from huiyin.faces.cli.background import AlreadyRuns, Place, default_port, is_answering, only_one, told_at
from huiyin.faces.cli.demo import build_next, demonstration
from huiyin.faces.cli.house import open_house, say, with_database
from huiyin.faces.cli.ports import PortTaken, asked_port, claimed
from huiyin.plumbing.postgres import data_folder, house_id
from huiyin.plumbing.processes import Child, keep_alive, stop_on_signals

WATCHERS = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options: port, workers, background, and an empty house."""
    parser.add_argument("--port", type=int, default=asked_port(), help="port of the pages (HUIYIN_PORT; else 8400 or the next free one)")
    parser.add_argument("--workers", type=int, default=2, help="processes that serve pages (2)")
    parser.add_argument("--detach", action="store_true", help="go on in the background; 'huiyin down' ends it")
    parser.add_argument("--empty", action="store_true", help="do not build the demonstration in an empty house")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop (0), or say why that cannot be (2). What runs already is left running."""
    data = data_folder()
    if args.detach and background.running(data) is None:
        return background.start(data, [*(["--port", str(args.port)] if args.port else []), *(["--empty"] if args.empty else [])])
    try:
        with only_one(data) as note, claimed(data, args.port) as port:
            note.write(f"{os.getpid()} {port}")
            note.flush()
            return _serve(args, Place(data, port))
    except AlreadyRuns:
        return _tell_already(background.running(data))
    except PortTaken as error:
        print(f"huiyin: {error}", file=sys.stderr)
        return 2


def _tell_already(place: Place | None) -> int:
    """Say that this very house runs, or is being started."""
    if place is not None and is_answering(place.port):
        say(f"Huiyin already answers at {place.address}")
    else:
        say(f"Huiyin is being started{f' at {place.address}' if place else ''}; its data lies in {data_folder()}")
    return 0


def _serve(args: argparse.Namespace, place: Place) -> int:
    if args.port is None and place.port != default_port():
        say(f"Port {default_port()} is held by somebody else; this house takes {place.port}.")
    with stop_on_signals() as stop:
        say(f"Opening the database in {place.data} …")

        def serve(_database: str) -> int:
            lines, to_come = _prepare(demo=not args.empty)
            if not stop.is_set():
                told = threading.Event()
                threading.Thread(target=_tell_when_it_answers, args=(place, lines, to_come, told), daemon=True).start()
                keep_alive([*_children(place.port, args.workers), *_builder(to_come, told)], stop, say)
            return 0

        return with_database(serve)


def _tell_when_it_answers(place: Place, lines: list[str], to_come: list[str], told: threading.Event) -> None:
    """The address and the logins, once the address answers; then what of the demonstration is still to come."""
    while not is_answering(place.port, house_id(place.data)):
        time.sleep(0.2)
    say(f"\n  {told_at(place.address)}\n")
    for line in lines:
        say(f"  {line}")
    if to_come:
        say(f"\n  还在建立 being built: {', '.join(to_come)}. They appear, with their logins, when they are ready.")
    told.set()


def _prepare(*, demo: bool) -> tuple[list[str], list[str]]:
    """Bring the tables up to date and, unless unwanted, the first organisation of the demonstration. Out: the logins of those that stand,
    a line each, and the names of those that are to come."""
    from django.core.management import call_command
    from django.db import connections

    open_house()
    # An address without its row in the table of routes, say: better told here, once, than by every server process.
    call_command("check", stdout=io.StringIO())
    say("Bringing the tables up to date …")
    call_command("migrate", interactive=False, verbosity=0)
    lines, to_come = _first() if demo else ([], [])
    connections.close_all()
    return lines, to_come


def _first() -> tuple[list[str], list[str]]:
    from huiyin.rehearsal.demo.organisation import login_lines

    house = demonstration()
    there = house.standing()
    lines = login_lines(there) if there else build_next()
    return lines, [one["name"]["en"] for one in house.missing()]


def _children(port: int, workers: int) -> list[Child]:
    python = [sys.executable, "-m", "huiyin"]
    live = str(port + 1)
    os.environ.setdefault("HUIYIN_LIVE_PORT", live)
    watchers = [Child(f"watch {number}", [*python, "watch"]) for number in range(1, WATCHERS + 1)]
    web = Child("web", [*python, "web", "--port", str(port), "--workers", str(workers)])
    return [web, Child("live", [*python, "live", "--port", live]), *watchers]


def _builder(to_come: list[str], told: threading.Event) -> list[Child]:
    """Who builds the rest of the demonstration beside the house, once people have been told where it answers."""
    words = [sys.executable, "-m", "huiyin", "demo"]
    return [Child("demonstration", words, after=told, done_with=frozenset((0, 2)))] if to_come else []
