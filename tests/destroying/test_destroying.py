"""After destroying no word of the case stands in any table or file, and everything that was reckoned stands as before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from huiyin.config.forgetting import GOES, HOLDS_NOTHING, NAMED_BY_A_MATTER
from huiyin.core.conditions import Condition
from huiyin.core.facts import Fact
from huiyin.core.questions import Count
from huiyin.core.records import Clock, Mark, Score, WarningSignal
from huiyin.desk.attachments import actions as attachments
from huiyin.desk.attachments import queries as queries_of_files
from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.watch import reconcile
from huiyin.desk.documents import actions as documents
from huiyin.desk.documents.models import Document
from huiyin.desk.documents.queries import printable
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.actions.forgetting import Forgotten, without_words
from huiyin.desk.files.models import Kept
from huiyin.desk.journal import actions as journal
from huiyin.desk.journal import queries
from huiyin.desk.journal.actions import Destroyed
from huiyin.desk.publications.models import Posting
from huiyin.plumbing.files.tests.samples import PDF
from huiyin.plumbing.ids import new_id
from huiyin.rehearsal.book import Book
from huiyin.rehearsal.past import changes_between
from huiyin.rehearsal.stage import play_facts
from huiyin.rehearsal.stored import house_of, past_of
from huiyin.rulebook.load import regulation, stems
from tests.destroying.world import AFTER, ENDED, NINE, SET_UP, WORDS, World, complain, destroy, found_in_tables, live, settle, tables

pytestmark = pytest.mark.django_db
SOMEWHERE = {
    "approvals_approval", "attachments_attachment", "cases_case", "cases_draft",
    "cases_tally", "documents_document", "facts_fact", "facts_request", "files_kept", "keeping_legalhold",
    "lists_savedview", "matters_matter",
    "messaging_message", "people_unmasking", "publications_line", "registers_entry", "registers_version", "scores_appeal", "topics_joined",
    "warnings_warningsignal",
}  # fmt: skip


@pytest.fixture
def world() -> World:
    world = settle()
    complain(world)
    live(world)
    return world


def test_no_word_of_a_destroyed_case_is_left_in_any_table_or_file(world: World) -> None:
    before = found_in_tables(WORDS)
    assert set(before) == SOMEWHERE
    assert set(WORDS) == set().union(*before.values())
    destroy(world)
    assert found_in_tables(WORDS) == {}
    assert not (Path(settings.DATA_DIR) / "files").exists(), "no file lies beside the database"


def test_no_byte_of_a_file_is_left(world: World) -> None:
    kept = [bytes(one.data) for one in Kept.objects.all()]
    assert sorted(one.of for one in Kept.objects.all()) == ["case", "case", "posting"], "the notice that hung told of the case"
    assert queries_of_files.counts(world.id, [world.case]) == {world.case: 2}
    destroy(world)
    assert not Kept.objects.exists() and not Attachment.objects.exists()
    assert found_in_tables({str(number): data.hex() for number, data in enumerate(kept)}) == {}
    hung = Posting.objects.get()
    assert (hung.kind, len(hung.sha256)) == ("", 64), "that there was a photo stays"
    with pytest.raises(Destroyed):
        attachments.add(world.id, world.case, [attachments.prepare("again.pdf", PDF)], by=world.by("li"), at=AFTER)


def test_every_table_of_the_database_is_on_the_list(world: World) -> None:
    listed = GOES.keys() | {table for table, _column in NAMED_BY_A_MATTER} | HOLDS_NOTHING.keys()
    assert listed ^ set(tables()) == set()


def test_the_journal_proves_the_same_before_and_after_and_an_altered_entry_is_still_found(world: World) -> None:
    while journal.seal(world.id, ENDED):
        pass
    head = queries.head(world.id)
    assert queries.verify(world.id, head).ok
    destroy(world)
    assert queries.verify(world.id, head).ok
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute('UPDATE journal_entry SET body = body || \'{"hidden": "AAAA"}\' WHERE subject = %s', [f"case:{world.case}"])
    assert "altered" in str(queries.verify(world.id, head).first_bad)


def test_entries_say_who_destroyed_their_words_and_under_which_clause(world: World) -> None:
    destroy(world)
    entries = queries.entries_of(world.id, f"case:{world.case}")
    told = next(one.body for one in entries if one.action == "facts.complaint_received")
    assert told[queries.DESTROYED] == {
        "at": AFTER.astimezone(UTC).isoformat(),
        "by": str(world.staff["zhu"].pk),
        "clauses": ["CR-2.1.2.1a", "GP-8.3.2b"],
    }
    readable = {one.action for one in entries if not queries.is_destroyed(one.body)}
    assert {"cases.propose_destruction", "cases.destroy"} <= readable
    other = Case.objects.exclude(id=world.case).get()
    assert not any(queries.is_destroyed(one.body) for one in queries.entries_of(world.id, f"case:{other.id}"))


def _played(world: World, facts: tuple[Fact, ...]) -> Book:
    units, adopted = house_of(world.id, ENDED)
    return play_facts(facts, units, adopted, ENDED)


def _reckoned(book: Book) -> list[tuple[str, ...]]:
    """The limits, classes, warnings and points of a book."""
    kinds = (Clock, Mark, Score, WarningSignal)
    found = (one for one in book.records() if isinstance(one, kinds))
    told = ("key", "state", "due_at", "stopped_at", "amount", "at", "ended_at", "level")
    return sorted((type(one).__name__, *(str(getattr(one, name, "")) for name in told)) for one in found)


def _rows() -> list[str]:
    clocks = "SELECT concat_ws(' ', key, state, due_at, stopped_at) AS told FROM clocks_clock"
    points = "SELECT concat_ws(' ', id, clause, amount, at) FROM scores_entry"
    warned = "SELECT concat_ws(' ', id, level, state, raised_at) FROM warnings_warningsignal"
    with connection.cursor() as cursor:
        cursor.execute(f"{clocks} UNION ALL {points} UNION ALL {warned} ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def test_the_facts_tell_the_same_limits_warnings_and_points(world: World) -> None:
    before, rows, open_ones = past_of(world.id, SET_UP, ENDED), _rows(), reconcile(world.id, ENDED)
    destroy(world)
    after, name = past_of(world.id, SET_UP, ENDED), Case.objects.get(id=world.case).issue
    # The matter has another name now; under that one all must be as it was.
    renamed = tuple(replace(one, details={**one.details, "issue": name}) if one.text("issue") == WORDS["matter"] else one for one in before)
    assert any(one.details != other.details for one, other in zip(renamed, after, strict=True))
    was, stands = _played(world, renamed), _played(world, after)
    assert _reckoned(stands) == _reckoned(was) and changes_between(was, stands) == ()
    assert {kind for kind, *_ in _reckoned(stands)} == {"Clock", "Mark", "Score", "WarningSignal"}
    assert _rows() == rows and reconcile(world.id, ENDED) == open_ones


def test_a_destroyed_case_keeps_its_number_classes_and_moments_and_takes_no_more_words(world: World) -> None:
    was = Case.objects.get(id=world.case)
    destroy(world)
    left = Case.objects.get(id=world.case)
    assert left.destroyed_at == AFTER
    kept = ("number", "unit_code", "record", "status", "category", "severity", "marks", "received_at", "closed_at", "urged_count")
    assert all(getattr(left, name) == getattr(was, name) for name in kept)
    with pytest.raises(Destroyed):
        world.does("note", "wu", AFTER, text="又说")
    with pytest.raises(Destroyed):
        store(world.id, [Fact("note_added", AFTER, str(world.case), None, "agent", {"text": "又说"})], by=None, at=AFTER)
    assert found_in_tables({"again": "又说"}) == {}


def test_the_papers_of_a_destroyed_case_still_print_and_say_so(world: World) -> None:
    destroy(world)
    for paper in Document.objects.filter(organisation_id=world.id):
        assert documents.render(paper, by=world.staff["wu"].pk, at=AFTER)
        if paper.case_id:
            assert world.number in printable(paper)[1]["notes"][0]


def test_a_matter_keeps_its_name_as_long_as_another_case_has_it(world: World) -> None:
    other = Case.objects.exclude(id=world.case).get()
    issue = Fact("issue_set", ENDED, str(other.id), None, "quality_head", {"issue": WORDS["matter"]})
    store(world.id, [issue], by=None, at=ENDED)
    destroy(world)
    assert Case.objects.get(id=world.case).issue == Case.objects.get(id=other.id).issue == WORDS["matter"]


def _asked() -> Iterator[tuple[str, str]]:
    """Every value of a detail that a rule of the rulebook asks for."""
    for stem in stems():
        for rule in regulation(stem).rules:
            for condition in (one for one in (getattr(rule, name, None) for name in rule.__slots__) if isinstance(one, Condition)):
                for question in condition.questions:
                    if question.about in ("fact", "fact_not", "told", "told_not", "said"):
                        yield from ((question.name.rpartition(".")[2], answer) for answer in question.answers)
                    if isinstance(question.ask, Count):
                        yield from ((name, answer) for name, answers in question.ask.of for answer in answers)


def test_no_rule_asks_for_a_value_that_is_forgotten() -> None:
    forgotten = Forgotten("case", new_id(NINE), new_id(NINE), "TS1", NINE)
    asked = [(name, answer) for name, answer in _asked() if answer not in ("true", "false")]
    assert len(asked) > 100
    assert [(name, answer) for name, answer in asked if without_words({name: answer}, forgotten)[name] != answer] == []
