"""Kill -9, at any moment, of any process: nothing acknowledged is lost or doubled, each limit passes once (reliability P01, P13, P14)."""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.clients import Client, Line, Sent, ask_until_answered, read_journals
from tests.faults.counting import Intake, Limits, broken_invariants, count_intake, count_limits
from tests.faults.house import House, Kills, Seeded
from tests.faults.processes import await_true

pytestmark = pytest.mark.faults

KILLS = int(os.environ.get("HUIYIN_KILLS", "20"))
SEED = int(os.environ.get("HUIYIN_SEED") or random.SystemRandom().randrange(10**6))
CLIENTS = 4
PLANTED_KILLS = 6
REPEATED = 30
# Each kind in turn, so that even a short run has hit every one of them.
KINDS = ("watcher", "web_worker", "backend", "watcher", "database", "web_master", "watcher", "web_worker", "database", "backend")
GRACE = timedelta(seconds=10)
"""A limit counts as missed when nobody has noticed it ten seconds after the last fault ended."""


Say = Callable[[str], None]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Prints for the person who watches, whether the test passes or not."""

    def tell(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", end="", flush=True)

    return tell


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account can reach, which pytest's own cannot be."""
    made = Path(tempfile.mkdtemp(prefix="huiyin-faults-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def kill_until(kills: Kills, wanted: int, kinds: tuple[str, ...], chance: random.Random, clients: Sequence[Client] = ()) -> Counter[str]:
    """Kill at random moments until so many kills have been proven; returns how many of each kind.

    Where there are clients, each kill waits until they get answers again: one that hits a house already down would prove nothing.
    """
    proven: Counter[str] = Counter()
    tries = 0
    while proven.total() < wanted:
        assert tries < 20 * wanted, f"only {proven.total()} of {tries} kills hit a living process: {proven}"
        kind = kinds[proven.total() % len(kinds)]
        _await_answers(clients)
        time.sleep(chance.uniform(0.3, 1.2))
        way: Callable[[], bool] = getattr(kills, kind)
        tries += 1
        proven[kind] += way()
    return proven


def test_no_kill_loses_or_doubles_anything(folder: Path, say: Say) -> None:
    chance = random.Random(SEED)
    with House(folder) as house:
        seeded = house.seed(soon=20 * KILLS, long_ago=8 * KILLS, seed=SEED)
        watched_from = datetime.now(UTC)
        house.open()
        proven, clients = _under_fire(house, seeded, folder, chance)
        _await_quiet(house)
        until = datetime.now(UTC) - GRACE
        journals = read_journals(folder)
        before = count_intake(house, journals)
        repeated = _ask_again(house, seeded, journals)
        after, limits = count_intake(house, journals), count_limits(house, watched_from, until)
        _tell(proven, after, before, limits, say)
        say(f"unanswered: {dict(sum((one.failures for one in clients), Counter()))}")
        assert [refusal for one in clients for refusal in one.refusals] == []
        assert repeated == []
        _assert_nothing_lost(before, after, len(journals))
        _assert_each_limit_passed_once(limits)
        assert broken_invariants(house) == []
        # It reads a case's clocks and its facts one after the other: a watcher at work between the two would look like a difference.
        house.kept.stop()
        house.run("-m", "tests.faults.reconciling", seeded.organisation)


def test_the_harness_finds_a_watcher_that_marks_before_it_acts(folder: Path, say: Say) -> None:
    chance = random.Random(SEED)
    with House(folder, watch=(sys.executable, "-m", "tests.faults.planted"), web=False) as house:
        house.seed(soon=0, long_ago=120, seed=SEED)
        watched_from = datetime.now(UTC)
        house.open()
        for _ in range(PLANTED_KILLS):
            _await_acting(house)
            kill_until(Kills(house, chance), 1, ("watcher",), chance)
        _await_quiet(house)
        limits = count_limits(house, watched_from, datetime.now(UTC) - GRACE)
    say(f"planted: seed {SEED}: {len(limits.missed)} of {limits.due} limits missed in {PLANTED_KILLS} kills")
    assert limits.missed, "the planted fault lost nothing that the harness saw: the harness proves nothing"


def _await_acting(house: House) -> None:
    """Until the watchers are at work: a kill while they still start would show nothing. Passes where nothing is left for them to do."""
    noted = "SELECT count(*) FROM facts_fact WHERE event = 'limit_passed'"
    before, until = house.rows(noted)[0][0], time.monotonic() + 20
    while time.monotonic() < until and house.rows(noted)[0][0] == before:
        time.sleep(0.1)


def _under_fire(house: House, seeded: Seeded, folder: Path, chance: random.Random) -> tuple[Counter[str], list[Client]]:
    stop = threading.Event()
    clients = [
        Client(number, house.port, seeded.api_key, seeded.unit, folder, SEED, (timedelta(0), timedelta(minutes=5)), stop)
        for number in range(CLIENTS)
    ]
    threads = [threading.Thread(target=client.run, name=f"client-{client.number}") for client in clients]
    for thread in threads:
        thread.start()
    try:
        proven = kill_until(Kills(house, chance), KILLS, KINDS, chance, clients)
        house.await_answer()
        time.sleep(1)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return proven, clients


def _await_answers(clients: Sequence[Client]) -> None:
    """Wait until each client has been answered once more."""
    before = [client.acknowledged for client in clients]

    def answered() -> bool:
        return all(client.acknowledged > count for client, count in zip(clients, before, strict=True))

    await_true(f"answers to all clients; unanswered so far {[dict(one.failures) for one in clients]}", answered, 60)


def _await_quiet(house: House) -> None:
    """The last fault has ended: ten seconds of grace, then nothing that was due before them may wait any more."""
    time.sleep(GRACE.total_seconds())
    count = -1
    while (now := house.rows("SELECT count(*) FROM journal_entry")[0][0]) != count:
        count = now
        time.sleep(0.5)


def _ask_again(house: House, seeded: Seeded, journals: Mapping[str, Sent]) -> list[str]:
    """Repeat every request that had no answer, and some that had one. Out: what went wrong, in words."""
    line = Line(house.port, seeded.api_key)
    wrong = []
    unanswered = [one for one in journals.values() if not one.answers]
    answered = [one for one in journals.values() if one.answers][:REPEATED]
    for sent in [*unanswered, *answered]:
        first, second = ask_until_answered(line, sent), ask_until_answered(line, sent)
        seen = {*sent.answers, first.digest, second.digest}
        if len(seen) > 1 or not 200 <= first.status < 300:
            wrong.append(f"{sent.key}: {first.status}, {len(seen)} different answers: {first.body[:200]!r}")
    line.close()
    return wrong


def _assert_nothing_lost(before: Intake, after: Intake, sent: int) -> None:
    assert before.acknowledged >= KILLS * CLIENTS
    assert (before.lost, before.doubled, before.phantom) == ([], [], [])
    assert (after.lost, after.doubled, after.phantom) == ([], [], [])
    # Every request was answered in the end, so every one is a case: those acknowledged first and those found on retry.
    assert after.acknowledged + len(after.indeterminate) == sent


def _assert_each_limit_passed_once(limits: Limits) -> None:
    assert limits.due > 0
    assert (limits.missed, limits.doubled, limits.early, limits.stray) == ([], [], [], [])


def _tell(proven: Counter[str], after: Intake, before: Intake, limits: Limits, say: Say) -> None:
    number = proven.total()
    say(f"seed {SEED}: {number} proven kills {dict(proven)}")
    say(f"requests: {after.sent} sent, {after.acknowledged} acknowledged, {len(before.indeterminate)} indeterminate")
    say(f"intake: {len(after.lost)} lost, {len(after.doubled)} doubled, {len(after.phantom)} phantom")
    counts = f"{len(limits.missed)} missed, {len(limits.doubled)} doubled, {len(limits.early)} early"
    say(f"limits: {limits.due} due, {counts}; the latest was noticed {limits.worst_lateness_seconds:.1f} s after it fell due under fire")
    say(f"with none found, a kill loses or doubles something in less than {3 / number:.2%} of cases (95 %)")
