"""How good the proposals are on messages that others wrote, loosely: `python -m benchmarks topics` measures the whole stream."""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

from huiyin.core.moments import SHANGHAI
from huiyin.desk.topics.likeness.comparing import Message
from huiyin.desk.topics.likeness.grouping import Stream

DATA = Path(__file__).resolve().parents[5] / "shared" / "data" / "teddy2020"
EVERY = 15


def _rows(name: str) -> list[dict[str, str]]:
    assert (DATA / name).is_file(), f"found no {DATA / name}, expected the shared data beside the checkout; put it there to run this test"
    csv.field_size_limit(sys.maxsize)
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_known_matters_among_other_messages_are_mostly_found() -> None:
    truth = {row["msg_id"]: row["topic"] for row in _rows("a3_hot_topics.csv")}
    rows = sorted(_rows("a3_stream.csv"), key=lambda row: (row["留言时间"], row["留言编号"]))
    stream = Stream()
    for number, row in enumerate(rows):
        if row["留言编号"] in truth or number % EVERY == 0:
            at = datetime.fromisoformat(row["留言时间"]).replace(tzinfo=SHANGHAI)
            stream.take(Message(row["留言编号"], at, row["留言用户"], row["留言主题"].strip(), row["留言详情"]))
    of_topic: defaultdict[str, list[str]] = defaultdict(list)
    for key, topic in truth.items():
        of_topic[topic].append(key)
    found, right, proposed = 0, 0, 0
    for keys in of_topic.values():
        homes = Counter(home.number for key in keys if (home := stream.topic_of(key)) is not None)
        best, shared = homes.most_common(1)[0]
        found, right, proposed = found + len(keys), right + shared, proposed + len(stream.topics[best].messages)
    assert right / found > 0.8, f"found {right} of {found} messages with their matter, expected more than four of five"
    assert right / proposed > 0.8, f"found {right} of {proposed} proposed messages in their matter, expected more than four of five"
