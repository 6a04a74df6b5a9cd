"""Say whether messages leave from this house; let them leave after a backup was restored, or keep them back."""

import argparse

from huiyin.faces.cli.house import open_house, say, with_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, if not only to tell."""
    verbs = parser.add_subparsers(dest="verb")
    opening = verbs.add_parser(
        "open", help="from now on messages leave from this house; make sure that the one it is a copy of sends no more"
    )
    opening.add_argument("--discard", action="store_true", help="what waits now never leaves: it has left where the backup came from")
    verbs.add_parser("close", help="from now on nothing leaves: before a copy of this house's folder is started elsewhere")


def run(args: argparse.Namespace) -> int:
    """0 when messages leave from this house, or what was asked is done; 1 when they do not."""

    def answer(_address: str) -> int:
        open_house()
        return {None: _tell, "open": lambda: _open(discard=args.discard), "close": _close}[args.verb]()

    return with_database(answer)


def _tell() -> int:
    from huiyin.desk.messaging import queries

    sends, waiting = queries.sends_from_here(), queries.waiting()
    if sends:
        say(f"Messages leave from this house; {waiting} wait.")
    else:
        say(f"Nothing leaves from this house; {waiting} messages wait. {UNTIL_TOLD}")
    return 0 if sends else 1


def _open(*, discard: bool) -> int:
    from django.utils import timezone

    from huiyin.desk.messaging import actions

    count = actions.open_outbox(at=timezone.now(), discard=discard)
    say(f"Messages leave from this house from now on. {count} {'were discarded' if discard else 'waited and leave now'}.")
    return 0


def _close() -> int:
    from django.utils import timezone

    from huiyin.desk.messaging import actions

    actions.close_outbox(at=timezone.now())
    say(f"Nothing leaves from this house any more. {UNTIL_TOLD}")
    return 0


UNTIL_TOLD = "'huiyin outbox open' lets messages leave, with --discard only those that come from now on."
