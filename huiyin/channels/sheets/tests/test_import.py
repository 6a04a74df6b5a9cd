"""Bringing files in: every row is accounted for, once."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from python_calamine import CalamineWorkbook

from huiyin.channels.sheets import running
from huiyin.channels.sheets.files import read_table
from huiyin.channels.sheets.kinds import CASES, EXAMPLE_ID
from huiyin.channels.sheets.mappings import BadMapping, SheetMapping, parse_mapping, read_mapping
from huiyin.channels.sheets.templates import REASON, make_template
from huiyin.channels.sheets.tests.conftest import AT, CLERK, HEADER, LEDGER, MakeBook, csv_of, row_of
from huiyin.channels.sheets.words import guess, guess_columns, known_words
from huiyin.core.facts import Fact as CoreFact
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.facts.models import Fact
from huiyin.desk.imports import actions
from huiyin.desk.imports.intake import BadField, Door, check_words
from huiyin.desk.imports.models import Import, ImportRow
from huiyin.desk.messaging.models import Message
from huiyin.desk.places.models import Organisation, Unit
from huiyin.rulebook.load import regulation

TOP = Path(__file__).resolve().parents[4]
MAPPINGS = TOP / "docs" / "how-to" / "mappings"
DATA = TOP.parent / "shared" / "data"


def bring_in(
    organisation: Organisation, data: bytes, mapping: SheetMapping = LEDGER, *, name: str = "台账.csv", replay: bool = False
) -> Import:
    file = running.open_file(name, data, mapping, replay=replay)
    begun = running.begin(file, organisation.id, by=CLERK, at=AT, replay=replay)
    counts = running.carry_on(begun, mapping, by=CLERK, at=AT)
    assert counts["read"] == counts["taken"] + counts["refused"] + counts["existing"]
    return begun


def verdicts(one: Import) -> list[str]:
    return list(ImportRow.objects.filter(import_id=one.id).order_by("number").values_list("verdict", flat=True))


def errors_of(one: Import) -> list[str]:
    return [zh for row in ImportRow.objects.filter(import_id=one.id).order_by("number") for zh, _en in row.errors]


def test_a_good_row_becomes_a_case_with_both_times(organisation: Organisation) -> None:
    bring_in(organisation, csv_of(row_of(1)))
    case = Case.objects.get()
    assert (case.received_at.isoformat(), case.entered_at) == ("2025-03-04T02:00:00+00:00", AT)
    assert (case.external_numbers, case.contact_phone) == ({"old-ledger": "L00001"}, "+8613800138000")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"项目": "XX"}, "没有编号为“XX”的单位"),  # B098
        ({"电话": "1.38E+10"}, "末几位数字已丢失"),  # B053
        ({"电话": "138****8000"}, "隐藏后的号码"),  # B059
        ({"编号": "3.10101E+17"}, "设为文本格式"),  # B097
        ({"编号": ""}, "来源编号：缺少内容"),
        ({"时间": "2026-02-30 10:00"}, "没有这一天"),  # B070
        ({"时间": "3/2/2026"}, "受理时间"),  # B072
        ({"时间": "9999-12-31 23:59"}, "受理时间"),  # B074
        ({"时间": "2030-01-01 10:00"}, "将来"),  # B076
        ({"内容": "\u200b\u3164"}, "内容为空"),  # B030
        ({"内容": "a\ue000"}, "无法保存的字符"),  # B041
        ({"办结": "2025-03-01 10:00"}, "早于受理时间"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_stops_no_other(organisation: Organisation, change: dict[str, str], reason: str) -> None:
    done = bring_in(organisation, csv_of(row_of(1, **change), row_of(2)))
    assert verdicts(done) == ["refused", "taken"]
    assert reason in errors_of(done)[0]


def test_what_a_file_does_not_say_is_asked_of_the_mapping() -> None:
    with pytest.raises(BadMapping, match="unit"):
        parse_mapping(b"source: x\ncolumns: {a: source_id, b: at, c: story}\nconstants: {record: complaint, channel: y}", "m.yaml")


def test_a_word_that_the_mapping_does_not_know_is_refused(organisation: Organisation) -> None:
    mapping = LEDGER.model_copy(
        update={"columns": {**LEDGER.columns, "内容": ["story", "category"]}, "values": {"category": {"保洁": "cleaning"}}}
    )
    done = bring_in(organisation, csv_of(row_of(1, 内容="保洁"), row_of(2, 内容="电梯")), mapping)
    assert verdicts(done) == ["taken", "refused"]
    assert "不在对应表中" in errors_of(done)[0]


def test_b095_a_number_without_a_date_format_is_no_date(organisation: Organisation, make_book: MakeBook) -> None:
    good = list(row_of(1))
    serials = [[*good[:1], serial, *good[2:]] for serial in (60, -3, 45992.5, datetime(2025, 3, 4, 10, 0))]
    for number, row in enumerate(serials):
        row[0] = f"L{number}"
    done = bring_in(organisation, make_book([HEADER, *serials]), name="台账.xlsx")
    assert verdicts(done) == ["refused", "refused", "refused", "taken"]


def test_b099_the_same_file_twice_makes_no_doubles(organisation: Organisation) -> None:
    data = csv_of(*(row_of(number) for number in range(3)))
    first, again = bring_in(organisation, data), bring_in(organisation, data)
    assert first.id == again.id and Case.objects.count() == 3


def test_rows_that_another_file_brought_are_there_already(organisation: Organisation) -> None:
    bring_in(organisation, csv_of(row_of(1)))
    done = bring_in(organisation, csv_of(row_of(1), row_of(2), row_of(2)))
    assert verdicts(done) == ["existing", "taken", "existing"]
    assert Case.objects.count() == 2


def test_the_preview_says_what_would_happen_and_stores_nothing(organisation: Organisation) -> None:
    bring_in(organisation, csv_of(row_of(1)))
    file = running.open_file("b.csv", csv_of(row_of(1), row_of(2), row_of(3, 项目="XX")), LEDGER)
    seen = list(running.preview(file, Door.of(organisation.id, AT)))
    assert [bool(one.old) for one in seen] == [True, True, False]
    assert [one.kind for one in seen] == ["existing", "taken", "refused"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("name", ["台账.csv", "台账.xlsx"])
def test_the_error_file_is_their_own_with_the_reasons(organisation: Organisation, make_book: MakeBook, name: str) -> None:
    rows = [row_of(1), row_of(2, 项目="XX", 内容="=1+1")]
    data = csv_of(*rows) if name.endswith("csv") else make_book([HEADER, *rows], strings_to_formulas=False)
    back = read_table(name, running.error_file(bring_in(organisation, data, name=name)))
    assert back.header == (*HEADER, REASON)
    assert len(back.rows) == 1 and "没有编号为" in str(back.rows[0].cells[-1])
    assert str(back.rows[0].cells[2]).lstrip("'") == "=1+1" and not back.rows[0].notes


def test_closed_history_stands_closed_and_tells_nobody(organisation: Organisation) -> None:
    bring_in(organisation, csv_of(row_of(1, 办结="2025-03-06 17:00")))
    case = Case.objects.get()
    assert (case.status, case.closed_at.isoformat() if case.closed_at else "") == ("closed", "2025-03-06T09:00:00+00:00")
    assert not Clock.objects.filter(case_id=case.id, look_at__isnull=False).exists()
    assert not Message.objects.filter(case_id=case.id).exists()


def test_what_was_closed_elsewhere_is_not_refused_for_what_was_not_done_here(organisation: Organisation) -> None:
    """A regulation that asks for a result before a complaint is closed (CR-2.1.3.5a) cannot refuse what is long closed."""
    version = str(regulation("customer_relations").source["version"])
    adopt(Unit.objects.get(code="WY"), "customer_relations", version, date(2026, 1, 1), by=CLERK, at=AT)
    done = bring_in(organisation, csv_of(row_of(1, 时间="2026-03-04 10:00", 办结="2026-03-06 17:00"), row_of(2, 时间="2026-03-04 10:00")))
    assert (verdicts(done), errors_of(done)) == (["taken", "taken"], [])
    still_open = Case.objects.get(external_numbers={"old-ledger": "L00002"})
    with pytest.raises(Refused):
        store(organisation.id, [CoreFact("case_closed", AT, str(still_open.id), "CY", "unit_liaison")], by=None, at=AT)


def test_history_under_a_regulation_in_force_leaves_nothing_for_the_watch(organisation: Organisation) -> None:
    bring_in(organisation, csv_of(row_of(1, 时间="2026-03-04 10:00", 办结="2026-03-06 17:00")))
    assert not Clock.objects.filter(case_id=Case.objects.get().id, look_at__isnull=False).exists()
    assert not Message.objects.filter(case_id=Case.objects.get().id).exists()


def test_a_replay_enters_each_row_at_its_own_time_in_their_order(organisation: Organisation) -> None:
    rows = [row_of(number, 时间=f"2026-03-0{9 - number} 10:00", 办结="2026-04-01 10:00") for number in range(1, 4)]
    bring_in(organisation, csv_of(*rows), LEDGER.model_copy(update={"dispatch": True}), replay=True)
    received = Fact.objects.filter(event="complaint_received").order_by("id")
    assert [fact.entered_at for fact in received] == sorted(fact.at for fact in received)
    assert Fact.objects.filter(event="complaint_transferred_to_unit").count() == 3


def test_the_template_is_known_again(organisation: Organisation, make_book: MakeBook) -> None:
    """Filled in by the words of its lists, every column is known again and every word means a key; its example becomes no case."""
    words = known_words(organisation.id, ["CY"], AT)
    for chinese in (True, False):
        offered = {field: [called[0 if chinese else 1] for called in names.values()] for field, names in words.items()}
        book = CalamineWorkbook.from_filelike(io.BytesIO(make_template(offered, chinese=chinese)))
        head, example = book.get_sheet_by_index(0).to_python()
        filled = [f"L-{chinese}" if cell == EXAMPLE_ID else cell for cell in example]
        data = make_book([head, example, filled])
        made = guess(read_table("模板.xlsx", data), f"template {chinese}", words)
        assert set(map(str, made.columns.values())) == set(CASES.fields)
        done = bring_in(organisation, data, made, name="模板.xlsx")
        assert (verdicts(done), errors_of(done)) == (["taken"], [])
        assert len(book.get_sheet_by_index(1).to_python()) > len(words["category"])


def test_the_usual_headings_are_known_and_each_field_is_guessed_once() -> None:
    header = ("序号", "投诉编号", "接诉时间", "小区名称", "投诉内容", "情况描述", "客户姓名", "联系电话", "完成时间", "备注")
    assert guess_columns(header) == {
        "投诉编号": "source_id", "接诉时间": "at", "小区名称": "unit", "投诉内容": "story",
        "客户姓名": "contact_name", "联系电话": "contact_phone",
        "完成时间": "closed_at",
    }  # fmt: skip


def test_what_is_told_of_all_rows_is_looked_at_before_any_row(organisation: Organisation) -> None:
    door = Door.of(organisation.id, AT)
    for told in ({"unit": "XX"}, {"record": "zzz"}, {"unit": "CY", "channel": "zzz"}, {"unit": "CY", "category": "zzz"}):
        with pytest.raises(BadField):
            check_words(door, told)
    check_words(door, {"unit": "CY", "record": "complaint", "channel": "call_centre_400", "category": "cleaning"})


def test_a_row_that_breaks_the_programme_is_refused_and_stops_no_other(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    take = actions.take

    def broken(row: ImportRow, *told: Any, **more: Any) -> str:
        if row.number == 3:
            raise ZeroDivisionError
        return take(row, *told, **more)

    monkeypatch.setattr(actions, "take", broken)
    done = bring_in(organisation, csv_of(*(row_of(number) for number in range(3))))
    assert verdicts(done) == ["taken", "refused", "taken"] and "程序出错" in errors_of(done)[0]


def unattended(organisation: Organisation, data: bytes, unit: str = "") -> Import:
    file = running.open_file("台账.csv", data, LEDGER)
    return running.begin(file, organisation.id, by=CLERK, at=AT, unattended_at=unit)


def test_what_nobody_waits_for_is_carried_on_by_whoever_comes(organisation: Organisation) -> None:
    begun = unattended(organisation, csv_of(row_of(1), row_of(2, 项目="WY")), "CY")
    assert verdicts(begun) == ["waiting", "waiting"]
    assert running.carry_on_unattended(lambda: AT, lambda: True) == 1 and verdicts(begun) == ["waiting", "waiting"]
    assert running.carry_on_unattended(lambda: AT) == 1 and verdicts(begun) == ["taken", "refused"]
    assert running.carry_on_unattended(lambda: AT) == 0


_CHILD = """
import sys; from pathlib import Path
import django; django.setup()
from huiyin.channels.sheets.running import carry_on_unattended
from huiyin.channels.sheets.tests.conftest import AT
from huiyin.channels.sheets.tests.test_import import bring_in
from huiyin.desk.places.models import Organisation
if len(sys.argv) > 1:
    bring_in(Organisation.objects.get(), Path(sys.argv[1]).read_bytes())
else:
    carry_on_unattended(lambda: AT)
"""


def _kill_after_twenty(*words: str) -> int:
    """Let a process of its own bring rows in, and kill it in the middle; out: how many cases there are then."""
    known = connection.settings_dict
    parts = {"dbname": known["NAME"], "user": known["USER"], "password": known["PASSWORD"], "host": known["HOST"], "port": known["PORT"]}
    address = make_conninfo(**{name: value for name, value in parts.items() if value})
    child = subprocess.Popen([sys.executable, "-c", _CHILD, *words], cwd=TOP, env={**os.environ, "HUIYIN_DATABASE_URL": address})
    while child.poll() is None and Case.objects.count() < 20:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL, "the child was not killed: it had ended before"
    return Case.objects.count()


@pytest.mark.django_db(transaction=True)
def test_b099_killed_in_the_middle_it_goes_on_without_doubles(organisation: Organisation, tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    file.write_bytes(csv_of(*(row_of(number) for number in range(120))))
    assert 20 <= _kill_after_twenty(str(file)) < 120
    assert verdicts(bring_in(organisation, file.read_bytes())) == ["taken"] * 120
    assert Case.objects.count() == 120


@pytest.mark.django_db(transaction=True)
def test_the_watch_killed_in_the_middle_leaves_the_rest_to_the_next_one(organisation: Organisation) -> None:
    begun = unattended(organisation, csv_of(*(row_of(number) for number in range(120))))
    assert 20 <= _kill_after_twenty() < 120
    until = time.monotonic() + 30
    # The server lets go of what the killed one held once it sees that it is gone.
    while verdicts(begun) != ["taken"] * 120 and time.monotonic() < until:
        running.carry_on_unattended(lambda: AT)
    assert Case.objects.count() == 120


@pytest.mark.parametrize(
    ("mapping", "file", "fewest_taken"),
    [
        ("teddy2020-stream", "teddy2020/a3_stream.csv", 40),
        ("teddy2020-replies", "teddy2020/a4_with_replies.csv", 40),
        ("leader-board", "leader_board_zj/messages.csv", 40),
        ("nyc311", "requests_311/nyc311_arrivals_2026-04-13.csv", 40),
        ("sf311", "requests_311/sf311_sample_10000.csv", 30),
        ("boston311", "requests_311/boston311_100_with_target_dates.csv", 40),
    ],
)
def test_the_first_rows_of_real_lists_come_in_by_the_mappings_of_the_handbook(
    organisation: Organisation, mapping: str, file: str, fewest_taken: int
) -> None:
    path = DATA / file
    if not path.is_file():
        pytest.fail(f"the data {file} is not there: put shared/data beside the checkout")
    read = read_mapping(MAPPINGS / f"{mapping}.yaml", {"unit": "CY"})
    whole = running.open_file(path.name, path.read_bytes(), read)
    first = running.File(path.name, whole.digest, type(whole.table)(whole.table.kind, whole.table.header, whole.table.rows[:50]), read)
    counts = running.carry_on(running.begin(first, organisation.id, by=CLERK, at=AT), read, by=CLERK, at=AT)
    assert counts["read"] == 50 and counts["taken"] >= fewest_taken
