"""Forgetting a case, an entry of a register, a paper: who it was goes, what was reckoned stays.

The setting ``HUIYIN_FORGETTING`` names for each kind of thing its list of steps, one for each table that holds something of it; this room
need not know them.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from huiyin.core.facts import ENTRY, INSTEAD_OF, PUTS_RIGHT
from huiyin.core.subjects import NAMED
from huiyin.desk.facts.actions.entering import ISSUE, OF_PERSONS, is_words, matter_id
from huiyin.desk.facts.keepers import case_keeper
from huiyin.rulebook.load import vocabulary

NOTE: Final = "（已销毁）"
_STAYS: Final = frozenset({"number", "flag", "moment", "day", "map"})
"""Kinds of detail that hold no words."""
_NAMES_SOMEBODY: Final = frozenset({*OF_PERSONS, "merchant", "building"})
_COMPARED: Final = frozenset({"clock", "warning", "alone", "decider", "purpose", ISSUE, ENTRY, PUTS_RIGHT, INSTEAD_OF})
"""Details that the reckoning makes or compares with those of other acts: the purpose for which staff looked at data is that of a consent.
The matter goes by itself once no case needs it."""
_PLAIN: Final = re.compile(r"(?!.*[0-9]{7})[A-Za-z0-9][A-Za-z0-9_.:/+ -]{0,79}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


_STAND_IN: Final = re.compile(r"~[0-9a-f]{12}\.[0-9]+|~[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|~[0-9a-f]{8}")


def is_stand_in(value: Any) -> bool:
    """Whether the value of a detail only stands for a text that was destroyed."""
    return isinstance(value, str) and _STAND_IN.fullmatch(value) is not None


@dataclass(slots=True)
class Forgotten:
    """What is forgotten: a thing of the kind ``of`` ("case", "entry", "paper"). ``stand_ins`` holds for each text that was said what stands
    in its place: of equal ones the same, so that what the reckoning counts stays as it is. ``facts`` are the ids of all facts that told of
    it, wherever they were heard, ``keys`` what else words about it are kept under in the journal."""

    of: str
    organisation_id: UUID
    about_id: UUID
    number: str
    at: datetime
    stand_ins: dict[str, str] = field(default_factory=dict)
    facts: list[UUID] = field(default_factory=list)
    keys: list[UUID] = field(default_factory=list)
    issues: set[str] = field(default_factory=set)
    issue: str = ""

    def stand_in(self, text: str) -> str:
        """What stands in the place of the text."""
        return self.stand_ins.setdefault(text, f"~{self.about_id.hex[-12:]}.{len(self.stand_ins) + 1}")

    @property
    def named(self) -> dict[str, Any]:
        """The values that a statement may name: %(organisation)s, %(about)s (an id), %(about_text)s, %(number)s, %(note)s, %(at)s,
        %(facts)s (ids), and %(issue)s while a matter is forgotten."""
        return {
            "organisation": self.organisation_id,
            "about": self.about_id,
            "about_text": str(self.about_id),
            "number": self.number,
            "note": NOTE,
            "at": self.at,
            "facts": self.facts,
            "issue": self.issue,
        }


Step = Callable[[Any, Forgotten], None]
"""Forgets what one table holds of the thing, by the cursor that it gets."""


@lru_cache(maxsize=1)
def _steps() -> Mapping[str, tuple[Step, ...]]:
    found: Mapping[str, tuple[Step, ...]] = import_string(settings.HUIYIN_FORGETTING)
    return found


def forget(cursor: Any, forgotten: Forgotten) -> list[UUID]:
    """Take all steps for such a thing; returns under what its words are kept in the journal, with those about matters that no case has any
    more: these keys are to go."""
    # Ledgers that are only ever added to let nothing else be changed than this, and only now.
    cursor.execute("SELECT set_config('huiyin.forgetting', 'on', true)")
    for step in _steps()[forgotten.of]:
        step(cursor, forgotten)
    cursor.execute("SELECT set_config('huiyin.forgetting', '', true)")
    matters = (matter_id(forgotten.organisation_id, issue) for issue in sorted(forgotten.issues))
    return [forgotten.about_id, *forgotten.keys, *matters]


OF_THE_CASE: Final = "case_id = %(about)s OR details ->> 'case' = %(about_text)s"


def forget_facts(of_a_thing: Iterable[tuple[str, str]], which: str = OF_THE_CASE) -> Step:
    """A step that takes the words out of the facts ``which`` (a condition of SQL), and of those by which other things heard of them; what
    the past of a home or of a person heard goes whole. ``of_a_thing`` are the (table, column) in which what followed for a thing stands
    under its id."""
    listed = tuple(of_a_thing)

    def step(cursor: Any, forgotten: Forgotten) -> None:
        cursor.execute(
            f"SELECT id, about, details::text, case_id FROM facts_fact f WHERE organisation_id = %(organisation)s AND ({which}) "
            "ORDER BY number, id FOR UPDATE",
            forgotten.named,
        )
        found = cursor.fetchall()
        forgotten.facts += [key for key, *_ in found]
        heard = {key: thing for key, about, _details, thing in found if about.partition(":")[0] in OF_PERSONS}
        _keep_without_words(cursor, forgotten, [(key, details) for key, _about, details, _thing in found if key not in heard])
        gone = {**forgotten.named, "heard": [*heard]}
        cursor.execute("DELETE FROM facts_fact WHERE organisation_id = %(organisation)s AND id = ANY(%(heard)s)", gone)
        for thing in set(heard.values()):
            _leave(cursor, {"organisation": forgotten.organisation_id, "thing": thing}, listed)

    return step


def _keep_without_words(cursor: Any, forgotten: Forgotten, facts: Iterable[tuple[UUID, str]]) -> None:
    for key, details in facts:
        whole = json.loads(details)
        if isinstance(whole.get(ISSUE), str):
            forgotten.issues.add(whole[ISSUE])
        kept = json.dumps(without_words(whole, forgotten), ensure_ascii=False)
        cursor.execute(
            "UPDATE facts_fact SET details = %(kept)s::jsonb WHERE organisation_id = %(organisation)s AND id = %(fact)s",
            {"organisation": forgotten.organisation_id, "fact": key, "kept": kept},
        )


def _leave(cursor: Any, of_it: Mapping[str, Any], listed: Iterable[tuple[str, str]]) -> None:
    """The home or person of which nothing else is known has no past any more; of another one only the case is gone."""
    cursor.execute("SELECT 1 FROM facts_fact WHERE organisation_id = %(organisation)s AND case_id = %(thing)s LIMIT 1", of_it)
    if cursor.fetchone() is None:
        for table, column in listed:
            cursor.execute(f"DELETE FROM {table} WHERE organisation_id = %(organisation)s AND {column} = %(thing)s", of_it)


def without_words(details: Mapping[str, Any], forgotten: Forgotten) -> dict[str, Any]:
    """The details of a fact with a stand-in for every text; numbers, moments, keys and classes stay, so that the facts tell the same
    limits, warnings and points."""
    kinds = vocabulary()["facts"]
    return {name: _left(name, str(kinds.get(name, {}).get("kind", "")), value, forgotten) for name, value in details.items()}


def _left(name: str, kind: str, value: Any, forgotten: Forgotten) -> Any:
    if value is None or isinstance(value, (bool, int, float)) or name in _COMPARED or kind in _STAYS:
        return value
    if isinstance(value, Mapping):
        return {key: _left(name, kind, one, forgotten) for key, one in value.items()}
    if isinstance(value, list):
        return [_left(name, kind, one, forgotten) for one in value]
    known = kind in ("key", "keys", "roles") and name not in _NAMES_SOMEBODY
    return value if value == "" or (known and _PLAIN.fullmatch(value)) else forgotten.stand_in(value)


def update(table: str, where: str, **columns: str) -> Step:
    """A step that sets columns of the rows that ``where`` describes, each to an expression of SQL; both may name ``Forgotten.named``."""
    sets = ", ".join(f'"{column}" = {value}' for column, value in columns.items())
    statement = f"UPDATE {table} SET {sets} WHERE organisation_id = %(organisation)s AND ({where})"
    return lambda cursor, forgotten: cursor.execute(statement, forgotten.named)


def remove(table: str, where: str) -> Step:
    """A step that removes the rows that ``where`` describes."""
    statement = f"DELETE FROM {table} WHERE organisation_id = %(organisation)s AND ({where})"
    return lambda cursor, forgotten: cursor.execute(statement, forgotten.named)


def said_again(text: str, forgotten: Forgotten) -> str:
    """A key that was made of what was said ("case:customer/purpose") as the facts now give it."""
    head, colon, tail = text.partition(":")
    return head + colon + "/".join(forgotten.stand_ins.get(part, part) for part in tail.split("/"))


def forget_matters(columns: Iterable[tuple[str, str]], said: Iterable[Step]) -> Step:
    """A step for the case's matters, where somebody named them in words and no case that is kept has them: they get another name
    everywhere, as a part of a key too, and what was said of them as a whole goes.

    ``columns`` are those (table, column) in which the name stands, ``said`` the steps that are taken for each. ``issues`` keeps those only.
    """
    listed, steps = tuple(columns), (_forget_facts_of_a_matter, *said)

    def step(cursor: Any, forgotten: Forgotten) -> None:
        forgotten.issues = {one for one in forgotten.issues if is_words(one) and not _has_case(cursor, forgotten, one)}
        for issue in sorted(forgotten.issues):
            forgotten.issue = issue
            for one in steps:
                one(cursor, forgotten)
            token = f"~{secrets.token_hex(4)}"
            values = {
                "organisation": forgotten.organisation_id,
                "issue": issue,
                "token": token,
                "part": rf"(^|[/:|]){re.escape(issue)}(?=$|[/:|])",
                "put": rf"\1{token}",
            }
            for table, column in listed:
                cursor.execute(
                    f"UPDATE {table} SET {column} = regexp_replace({column}, %(part)s, %(put)s, 'g') "
                    f"WHERE organisation_id = %(organisation)s AND strpos({column}, %(issue)s) > 0 AND {column} ~ %(part)s",
                    values,
                )
            _rename_in_details(cursor, values)

    return step


def _forget_facts_of_a_matter(cursor: Any, forgotten: Forgotten) -> None:
    """What was said of the matter and of no single case: why its warning was dismissed, how it will be solved."""
    cursor.execute(
        "SELECT id, details::text FROM facts_fact WHERE organisation_id = %(organisation)s AND details ->> 'issue' = %(issue)s "
        "AND NOT details ? 'case' AND (case_id IS NULL OR about <> '') FOR UPDATE",
        forgotten.named,
    )
    _keep_without_words(cursor, forgotten, cursor.fetchall())


def _has_case(cursor: Any, forgotten: Forgotten, issue: str) -> bool:
    cursor.execute(
        f"SELECT 1 FROM {case_keeper().table} WHERE organisation_id = %s AND issue = %s AND destroyed_at IS NULL LIMIT 1",
        [forgotten.organisation_id, issue],
    )
    return cursor.fetchone() is not None


def forget_things(columns: Iterable[tuple[str, str, str]]) -> Step:
    """A step for the things that the facts of an entry are about, of which nothing else is told: an item that was in custody gets another
    name. ``columns`` are the (table, column of its id, column) in which the name stands."""
    listed = tuple(columns)

    def step(cursor: Any, forgotten: Forgotten) -> None:
        cursor.execute(
            "SELECT DISTINCT case_id, about FROM facts_fact f WHERE organisation_id = %(organisation)s AND id = ANY(%(facts)s) "
            "AND case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM facts_fact o WHERE o.organisation_id = f.organisation_id "
            "AND o.case_id = f.case_id AND NOT o.derived AND o.clock_key IS NULL AND o.id <> ALL(%(facts)s))",
            forgotten.named,
        )
        for thing, about in cursor.fetchall():
            kind, _, name = about.partition(":")
            if kind not in NAMED:
                continue
            values = {**forgotten.named, "thing": thing, "name": name.rpartition("/")[2] or name, "token": f"~{secrets.token_hex(4)}"}
            for table, of, column in listed:
                cursor.execute(
                    f"UPDATE {table} SET {column} = replace({column}, %(name)s, %(token)s) "
                    f"WHERE organisation_id = %(organisation)s AND {of} = %(thing)s",
                    values,
                )

    return step


def _rename_in_details(cursor: Any, values: Mapping[str, Any]) -> None:
    for name in (ISSUE, "warning"):
        cursor.execute(
            f"UPDATE facts_fact SET details = jsonb_set(details, '{{{name}}}', "
            f"to_jsonb(regexp_replace(details ->> '{name}', %(part)s, %(put)s, 'g'))) "
            f"WHERE organisation_id = %(organisation)s AND details ->> '{name}' ~ %(part)s",
            values,
        )
