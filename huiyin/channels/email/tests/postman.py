"""A mail server for tests: it speaks as much SMTP as we do, and says what it is told to say."""

from __future__ import annotations

import base64
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


@dataclass
class Postman:
    """``says`` answers a verb otherwise than usual; ``cuts`` is the verb at which the line is reset: "taken" is after the mail was kept."""

    says: Mapping[str, bytes] = field(default_factory=dict)
    cuts: str = ""
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    mails: list[bytes] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def letters(self) -> list[EmailMessage]:
        """The mails as a reader's program sees them."""
        return [message_from_bytes(one, policy=default) for one in self.mails]

    def serve(self, line: socket.socket) -> None:
        """Talk with one caller."""
        with ExitStack() as held:
            if self.tls and self.at_once:
                line = held.enter_context(self.tls.wrap_socket(line, server_side=True))
            self._talk(line, held)

    def _talk(self, line: socket.socket, held: ExitStack) -> None:
        file = held.enter_context(line.makefile("rb"))
        line.sendall(b"220 here\r\n")
        while heard := file.readline():
            verb = heard.split()[0].decode().upper()
            self.verbs.append(verb)
            if verb == self.cuts:
                return _reset(line)
            if verb == "STARTTLS" and self.tls:
                line.sendall(b"220 go\r\n")
                file.close()
                line = held.enter_context(self.tls.wrap_socket(line, server_side=True))
                file = held.enter_context(line.makefile("rb"))
            elif verb == "DATA" and "DATA" not in self.says:
                self._data(line, file)
                if self.cuts == "taken":
                    return _reset(line)
                line.sendall(self.says.get("MAIL-END", b"250 2.0.0 queued as 7F3A\r\n"))
            else:
                line.sendall(self.says.get(verb) or self._usual(verb, heard))
                if verb == "QUIT":
                    return None

    def _usual(self, verb: str, heard: bytes) -> bytes:
        if verb == "AUTH":
            self.secrets.append(base64.b64decode(heard.split()[-1]).decode())
            return b"235 ok\r\n"
        offers = b"250-here\r\n" + (b"250-STARTTLS\r\n" if self.tls and not self.at_once else b"")
        return offers + b"250 AUTH PLAIN\r\n" if verb == "EHLO" else (b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")

    def _data(self, line: socket.socket, file: Any) -> None:
        line.sendall(b"354 go on\r\n")
        lines: list[bytes] = []
        while (heard := file.readline()) != b".\r\n":
            lines.append(heard.removeprefix(b"."))
        self.mails.append(b"".join(lines))


def _reset(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


@contextmanager
def at_work(postman: Postman) -> Iterator[Postman]:
    """The mail server, listening here, one caller after the other."""
    door = socket.create_server(("127.0.0.1", 0))
    postman.port = door.getsockname()[1]

    def wait() -> None:
        while True:
            try:
                line, _who = door.accept()
            except OSError:
                return
            with suppress(OSError, ssl.SSLError), line:
                postman.serve(line)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    try:
        yield postman
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)
