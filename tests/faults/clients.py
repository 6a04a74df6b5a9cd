"""Clients that hand complaints over by HTTP and keep a journal of their own, on paper that survives anything we kill."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from huiyin.core.moments import SHANGHAI

PATH = "/api/v1/handovers"
TIMEOUT_SECONDS = 10
PAUSE_AFTER_FAILURE_SECONDS = 0.5
STORIES = ("电梯停运两天无人处理", "楼道灯坏了一周", "地下车库积水", "绿化带垃圾无人清运", "门禁失灵，快递员随意进出", "楼上漏水到客厅")


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as the client wrote it down: its key, its body, its digest, and the SHA-256 of the answer if one was seen."""

    key: str
    body: str
    digest: str
    answers: tuple[str, ...] = ()

    @property
    def content(self) -> dict[str, Any]:
        """The body as data."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and the bytes."""

    status: int
    body: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.body).hexdigest()


def digest_of(body: str) -> str:
    """SHA-256 of a request: its method, its path and the bytes of its body."""
    return hashlib.sha256(f"POST {PATH}\n{body}".encode()).hexdigest()


class Journal:
    """A file of lines, each on the disk before `write` comes back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a", encoding="utf-8")

    def write(self, line: dict[str, Any]) -> None:
        """Add a line and wait for the disk."""
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_journals(folder: Path) -> dict[str, Sent]:
    """All requests of all clients by key."""
    found: dict[str, Sent] = {}
    for line in _lines(folder):
        key = line["key"]
        if "body" in line:
            found[key] = Sent(key, line["body"], line["digest"])
        else:
            before = found[key]
            found[key] = Sent(key, before.body, before.digest, (*before.answers, line["answer"]))
    return found


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("client-*.jsonl")):
        for text in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(text)


@dataclass
class Client:
    """One client: hands over complaints one after the other until told to stop. A tenth of its failures it tries again at once."""

    number: int
    port: int
    api_key: str
    unit: str
    folder: Path
    seed: int
    received_before: tuple[timedelta, timedelta]
    stop: threading.Event
    acknowledged: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Work until `stop` is set."""
        self.chance = random.Random(f"{self.seed}/{self.number}")
        self.journal = Journal(self.folder / f"client-{self.number}.jsonl")
        line = Line(self.port, self.api_key)
        count = 0
        while not self.stop.is_set():
            count += 1
            self._hand_over(line, f"fault-{self.seed}-{self.number}-{count}")
        line.close()
        self.journal.close()

    def _hand_over(self, line: Line, key: str) -> None:
        body = self._body(key)
        self.journal.write({"key": key, "body": body, "digest": digest_of(body)})
        answer = line.post(key, body)
        if answer is None and self.chance.random() < 0.1:
            answer = line.post(key, body)
        if answer is None or answer.status >= 500:
            self.failures[line.last_failure if answer is None else str(answer.status)] += 1
            self.stop.wait(PAUSE_AFTER_FAILURE_SECONDS)
        elif 200 <= answer.status < 300:
            self.journal.write({"key": key, "answer": answer.digest})
            self.acknowledged += 1
        else:
            self.refusals.append(f"{answer.status} {answer.body.decode(errors='replace')[:300]}")
            self.stop.wait(PAUSE_AFTER_FAILURE_SECONDS)

    def _body(self, key: str) -> str:
        nearest, farthest = self.received_before
        age = nearest + (farthest - nearest) * self.chance.random()
        # The client's own clock: nothing of the product is asked, so nothing of it can agree with itself by mistake.
        received_at = datetime.now(SHANGHAI) - age
        content = {
            "unit": self.unit,
            "story": f"{self.chance.choice(STORIES)}（{key}）",
            "contact_name": "王先生",
            "contact_phone": f"199{self.chance.randrange(10**8):08d}",
            "category": "cleaning",
            "severity": "general",
            "external_number": key,
            "received_at": received_at.isoformat(),
        }
        return json.dumps(content, ensure_ascii=False)


class Line:
    """A connection to the house that is opened again whenever it broke."""

    def __init__(self, port: int, api_key: str) -> None:
        self.port = port
        self.headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        self.last_failure = ""
        self._connection: http.client.HTTPConnection | None = None

    def post(self, key: str, body: str) -> Answer | None:
        """The answer, or None when there was none: then nobody knows what became of the request."""
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
            self._connection.request("POST", PATH, body.encode(), {**self.headers, "Idempotency-Key": key})
            response = self._connection.getresponse()
            return Answer(response.status, response.read())
        except (OSError, http.client.HTTPException) as error:
            self.last_failure = type(error).__name__
            self.close()
            return None

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def ask_until_answered(line: Line, sent: Sent, patience_seconds: float = 30) -> Answer:
    """Send the request again under its key until it is answered. Raises TimeoutError."""
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until:
        answer = line.post(sent.key, sent.body)
        if answer is not None and answer.status < 500:
            return answer
        time.sleep(PAUSE_AFTER_FAILURE_SECONDS)
    raise TimeoutError(f"found no answer to the request {sent.key} in {patience_seconds:g} s after the faults had ended")
