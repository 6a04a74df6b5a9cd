"""Clients that send as fast as they are answered."""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
from dataclasses import dataclass, field

from tests.faults.clients import Line


@dataclass
class Round:
    """What a round of load came to: answers a second, and how long a client waited (milliseconds)."""

    seconds: float
    waits_ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers with 2xx a second."""
        return len(self.waits_ms) / self.seconds

    @property
    def median_ms(self) -> float:
        """Half of the clients waited no longer."""
        return statistics.median(self.waits_ms) if self.waits_ms else 0.0

    @property
    def p99_ms(self) -> float:
        """All but one in a hundred waited no longer."""
        return sorted(self.waits_ms)[int(len(self.waits_ms) * 0.99)] if self.waits_ms else 0.0


def send_for(seconds: float, clients: int, port: int, api_key: str, unit: str) -> Round:
    """Let so many clients hand complaints over for so long. Raises RuntimeError if one request in a hundred fails."""
    outcome = Round(seconds)
    stop = time.monotonic() + seconds
    threads = [threading.Thread(target=_send_until, args=(stop, outcome, Line(port, api_key), unit)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(outcome.failed) > len(outcome.waits_ms) / 100:
        raise RuntimeError(f"{len(outcome.failed)} of {len(outcome.waits_ms)} requests failed, the first with {outcome.failed[0]}")
    return outcome


def _send_until(stop: float, outcome: Round, line: Line, unit: str) -> None:
    chance = random.Random()
    while time.monotonic() < stop:
        key = f"bench-{chance.randrange(10**15)}"
        body = body_of(key, unit, chance)
        began = time.monotonic()
        answer = line.post(key, body)
        if answer is not None and 200 <= answer.status < 300:
            outcome.waits_ms.append((time.monotonic() - began) * 1000)
        else:
            outcome.failed.append("no answer" if answer is None else f"{answer.status} {answer.body[:300]!r}")
            time.sleep(0.05)
    line.close()


def body_of(key: str, unit: str, chance: random.Random) -> str:
    """A complaint as a call centre hands it over."""
    content = {
        "unit": unit,
        "story": f"三栋电梯停运两天无人处理，家中有老人，上下楼不便，请尽快派人维修（{key}）",
        "household": f"{chance.randrange(1, 9)}-{chance.randrange(1, 4)}-{chance.randrange(1, 30)}0{chance.randrange(1, 5)}",
        "contact_name": "王先生",
        "contact_phone": f"199{chance.randrange(10**8):08d}",
        "category": "engineering_repair",
        "severity": "general",
        "external_number": key,
    }
    return json.dumps(content, ensure_ascii=False)
