"""Bad inputs of reliability §3 that only a started server can answer: endless bodies, slow senders, heads with two readings.

| number | expected |
|---|---|
| B008 | 413 at 2 MB or the connection closed, memory flat |
| B009 | cut when the time is over, others answered meanwhile |
| B023 | 400, connection closed |
| B024 | 400 |
"""

from __future__ import annotations

import json
import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.load import body_of
from tests.faults.clients import Line, ask_until_answered
from tests.faults.clients import Sent as Request
from tests.faults.house import House, Seeded
from tests.faults.processes import workers_of
from tests.server.raw import Heard, Sender, say, trickle

GIGABYTE = 1024**3
PIECE = b"x" * 65536
MOST_GROWTH_BYTES = 48 * 1024 * 1024
SLOW_CONNECTIONS = 500
PAGE = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
FILE = "POST /registers/bring HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
NEXT = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def api(seeded: Seeded) -> str:
    """The head of a hand-over, to be ended by the test."""
    return (
        f"POST /api/v1/handovers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {seeded.api_key}\r\n"
        "Idempotency-Key: never-taken\r\nContent-Type: application/json\r\n"
    )


@pytest.fixture(autouse=True)
def _nothing_stored_and_memory_flat(house: House, seeded: Seeded, warm: None) -> Iterator[None]:
    before, cases = memory(house), stored(house)
    yield
    assert stored(house) == cases
    assert memory(house) - before < MOST_GROWTH_BYTES


@pytest.fixture(scope="session")
def warm(house: House, seeded: Seeded) -> None:
    """Both workers have done the work of every kind once: what they load for it they keep."""
    for clients in (1, 1, 2, 8):
        threads = [threading.Thread(target=hand_over, args=(house, seeded, f"warm-up-{client}")) for client in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def hand_over(house: House, seeded: Seeded, key: str) -> None:
    """Hand an ordinary complaint over on a connection of its own; its key makes it the same one each time."""
    line = Line(house.port, seeded.api_key)
    try:
        assert ask_until_answered(line, Request(key, body_of(key, seeded.unit, random.Random(key)), ""), 90).status == 201
    finally:
        line.close()


def memory(house: House) -> int:
    """The bytes that the workers hold in memory."""
    sizes = (Path(f"/proc/{one}/status").read_text() for one in workers_of(house.kept.number_of("web")))
    return sum(int(text.partition("VmRSS:")[2].split()[0]) for text in sizes) * 1024


def stored(house: House) -> int:
    """How many cases the house has."""
    return int(house.rows("SELECT count(*) FROM cases_case")[0][0])


def problem(heard: Heard) -> dict[str, object]:
    """The problem document of an answer."""
    found: dict[str, object] = json.loads(heard.raw.partition(b"\r\n\r\n")[2])
    return found


def test_b008_a_gigabyte_is_refused_before_it_comes(house: House, api: str) -> None:
    heard = say(house.port, f"{api}Content-Length: {GIGABYTE}\r\n\r\n".encode())
    assert (heard.statuses, heard.closed, problem(heard)["code"]) == ([413], True, "too_large")


@pytest.mark.parametrize("head", [PAGE, FILE])
def test_b008_a_page_says_it_to_people(house: House, head: str) -> None:
    heard = say(house.port, f"{head}Accept-Language: en\r\nContent-Length: {GIGABYTE}\r\n\r\n".encode())
    assert (heard.statuses, heard.closed) == ([413], True)
    assert b"Too large" in heard.raw


def test_b008_who_sends_it_all_the_same_is_hung_up_on(house: House, api: str) -> None:
    with Sender(house.port) as sender:
        sender.send(f"{api}Content-Length: {GIGABYTE}\r\n\r\n".encode())
        assert sender.send_without_end(PIECE, GIGABYTE) < GIGABYTE


def test_b008_a_chunked_body_without_end_is_hung_up_on(house: House, api: str) -> None:
    with Sender(house.port) as sender:
        sender.send(f"{api}Transfer-Encoding: chunked\r\n\r\n".encode())
        assert sender.send_without_end(b"10000\r\n" + PIECE + b"\r\n", GIGABYTE) < GIGABYTE


def test_b008_two_megabytes_are_the_limit_except_where_files_are_sent(house: House, api: str) -> None:
    size = 2 * 1024 * 1024
    assert say(house.port, f"{api}Content-Length: {size + 1}\r\n\r\n".encode()).statuses == [413]
    body = json.dumps({"unit": "CY", "story": ""}).encode()
    body = body.replace(b'""', b'"' + b"x" * (size - len(body)) + b'"')
    taken = say(house.port, f"{api}Connection: close\r\nContent-Length: {size}\r\n\r\n".encode() + body)
    assert (taken.statuses, problem(taken)["field"]) == ([422], "story")
    # Nobody is signed in, so the page refuses the file, but it has come in.
    large = say(house.port, f"{FILE}Connection: close\r\nContent-Length: {4 * size}\r\n\r\n".encode() + b"x" * 4 * size)
    assert large.statuses == [403]


def test_b008_files_on_their_way_lie_on_the_disk(house: House) -> None:
    size = 8 * 1024 * 1024
    before = memory(house)
    with ExitStack() as stack:
        for _ in range(12):
            sender = stack.enter_context(Sender(house.port))
            sender.send(f"{FILE}Content-Length: {size}\r\n\r\n".encode() + b"x" * (size - 1))
        assert memory(house) - before < MOST_GROWTH_BYTES


def test_b008_a_length_too_small_leaves_nothing_that_passes_for_a_request(house: House, api: str) -> None:
    heard = say(house.port, f"{api}Content-Length: 1\r\n\r\n".encode() + b"{}" + NEXT)
    assert (heard.statuses, heard.closed) == ([400, 400], True)


def test_b008_a_length_too_large_waits_and_is_cut(house: House, api: str) -> None:
    heard = say(house.port, f"{api}Content-Length: 100\r\n\r\n".encode() + b"{}")
    assert (heard.statuses, heard.closed, problem(heard)["code"]) == ([408], True, "too_slow")


@pytest.mark.parametrize("length", [100, 1_000_000])
def test_b008_a_body_that_breaks_off_is_nobodys(house: House, api: str, length: int) -> None:
    with Sender(house.port) as sender:
        sender.send(f"{api}Content-Length: {length}\r\n\r\n".encode() + b"{}")
        sender.socket.shutdown(socket.SHUT_WR)
        heard = sender.hear()
    assert (heard.statuses, heard.closed, problem(heard)["code"]) == ([400], True, "malformed")


def test_b009_500_slow_senders_are_cut_and_hold_nobody_up(house: House, seeded: Seeded, api: str) -> None:
    slow = [
        (b"", b""),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"x"),
        (NEXT, b""),
        (f"{api}Content-Length: 1000\r\n\r\n".encode(), b" "),
        (f"{FILE}Content-Length: 1000000\r\n\r\n".encode(), b"x"),
    ]
    with ExitStack() as stack:
        senders = [stack.enter_context(Sender(house.port)) for _ in range(SLOW_CONNECTIONS)]
        for number, sender in enumerate(senders):
            sender.send(slow[number % len(slow)][0])
        answered_meanwhile = 0
        while not any(_has_ended(one) for one in senders):
            hand_over(house, seeded, "warm-up-0")
            answered_meanwhile += not any(_has_ended(one) for one in senders)
        trickle(senders, [slow[number % len(slow)][1] for number in range(SLOW_CONNECTIONS)])
        ends = Counter((number % len(slow), *Heard(one.heard, one.closed).statuses) for number, one in enumerate(senders))
    each = SLOW_CONNECTIONS // len(slow)
    assert ends == {(0,): each, (1,): each, (2, 200): each, (3, 408): each, (4, 408): each}
    assert answered_meanwhile > 0


def _has_ended(sender: Sender) -> bool:
    sender.listen()
    return sender.closed


def test_b009_who_sends_steadily_is_not_cut(house: House) -> None:
    """Ten pieces of 64 kB, each within the two seconds that the one before has bought, together longer than the time for a head."""
    with Sender(house.port) as sender:
        sender.send(f"{FILE}Connection: close\r\nContent-Length: {10 * len(PIECE)}\r\n\r\n".encode())
        for _ in range(10):
            assert not sender.closed
            sender.send(PIECE)
            threading.Event().wait(0.5)
        assert sender.hear().statuses == [403]


TWO_READINGS = {
    "length and chunks": "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
    "chunks and length": "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
    "two lengths": "Content-Length: 2\r\nContent-Length: 13\r\n",
    "two lengths in one": "Content-Length: 2, 13\r\n",
    "the same length twice in one": "Content-Length: 2, 2\r\n",
    "a length with a sign": "Content-Length: +2\r\n",
    "a length that is no number": "Content-Length: 0x2\r\n",
    "a length beyond all numbers": f"Content-Length: {'9' * 5000}\r\n",
    "chunks twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "chunks, then something else": "Transfer-Encoding: chunked, identity\r\n",
    "chunks by another name": "Transfer-Encoding: xchunked\r\n",
    "a space before the colon": "Transfer-Encoding : chunked\r\nContent-Length: 2\r\n",
    "a folded line": "Content-Length: 2\r\nTransfer-Encoding:\r\n chunked\r\n",
    "chunks alone": "Transfer-Encoding: chunked\r\n",
}
PATHS = ("POST /api/v1/handovers", "POST /login", "GET /healthz", "GET /static/parts/icon.svg")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lengths", TWO_READINGS.values(), ids=TWO_READINGS)
def test_b023_a_body_that_two_readers_would_end_differently_is_refused(house: House, path: str, lengths: str) -> None:
    heard = say(house.port, f"{path} HTTP/1.1\r\nHost: localhost\r\n{lengths}\r\n".encode() + b"2\r\n{}\r\n0\r\n\r\n" + NEXT)
    assert (heard.statuses, heard.closed) == ([400], True)


def test_b023_the_same_length_twice_is_one_length(house: House) -> None:
    """RFC 9110 §8.6 lets a reader take it as one; granian does so and tells nobody. No reader ends the body elsewhere."""
    head = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n"
    heard = say(house.port, head.encode() + b"{}" + NEXT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert (heard.statuses, heard.closed) == ([403, 200], True)


STRANGE_ADDRESSES = {
    "absolute, of another host": "GET http://evil.example/login HTTP/1.1\r\nHost: localhost\r\n",
    "absolute, of ours to another host": "GET http://localhost/login HTTP/1.1\r\nHost: evil.example\r\n",
    "absolute, of another port": "GET http://localhost:1/login HTTP/1.1\r\nHost: localhost\r\n",
    "absolute, with a name before the host": "GET http://localhost@evil.example/login HTTP/1.1\r\nHost: localhost\r\n",
    "foreign": "GET /login HTTP/1.1\r\nHost: evil.example\r\n",
    "with a host behind the port": "GET /login HTTP/1.1\r\nHost: localhost:80@evil.example\r\n",
    "with a port that is no number": "GET /login HTTP/1.1\r\nHost: localhost:evil.example\r\n",
    "two": "GET /login HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
    "none": "GET /login HTTP/1.1\r\n",
    "a tunnel": "CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n",
}


@pytest.mark.parametrize("head", STRANGE_ADDRESSES.values(), ids=STRANGE_ADDRESSES)
def test_b024_an_address_that_is_not_ours_is_refused(house: House, head: str) -> None:
    heard = say(house.port, f"{head}Connection: close\r\n\r\n".encode())
    assert heard.statuses == [400]
    assert b"evil" not in heard.raw


def test_b024_our_own_address_in_full_is_taken(house: House) -> None:
    assert say(house.port, b"GET http://localhost/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").statuses == [200]
