"""One POST to a partner: no redirects, no proxy, an answer of bounded size."""

from __future__ import annotations

import http.client
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from huiyin.plumbing.outgoing.lines import BadHost, Unreachable, connect, cut_after, is_inside, secured

MOST_ANSWER: Final = 64 * 1024
WHOLE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a partner said: the status, and up to 64 kB of text."""

    status: int
    text: str

    def told(self) -> Mapping[str, Any]:
        """The answer as a JSON object; empty for anything else."""
        try:
            found = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def read_address(url: str, inside: Collection[str] = ()) -> SplitResult:
    """The parts of an address that we may post to. Raises BadHost for anything but https, or http to a host that is inside."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadHost(f"found {url[:80]!r}, expected an address such as https://sms.example.com/send") from error
    fits = parts.scheme == "https" or (parts.scheme == "http" and is_inside(parts.hostname or "", inside))
    plain = url.isascii() and not any(one.isspace() for one in url)
    if not (fits and plain and parts.hostname and not parts.username and not parts.fragment) or port == 0:
        raise BadHost(f"found {url[:80]!r}, expected an address such as https://sms.example.com/send, with no name or password in it")
    return parts


def post(url: str, body: bytes, headers: Mapping[str, str], inside: Collection[str] = ()) -> Answer:
    """Post the body and return what was said. Raises BadHost as ``connect``, Unreachable for no whole answer within 30 seconds.

    A redirect is an answer like others: nobody follows it.
    """
    parts = read_address(url, inside)
    host, tls = str(parts.hostname), parts.scheme == "https"
    line = connect(host, parts.port or (443 if tls else 80), inside)
    talk = http.client.HTTPConnection(host, parts.port, timeout=WHOLE_SECONDS)
    try:
        with cut_after(line, WHOLE_SECONDS):
            talk.sock = secured(line, host) if tls else line
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            talk.request("POST", path, body, {"Host": parts.netloc, "Connection": "close", "User-Agent": "huiyin", **headers})
            with talk.getresponse() as answer:
                return Answer(answer.status, answer.read(MOST_ANSWER).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"{host} gave no answer: {type(error).__name__}: {error}") from error
    finally:
        talk.close()
        line.close()
