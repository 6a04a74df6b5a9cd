"""The text of a regulation in our own words: complete, in order, bilingual, a reading wherever the original is open."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from huiyin.plumbing import strict_yaml
from huiyin.rulebook.text import clauses

RULEBOOK = Path(__file__).resolve().parents[1]
CATALOGUE = Path(__file__).resolve().parents[3].parent / "shared" / "clauses"
REGULATIONS = sorted(path.parent.name for path in RULEBOOK.glob("*/text.md"))
LONGEST_SHARED_RUN = 12
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MARKS_TO_IGNORE = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9|]")

Fields = dict[str, str]


def read_yaml(path: Path) -> Any:
    return strict_yaml.read_yaml(path, largest_bytes=1024 * 1024).value


@cache
def catalogue(regulation: str) -> list[dict[str, Any]]:
    path = CATALOGUE / f"{regulation}.yaml"
    if not path.is_file():
        pytest.fail(f"The clause catalogue {regulation}.yaml was not found; put the folder shared beside the checkout")
    clauses: list[dict[str, Any]] = read_yaml(path)["clauses"]
    return clauses


@cache
def source(regulation: str) -> dict[str, Any]:
    sheet: dict[str, Any] = read_yaml(RULEBOOK / regulation / "source.yaml")
    return sheet


def fields_of(section: str) -> tuple[str, Fields]:
    """Take one section of text.md apart: the clause id, and name, name_en, zh, EN, 读法, Reading as far as they are there."""
    heading, *lines = [line for line in section.splitlines() if line.strip()]
    clause, _, names = heading.partition(" ")
    name, _, english = names.partition(" / ")
    fields = {"name": name.strip(), "name_en": english.strip(), "zh": ""}
    for line in lines:
        label = re.match(r"(EN|Reading): |(读法)：", line)
        key = (label[1] or label[2]) if label else "zh"
        assert not fields.get(key), f"{clause}: {key} stands there twice; join the two lines."
        fields[key] = line[label.end() :] if label else line
    return clause, fields


@cache
def text(regulation: str) -> list[tuple[str, Fields]]:
    page = (RULEBOOK / regulation / "text.md").read_text(encoding="utf-8")
    return [fields_of(section) for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]]


def names_of(regulation: str) -> list[str]:
    """Names of forms and papers, longest first: only these may be the same as in the original at any length."""
    sheet = source(regulation)
    names = [entry["zh"] for part in ("forms", "documents_named") for entry in sheet[part]]
    return sorted(names, key=len, reverse=True)


def bare(words: str, names: list[str]) -> str:
    """The words without punctuation, a bar in place of every name."""
    for name in names:
        words = words.replace(name, "|")
    return MARKS_TO_IGNORE.sub("", words)


def shared_runs(ours: str, theirs: str) -> list[str]:
    length = LONGEST_SHARED_RUN + 1
    runs = (ours[start : start + length] for start in range(len(ours) - length + 1))
    return [run for run in runs if "|" not in run and run in theirs]


def test_there_is_a_text_to_read() -> None:
    assert "group_platform" in REGULATIONS


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_clause_stands_in_the_text_in_the_order_of_the_original(regulation: str) -> None:
    assert [clause for clause, _ in text(regulation)] == [clause["id"] for clause in catalogue(regulation)]


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_clause_is_told_in_chinese_and_english(regulation: str) -> None:
    for clause, fields in text(regulation):
        assert CHINESE.search(fields["zh"]), f"{clause}: the Chinese paragraph is missing."
        assert re.search(r"[a-z]{3}", fields.get("EN", "")), f"{clause}: the line `EN: ` is missing."


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_heading_has_a_short_name_in_chinese_and_english(regulation: str) -> None:
    for clause, fields in text(regulation):
        chinese, english = fields["name"], fields["name_en"]
        assert CHINESE.search(chinese) and len(chinese) <= 20, f"{clause}: the heading needs a short Chinese name after the id."
        short = 2 <= len(english.split()) <= 8 and english[0].isupper() and not CHINESE.search(english)
        assert short, f"{clause}: found {english!r}; the heading needs ` / ` and an English name of 2 to 8 words."


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_a_clause_gives_its_name_in_the_language_asked_for(regulation: str) -> None:
    written = [(clause, fields["name"], fields["name_en"]) for clause, fields in text(regulation)]
    assert [(one.id, one.name("zh-hans"), one.name("en")) for one in clauses(regulation)] == written


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_a_reading_stands_where_the_original_is_unclear_and_nowhere_else(regulation: str) -> None:
    told = dict(text(regulation))
    for clause in catalogue(regulation):
        fields = told[clause["id"]]
        found = (bool(fields.get("读法")), bool(fields.get("Reading")))
        unclear = "ambiguity" in clause
        assert found == (unclear, unclear), f"{clause['id']}: expected a reading in both languages: {unclear}."


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_no_sentence_of_the_original_is_repeated(regulation: str) -> None:
    names = names_of(regulation)
    quotes = "|".join(bare(clause["quote"], names) for clause in catalogue(regulation))
    for clause, fields in text(regulation):
        ours = "|".join(bare(fields.get(key, ""), names) for key in ("name", "zh", "读法"))
        runs = shared_runs(ours, quotes)
        assert not runs, f"{clause}: {runs[0]!r} stands in the original too; say it in other words."


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_the_source_sheet_names_only_clauses_of_the_text(regulation: str) -> None:
    known = {clause for clause, _ in text(regulation)}
    sheet = source(regulation)
    named = {entry["clause"] for part in ("forms", "documents_named", "settings") for entry in sheet[part]}
    assert named <= known


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_a_post_is_stood_in_for_only_by_posts_of_the_same_sheet(regulation: str) -> None:
    roles = {role["key"]: role["stands_in"] for role in source(regulation)["roles"]}
    for role, others in roles.items():
        assert role not in others and set(others) <= set(roles), f"{role}: unknown post among {others}."
