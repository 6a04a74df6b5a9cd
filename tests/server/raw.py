"""Senders that do not keep to the manners of HTTP: raw sockets that send what they are told, and see whether they are hung up on."""

from __future__ import annotations

import contextlib
import re
import select
import socket
import time
from dataclasses import dataclass
from typing import Self

PATIENCE_SECONDS = 60
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back on a connection, and whether the server closed it."""

    raw: bytes
    closed: bool

    @property
    def statuses(self) -> list[int]:
        """The statuses of all answers, in order."""
        return [int(one) for one in _STATUS.findall(self.raw)]


class Sender:
    """One connection to the server."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self.heard = b""
        self.closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def send(self, raw: bytes) -> bool:
        """Send; False when the server does not take it any more."""
        try:
            self.socket.sendall(raw)
        except OSError:
            return False
        return True

    def send_without_end(self, piece: bytes, most: int) -> int:
        """Send the piece over and over until the server hangs up or so many bytes have gone; returns how many have."""
        sent = 0
        while sent < most and self.send(piece):
            sent += len(piece)
        return sent

    def listen(self) -> None:
        """Take what has come so far, without waiting."""
        with contextlib.suppress(OSError):
            while not self.closed and select.select([self.socket], [], [], 0)[0]:
                self._take()

    def hear(self, patience: float = PATIENCE_SECONDS) -> Heard:
        """Everything until the server hangs up, or until it has said nothing for so many seconds."""
        self.socket.settimeout(patience)
        with contextlib.suppress(TimeoutError):
            while not self.closed:
                self._take()
        return Heard(self.heard, self.closed)

    def _take(self) -> None:
        try:
            piece = self.socket.recv(65536)
        except ConnectionError:
            piece = b""
        self.heard += piece
        self.closed = not piece


def say(port: int, raw: bytes, patience: float = PATIENCE_SECONDS) -> Heard:
    """Send these bytes on a connection of their own and hear what comes back."""
    with Sender(port) as sender:
        sender.send(raw)
        return sender.hear(patience)


def trickle(senders: list[Sender], pieces: list[bytes], gap_seconds: float = 0.25) -> None:
    """Send each sender's piece again and again, slowly, until the server has hung up on all. Raises TimeoutError if it does not."""
    until = time.monotonic() + PATIENCE_SECONDS
    while left := [(sender, piece) for sender, piece in zip(senders, pieces, strict=True) if not sender.closed]:
        if time.monotonic() > until:
            raise TimeoutError(f"{len(left)} of {len(senders)} slow connections are still open after {PATIENCE_SECONDS} s")
        for sender, piece in left:
            if piece:
                sender.send(piece)
            sender.listen()
        time.sleep(gap_seconds)
