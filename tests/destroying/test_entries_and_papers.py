"""Entries of registers and papers are destroyed when their own time is over: no word is left anywhere, and the journal still proves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import SHANGHAI, BadText
from huiyin.core.rules import Ceiling
from huiyin.desk.adoptions.actions import adopt, set_setting
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents import actions as documents
from huiyin.desk.documents.models import Document
from huiyin.desk.documents.queries import printable
from huiyin.desk.facts.actions import store
from huiyin.desk.journal import actions as sealing
from huiyin.desk.journal import queries as journal
from huiyin.desk.journal.models import Key
from huiyin.desk.keeping import actions as keeping
from huiyin.desk.keeping.models import Destruction, LegalHold
from huiyin.desk.registers import actions as registers
from huiyin.desk.registers.actions import Line
from huiyin.desk.registers.models import Entry, Version
from huiyin.desk.registers.queries import held_against, rule_of
from huiyin.rulebook.load import regulation
from tests.destroying.world import ADMIN, World, complain, found_in_tables, settle

pytestmark = pytest.mark.django_db
ITEMS, OPINIONS, RATES = "CR:custody-items", "OF:developer_opinions", "CR:charges"
WORDS = {"item": "檀木匣子", "owner": "端木灵犀", "remark": "匣内有旧信", "who": "公冶长风", "note": "本人凭条领回", "why": "姓名写错了"}
NINE = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
AFTER = datetime(2028, 3, 8, 10, tzinfo=SHANGHAI)
_CLAUSES = {"customer_relations": "CR-2.1.1.4b", "office_feedback": "OF-1a", "group_platform": "GP-8.3.2b"}


@pytest.fixture
def world() -> World:
    return settle()


def _keeps(world: World, stem: str, time: str) -> None:
    found = Adoption.objects.filter(organisation_id=world.id, regulation=stem).first()
    made = found or adopt(world.company, stem, str(regulation(stem).source["version"]), date(2026, 1, 1), by=ADMIN, at=NINE)
    set_setting(made, _CLAUSES[stem], "keep_records", time, date(2026, 1, 1), by=ADMIN, at=NINE)


def _item(world: World, **more: Any) -> Entry:
    told = {
        "item": WORDS["item"], "household": "1-1-101", "owner": WORDS["owner"], "received_on": "2026-03-02", "received_by": WORDS["who"],
        "keep_until": "2026-03-20",
    }  # fmt: skip
    made = registers.add_entry(world.id, ITEMS, "CY", told | more, by=world.by("wang"), at=NINE)
    return registers.amend_entry(made, {"passed_on": WORDS["remark"]}, WORDS["why"], by=world.by("wang"), at=NINE + timedelta(hours=1))


def _returned(world: World, entry: Entry) -> Entry:
    sent, at = {"returned_to": WORDS["owner"]}, NINE + timedelta(days=3)
    return registers.close_entry(entry, WORDS["note"], by=world.by("wang"), at=at, sent=sent)


def _propose(world: World, of: str, about: UUID, at: datetime = AFTER) -> Destruction:
    return keeping.propose(world.id, of, about, "保存期满", by=world.by("wu"), at=at)


def _destroy(world: World, of: str, about: UUID, at: datetime = AFTER) -> None:
    _propose(world, of, about, at)
    keeping.destroy(world.id, of, about, by=world.by("zhu"), at=at)


def _why_not(world: World, of: str, about: UUID, at: datetime = AFTER) -> str:
    with pytest.raises(BadText) as refused:
        _propose(world, of, about, at)
    return refused.value.zh


def test_no_word_of_a_destroyed_entry_is_left_and_the_journal_proves_the_same(world: World) -> None:
    _keeps(world, "customer_relations", "2 years")
    rows = [Line(2, {"item": WORDS["item"], "owner": WORDS["owner"], "received_on": "2026-03-02", "received_by": WORDS["who"]})]
    registers.look_at_rows(world.id, ITEMS, "CY", "items.xlsx", rows, by=world.by("wang"), at=NINE)
    entry = _returned(world, _item(world))
    while sealing.seal(world.id, NINE + timedelta(days=4)):
        pass
    head, clocks = journal.head(world.id), list(Clock.objects.order_by("key").values_list("key", "state", "due_at", "stopped_at"))
    assert {"registers_entry", "registers_version", "registers_sheet", "facts_fact", "matters_matter"} <= set(found_in_tables(WORDS))
    _destroy(world, "entry", entry.id)
    assert found_in_tables(WORDS) == {}
    assert journal.verify(world.id, head).ok
    assert list(Clock.objects.order_by("key").values_list("key", "state", "due_at", "stopped_at")) == clocks


def test_the_journal_says_who_destroyed_the_words_of_an_entry_and_under_which_clause(world: World) -> None:
    _keeps(world, "customer_relations", "2 years")
    entry = _returned(world, _item(world))
    told = [one for one in journal.entries_of(world.id, f"entry:{entry.id}") if one.action == "registers.amend_entry"]
    assert any(WORDS["why"] in str(one.body) for one in told), "before, its own key opens what was said"
    _destroy(world, "entry", entry.id)
    found = journal.entries_of(world.id, f"entry:{entry.id}")
    bodies = [one.body for one in found if one.action == "registers.amend_entry"]
    assert bodies and all(one[journal.DESTROYED]["clauses"] == ["CR-2.1.1.4b", "CR-4.3.0.2b"] for one in bodies)
    assert {"registers.propose_destruction", "registers.destroy", "registers.add_entry"} <= {
        one.action for one in found if not journal.is_destroyed(one.body)
    }
    entry.refresh_from_db()
    assert (entry.destroyed_at, entry.values["received_on"], entry.label) == (AFTER, "2026-03-02", "2026-001")
    assert Version.objects.filter(entry_id=entry.id).count() == entry.version
    with pytest.raises(BadText, match="destroyed"):
        registers.amend_entry(entry, {"owner": "又说"}, "再来", by=world.by("wang"), at=AFTER)


def test_another_thing_keeps_its_words_and_its_keys(world: World) -> None:
    _keeps(world, "customer_relations", "2 years")
    gone, stays = _returned(world, _item(world)), _returned(world, _item(world, item="雨伞", owner="司徒远"))
    _destroy(world, "entry", gone.id)
    stays.refresh_from_db()
    assert stays.values["owner"] == "司徒远"
    assert {"registers_entry", "facts_fact", "matters_matter"} <= set(found_in_tables({"other": "雨伞"}))
    assert Key.objects.filter(organisation_id=world.id, about_id=stays.id, key__isnull=False).exists()


def test_the_longest_time_of_an_entry_counts_and_it_is_named(world: World) -> None:
    _keeps(world, "customer_relations", "1 months")
    entry = _returned(world, _item(world, keep_until="2027-06-30"))
    said = _why_not(world, "entry", entry.id, datetime(2027, 6, 30, 10, tzinfo=SHANGHAI))
    assert "须保存至2027-06-30" in said and "CR-4.3.0.2b" in said and "CR-2.1.1.4b" in said
    assert _propose(world, "entry", entry.id, datetime(2027, 7, 1, 10, tzinfo=SHANGHAI)).until_on == date(2027, 6, 30)


def test_without_a_time_that_somebody_set_no_entry_is_destroyed(world: World) -> None:
    entry = _returned(world, _item(world))
    assert "CR-2.1.1.4b" in _why_not(world, "entry", entry.id, AFTER + timedelta(days=9999))


def test_an_entry_that_is_open_or_whose_limit_runs_is_needed(world: World) -> None:
    _keeps(world, "customer_relations", "1 months")
    entry = _item(world)
    assert "尚未销账" in _why_not(world, "entry", entry.id)
    shop = {"merchant": "面馆", "shop": "1-2", "head": "陈老板", "moved_in_on": "2026-03-02"}
    moved = registers.add_entry(world.id, "CR:merchants", "CY", shop, by=world.by("wang"), at=NINE)
    assert any(word in _why_not(world, "entry", moved.id) for word in ("还有时限在走", "尚未销账"))


def test_an_entry_of_a_case_goes_with_the_case(world: World) -> None:
    complain(world)
    _keeps(world, "customer_relations", "1 months")
    checked = {"title": world.number, "checked_by": "王", "checked_on": "2026-03-02"}
    line = registers.add_entry(world.id, "CR:information-checks", "CY", checked, by=world.by("wang"), at=NINE)
    assert f"属于工单{world.number}" in _why_not(world, "entry", line.id)


def test_what_another_entry_is_held_against_stays_as_long_as_that_one(world: World) -> None:
    _keeps(world, "customer_relations", "1 months")
    rate = {
        "charge": "换锁芯", "rate_yuan": "60", "per": "次", "valid_from": "2026-01-10", "filing": "价备1号", "filed_on": "2026-01-08",
        "published_on": "2026-01-12", "outlets": "公告栏",
    }  # fmt: skip
    allowed = registers.add_entry(world.id, RATES, "CY", rate, by=world.by("wang"), at=NINE)
    [(held, limit)] = [(key, rule.at_most) for key, rule in held_against(RATES) if rule.at_most]
    paid = registers.add_entry(world.id, held, "CY", _paid(held, limit), by=world.by("wang"), at=NINE)
    assert paid.compared == "within"
    assert allowed.label in _why_not(world, "entry", allowed.id)


def _paid(register: str, limit: Ceiling) -> dict[str, str]:
    rule = rule_of(register)
    said = {field.key: {"day": "2026-03-02", "number": "1", "flag": "是"}.get(field.kind, "甲") for field in rule.fields if field.required}
    said |= {field.key: field.choices[0][1][0] for field in rule.fields if field.choices and field.required}
    return said | {limit.amount: "50", limit.day: "2026-03-02", **{own: "换锁芯" for own, _theirs in limit.same}}


def test_what_one_regulation_keeps_for_good_is_no_list_for(world: World) -> None:
    stem = "resident_complaints"
    adopt(world.company, stem, str(regulation(stem).source["version"]), date(2026, 1, 1), by=ADMIN, at=NINE)
    row = {"happened_at": "2026-03-02 08:00", "receptionist": "甲", "what_happened": "大声喧哗", "breach": "礼貌"}
    entry = registers.add_entry(world.id, "RC:reception-conduct", "CY", row, by=world.by("wang"), at=NINE)
    assert "RC-4.8d：" in _why_not(world, "entry", entry.id, AFTER + timedelta(days=9999))


def test_several_are_proposed_and_signed_as_one_list_and_what_may_not_go_stays(world: World) -> None:
    _keeps(world, "customer_relations", "1 months")
    first, second = _returned(world, _item(world)), _returned(world, _item(world, item="雨伞"))
    still_open = _item(world, item="箱子")
    ids = [first.id, second.id, still_open.id]
    done = keeping.propose_list(world.id, "entry", ids, "保存期满", by=world.by("wu"), at=AFTER)
    assert (done.count, len(done.refused)) == (2, 1)
    [list_id] = {one.list_id for one in Destruction.objects.all()}
    own = keeping.destroy_list(world.id, list_id, ["CY"], by=world.by("wu"), at=AFTER)
    assert (own.count, len(own.refused)) == (0, 1) and Destruction.objects.filter(signed_at=None).count() == 2
    elsewhere = keeping.destroy_list(world.id, list_id, ["LY"], by=world.by("zhu"), at=AFTER)
    assert elsewhere.count == 0, "who does not reach the unit signs nothing of it"
    assert keeping.destroy_list(world.id, list_id, ["CY"], by=world.by("zhu"), at=AFTER).count == 2
    assert Entry.objects.exclude(destroyed_at=None).count() == 2


def test_what_is_over_is_found_by_register_and_a_day_too_early_is_not(world: World) -> None:
    _keeps(world, "customer_relations", "2 years")
    entry = _returned(world, _item(world))
    last = date(2028, 3, 5)
    assert registers.over(world.id, ITEMS, ["CY"], last) == []
    assert registers.over(world.id, ITEMS, ["CY"], last + timedelta(days=1)) == [entry.id]
    _destroy(world, "entry", entry.id)
    assert registers.over(world.id, ITEMS, ["CY"], AFTER.date()) == []


def test_an_entry_that_followed_from_acts_takes_their_words_with_it(world: World) -> None:
    _keeps(world, "customer_relations", "1 months")
    told = {"item": WORDS["item"], "customer": WORDS["owner"], "signed_by": WORDS["who"]}
    store(world.id, [Fact("custody_item_received", NINE, None, "CY", "service_centre", told)], by=None, at=NINE)
    done = {"item": WORDS["item"], "signed_by": WORDS["owner"]}
    at = NINE + timedelta(days=1)
    store(world.id, [Fact("custody_item_returned", at, None, "CY", "service_centre", done)], by=None, at=at)
    entry = Entry.objects.get(register=ITEMS)
    _destroy(world, "entry", entry.id)
    assert found_in_tables({key: WORDS[key] for key in ("owner", "who", "item")}) == {}


def _summary(world: World) -> Document:
    made = documents.make_weekly_summary(world.id, "CY", "2026-W09", by=None, at=NINE)
    Document.objects.filter(id=made.id).update(body={**made.body, "lead": WORDS["remark"]}, state="submitted", issued_at=NINE)
    return Document.objects.get(id=made.id)


def test_a_paper_is_destroyed_after_the_longest_time_of_all_regulations_that_keep_papers(world: World) -> None:
    _keeps(world, "group_platform", "1 months")
    paper = _summary(world)
    assert "CR-2.1.1.4b" in _why_not(world, "paper", paper.id), "one regulation says that papers are kept, and its time is not set"
    _keeps(world, "customer_relations", "2 years")
    assert "须保存至2028-03-02" in _why_not(world, "paper", paper.id, datetime(2028, 3, 2, 9, tzinfo=SHANGHAI))
    assert documents.over(world.id, ["CY"], date(2028, 3, 2)) == [] and documents.over(world.id, ["CY"], date(2028, 3, 3)) == [paper.id]
    _destroy(world, "paper", paper.id)
    assert found_in_tables(WORDS) == {}
    paper.refresh_from_db()
    assert paper.destroyed_at == AFTER and "销毁" in printable(paper)[1]["notes"][0]
    assert documents.render(paper, by=world.staff["wu"].pk, at=AFTER)
    assert journal.verify(world.id).ok


def test_a_paper_that_waits_for_a_signature_is_not_destroyed(world: World) -> None:
    for stem in ("group_platform", "customer_relations"):
        _keeps(world, stem, "1 months")
    paper = _summary(world)
    Document.objects.filter(id=paper.id).update(state="waiting_signatures")
    assert "尚未签齐" in _why_not(world, "paper", paper.id)


def test_an_entry_on_hold_is_neither_put_on_a_list_nor_signed_until_it_is_let_go(world: World) -> None:
    _keeps(world, "customer_relations", "2 years")
    entry, listed = _returned(world, _item(world)), _returned(world, _item(world))
    _propose(world, "entry", listed.id)
    for one in (entry, listed):
        keeping.preserve(world.id, "entry", one.id, WORDS["why"], by=world.by("wu"), at=AFTER)
    assert "须先解除保全" in _why_not(world, "entry", entry.id)
    with pytest.raises(BadText, match="legal hold"):
        keeping.destroy(world.id, "entry", listed.id, by=world.by("zhu"), at=AFTER)
    with pytest.raises(BadText, match="already"):
        keeping.preserve(world.id, "entry", entry.id, "再来", by=world.by("zhu"), at=AFTER)
    keeping.release(world.id, "entry", entry.id, WORDS["note"], by=world.by("zhu"), at=AFTER)
    _destroy(world, "entry", entry.id)
    held = LegalHold.objects.get(about_id=entry.id)
    assert held.placed_by == world.by("wu").person and WORDS["why"] not in held.reason and WORDS["note"] not in held.release_reason
    said = {one.action: one.body for one in journal.entries_of(world.id, f"entry:{entry.id}")}
    assert all(journal.is_destroyed(said[f"registers.{act}"]) for act in ("preserve", "release"))
    with pytest.raises(BadText, match="destroyed"):
        keeping.preserve(world.id, "entry", entry.id, "迟了", by=world.by("wu"), at=AFTER)


def test_a_paper_on_hold_is_not_destroyed_until_it_is_let_go(world: World) -> None:
    for stem in ("group_platform", "customer_relations"):
        _keeps(world, stem, "1 months")
    paper = _summary(world)
    keeping.preserve(world.id, "paper", paper.id, WORDS["why"], by=world.by("wu"), at=AFTER)
    assert "须先解除保全" in _why_not(world, "paper", paper.id)
    keeping.release(world.id, "paper", paper.id, WORDS["note"], by=world.by("zhu"), at=AFTER)
    _destroy(world, "paper", paper.id)
    paper.refresh_from_db()
    held = LegalHold.objects.get(about_id=paper.id)
    assert paper.destroyed_at == AFTER and held.number == paper.number
    assert WORDS["why"] not in held.reason and WORDS["note"] not in held.release_reason


def test_what_goes_with_a_case_is_held_with_the_case(world: World) -> None:
    complain(world)
    checked = {"title": world.number, "checked_by": "王", "checked_on": "2026-03-02"}
    _keeps(world, "customer_relations", "1 months")
    entry = registers.add_entry(world.id, "CR:information-checks", "CY", checked, by=world.by("wang"), at=NINE)
    with pytest.raises(BadText, match="hold the case"):
        keeping.preserve(world.id, "entry", entry.id, "诉讼", by=world.by("wu"), at=AFTER)
