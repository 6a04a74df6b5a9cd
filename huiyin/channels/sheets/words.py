"""The words that a ledger may say for what we keep by a key (units, kinds of record, channels, classes, states); guessing what is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from huiyin.channels.sheets.kinds import CASES, Kind
from huiyin.channels.sheets.mappings import SheetMapping
from huiyin.channels.sheets.tables import Table, text_of
from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.rules import Regulation
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.people.access import OFFICES, does_something
from huiyin.desk.places import queries as places
from huiyin.plumbing.text import fold_text
from huiyin.rulebook.words import class_name, classes, role_name

Names = Mapping[str, tuple[str, ...]]
"""Our key → its names: the Chinese one, the English one, then what ledgers also call it."""
RECORDS: Final[Names] = {
    "complaint": ("投诉", "complaint"),
    "repair": ("报修", "repair", "维修", "repair request"),
    "help_request": ("求助", "help request", "需求", "request"),
    "suggestion": ("建议", "suggestion", "建言", "意见建议"),
    "inquiry": ("咨询", "inquiry", "询问", "question"),
    "praise": ("表扬", "praise", "感谢"),
    "opinion": ("评价意见", "opinion", "意见"),
    "emergency": ("突发事件", "emergency"),
}
STATES: Final[Names] = {
    "open": ("未办结", "open", "办理中", "处理中", "未完成", "待处理", "待回复", "未关闭", "否"),
    "closed": ("已办结", "closed", "已办理", "已完成", "办结", "完成", "已关闭", "已结案", "结案", "是"),
}
LIVING: Final[Names] = {
    "owner": ("业主", "owner", "产权人", "房主"),
    "renter": ("租户", "renter", "租客", "承租人", "tenant"),
    "family": ("家属", "family", "家庭成员", "成员", "亲属"),
}
TITLES: Final[Names] = {"先生": ("先生", "Mr", "男", "male", "m"), "女士": ("女士", "Ms", "女", "小姐", "female", "f")}
MOST_WORDS: Final = 60


def known_words(organisation_id: UUID, units: Collection[str], at: datetime) -> dict[str, Names]:
    """What may stand in each field that is kept by a key, at some of these units, by the regulations adopted for them or above them."""
    tree = places.tree(organisation_id)
    paths = {one for code in units for one in tree.units.path(code)}
    found = [one.regulation for one in adopted_for(organisation_id, in_shanghai(at)) if one.unit in paths]
    channels = {str(one["key"]): regulation for regulation in found for one in regulation.source.get("channels", ())}
    return {
        "unit": {code: names for code, names in tree.names.items() if code in units},
        "record": RECORDS,
        "channel": {key: _both("channels", key, of) for key, of in channels.items()},
        "category": _classes(found, "category"),
        "severity": _classes(found, "severity"),
        "state": STATES,
        "living": LIVING,
        "title": TITLES,
        "role": _roles(found),
    }


def _roles(regulations: Iterable[Regulation]) -> Names:
    named = {role: (role_name(role, "zh"), role_name(role, "en")) for role in OFFICES}
    for of in regulations:
        inside = [role for role in of.role_names if role not in named and of.role_levels.get(role) != "outside" and does_something(role)]
        named |= {role: (role_name(role, "zh", (of.stem,)), role_name(role, "en", (of.stem,))) for role in inside}
    return named


def _classes(regulations: Iterable[Regulation], scheme: str) -> Names:
    found = {key: one for one in regulations for key, _name in classes(one.stem, scheme, "zh", "case")}
    return {key: _both(scheme, key, of) for key, of in found.items()}


def _both(scheme: str, key: str, of: Regulation) -> tuple[str, str]:
    return class_name(scheme, key, "zh", of.stem), class_name(scheme, key, "en", of.stem)


def meant(names: Names, word: str) -> str:
    """The key that a word of a ledger means, if it says so plainly; else nothing."""
    said = fold_text(word)
    return next((key for key, called in names.items() if said == fold_text(key) or said in map(fold_text, called)), "")


def guess_columns(header: Sequence[str], kind: Kind = CASES) -> dict[str, str]:
    """Their column → our field, as far as the headings say so. Each field is guessed once: by its own name before what ledgers also say."""
    free = {fold_text(name): name for name in reversed(header) if name}
    guessed: dict[str, str] = {}
    names = {field: (*called, *kind.also.get(field, "").split("、")) for field, called in kind.fields.items()}
    for rank in range(max(map(len, names.values()))):
        for field, called in names.items():
            if rank < len(called) and field not in guessed.values() and (column := free.pop(fold_text(called[rank]), None)):
                guessed[column] = field
    return {column: guessed[column] for column in header if column in guessed}


def guess(table: Table, source: str, words: Mapping[str, Names], kind: Kind = CASES) -> SheetMapping:
    """The mapping of a file as its headings and words suggest it; what they do not say is left out, to be asked for."""
    columns: dict[str, str | list[str]] = dict(guess_columns(table.header, kind))
    return with_words(table, SheetMapping(of=kind.key, source=source, columns=columns), words)


def words_in(table: Table, mapping: SheetMapping, field: str) -> list[str]:
    """The different words in the columns of a field, in their order in the file; at most ``MOST_WORDS`` of them."""
    places_of = [table.header.index(name) for name in mapping.columns_of(field) if name in table.header]
    found: dict[str, None] = {}
    for row in table.rows:
        text = mapping.join.get(field, " ").join(_text(row.cells[at]) for at in places_of if at < len(row.cells)).strip()
        if text:
            found[text] = None
        if len(found) >= MOST_WORDS:
            break
    return list(found)


def _text(cell: object) -> str:
    try:
        return text_of(cell)  # type: ignore[arg-type]
    except BadText:
        return ""


def with_words(table: Table, mapping: SheetMapping, words: Mapping[str, Names]) -> SheetMapping:
    """The mapping that also says what the words of the file mean, as far as they say so plainly; what it says already stays."""
    values = {field: dict(told) for field, told in mapping.values.items()}
    for field in mapping.kind.by_key:
        if not mapping.columns_of(field):
            continue
        told = values.setdefault(field, {})
        for word in words_in(table, mapping, field):
            if word not in told and "*" not in told and (key := meant(words.get(field, {}), word)):
                told[word] = key
    return mapping.model_copy(update={"values": values})
