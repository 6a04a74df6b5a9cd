"""Files of every kind, by the numbers of reliability §3: taken, or refused as a whole with the reason."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from huiyin.channels.sheets.files import read_table
from huiyin.channels.sheets.tables import BadTable, LostDigits, text_of
from huiyin.channels.sheets.tests.conftest import HEADER, MakeBook

SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "data" / "spreadsheets"
OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refused(name: str, data: bytes) -> int:
    with pytest.raises(BadTable) as found:
        read_table(name, data)
    return found.value.status


def repacked(book: bytes, **changes: bytes) -> bytes:
    """The workbook with parts replaced or added; ``__`` in a name stands for a slash, ``_DOT_`` for a dot."""
    out = io.BytesIO()
    parts = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in changes.items()}
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, b"") or old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xls", OLD_CONTAINER),
        ("a.xlsx", OLD_CONTAINER),
        ("a.xlsx", b"<html><table></table></html>"),
        ("a.xlsx", b"a,b\n1,2"),
        ("a.csv", b"<html><table></table></html>"),
        ("a.csv", b"PK\x03\x04rest"),
        ("a.xlsx", b"PK\x03\x04rest"),
        ("a.xlsx", b""),
        ("a.xlsm", b"PK\x03\x04rest"),
        ("a.pdf", b"%PDF"),
    ],
)
def test_b090_other_kinds_are_refused_with_the_reason(name: str, data: bytes) -> None:
    assert refused(name, data) == 415


def test_b090_macros_are_refused(make_book: MakeBook) -> None:
    assert refused("a.xlsx", repacked(make_book([HEADER]), xl__vbaProject_DOT_bin=b"x")) == 415


def test_b091_a_bomb_is_not_unpacked(make_book: MakeBook) -> None:
    assert refused("a.xlsx", repacked(make_book([HEADER]), xl__big_DOT_xml=b" " * 60_000_000)) == 422


def test_b091_one_cell_far_out_is_refused(make_book: MakeBook) -> None:
    far = make_book([HEADER], lambda _book, page: page.write(1_048_575, 16_383, "x"))
    assert refused("a.xlsx", far) == 422


def test_b091_too_many_rows_are_refused() -> None:
    assert refused("a.csv", b"a\n" + b"1\n" * 50_001) == 422


def test_b092_entities_are_refused(make_book: MakeBook) -> None:
    sheet = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>'
    assert refused("a.xlsx", repacked(make_book([HEADER]), xl__worksheets__sheet1_DOT_xml=sheet)) == 422


def test_b093_links_to_other_files_are_told_and_not_followed(make_book: MakeBook) -> None:
    link = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="x"/></externalLink>'
    table = read_table("a.xlsx", repacked(make_book([HEADER, ("1",)]), xl__externalLinks__externalLink1_DOT_xml=link))
    assert len(table.notes) == 2


def test_b094_a_formula_comes_as_its_text_with_a_note(make_book: MakeBook) -> None:
    table = read_table("a.xlsx", make_book([HEADER], lambda _book, page: page.write_formula(1, 2, "=1+1&CHAR(65)", None, "2A")))
    assert table.rows[0].cells[2] == "=1+1&CHAR(65)" and table.rows[0].notes


def test_b095_date_cells_are_dates_also_in_the_system_of_1904(make_book: MakeBook) -> None:
    when = datetime(2026, 2, 13, 10, 0)
    for options in ({}, {"date_1904": True}):
        assert read_table("a.xlsx", make_book([HEADER, ("1", when)], **options)).rows[0].cells[1] == when


def test_b096_hidden_sheets_and_rows_are_told_and_columns_go_by_name(make_book: MakeBook) -> None:
    def hide(book: object, page: object) -> None:
        book.add_worksheet("账外").hide()  # type: ignore[attr-defined]
        page.set_row(1, None, None, {"hidden": True})  # type: ignore[attr-defined]

    table = read_table("a.xlsx", make_book([HEADER[::-1], ("x",) * 6], hide))
    assert any("账外" in note.zh for note in table.notes) and table.rows[0].notes
    assert refused("a.csv", "编号,编号\n1,2".encode()) == 422


def test_b097_numbers_that_lost_digits_are_not_guessed() -> None:
    assert text_of(360114.0) == "360114"
    with pytest.raises(LostDigits):
        text_of(3.10101e17)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_b100_encodings_and_signs_between_cells(coding: str) -> None:
    table = read_table("a.csv", '编号;内容\n1;"两行\n内容；𠮷"\n'.replace("𠮷", "吉").encode(coding))
    assert table.header == ("编号", "内容") and table.rows[0].cells == ("1", "两行\n内容；吉")
    assert table.unsure is (coding == "gbk")


def test_b100_a_row_with_nul_is_refused_and_a_header_with_one_refuses_the_file() -> None:
    assert [bool(row.error) for row in read_table("a.csv", b"a,b\n1,\x002\n3,4\n").rows] == [True, False]
    assert refused("a.csv", b"a\x00,b\n1,2") == 422


def test_a_broken_row_stops_no_other() -> None:
    table = read_table("a.csv", b'a,b\n1,"x"y\n2,z\n')
    assert [bool(row.error) for row in table.rows] == [True, False]


def test_real_files_of_others_are_read_or_refused() -> None:
    if not SAMPLES.is_dir():
        pytest.fail(f"the sample files are not there: put shared/data beside the checkout ({SAMPLES.name})")
    answers = {}
    for path in sorted(SAMPLES.glob("*.xls*")):
        try:
            answers[path.name] = len(read_table(path.name, path.read_bytes()).rows)
        except BadTable as error:
            answers[path.name] = -error.status
    assert answers == {
        "cross-sheet_formula_names.xlsb": -415,
        "interview.xlsx": 18,
        "minimal_112.xls": -415,
        "password_2002_40_xor.xls": -415,
        "sheet_visibility.xlsx": -422,
        "teddy_sample_3.xlsx": 30,
        "teddy_taxonomy.xlsx": 517,
        "text_and_numbers.xlsx": 2,
        "xlsx-stream-d-date-cell.xlsx": 12,
    }
