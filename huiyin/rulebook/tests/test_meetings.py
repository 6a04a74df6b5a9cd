"""Where regulations speak of one matter: every one of the catalogue is there, under the clauses that it names."""

from __future__ import annotations

import re
from pathlib import Path

from huiyin.rulebook.meetings import meetings

CATALOGUE = Path(__file__).parents[4] / "shared" / "clauses" / "README.md"
_ROW = re.compile(r"^\| (X[0-9]+) \| [^|]+ \| ([^|]+) \|", re.MULTILINE)
_FULL = re.compile(r"\b([A-Z]{2})-([0-9][0-9a-z.]*)")


def test_every_meeting_of_the_catalogue_is_there_with_the_clauses_it_names() -> None:
    assert CATALOGUE.exists(), f"found no {CATALOGUE}; this test needs the shared folder beside the checkout"
    rows = dict(_ROW.findall(CATALOGUE.read_text(encoding="utf-8")))
    found = {one.source: {clause for own in one.clauses.values() for clause in own} for one in meetings()}
    assert list(found) == list(rows) and len(rows) == 27
    for source, clauses in rows.items():
        named = {f"{stem}-{number}" for stem, number in _FULL.findall(clauses)}
        assert named <= found[source], f"{source} of the catalogue names {sorted(named - found[source])}"


def test_only_regulations_that_are_adopted_meet() -> None:
    replies = next(one for one in meetings() if one.source == "X6")
    assert set(replies.among(["community_publication", "customer_relations", "satisfaction_survey"])) == {
        "community_publication",
        "customer_relations",
    }
    assert replies.among(["community_publication", "satisfaction_survey"]) == {}
    above = next(one for one in meetings() if one.source == "X1")
    assert above.among(["group_platform"]) == {} and above.among(["group_platform", "resident_help"])
