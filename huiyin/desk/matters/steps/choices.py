"""What may be chosen for a detail: classes of the regulations, words that their rules wait for, roles, channels, parts of a form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from huiyin.core.conditions import Condition
from huiyin.core.moments import in_shanghai
from huiyin.core.rules import DutyRule, End, NoticeRule, PublicationRule, Regulation, Rule, StandardRule, Words
from huiyin.core.secrecy import PARTS
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.people.models import Staff
from huiyin.desk.people.queries import serving
from huiyin.rulebook.load import regulation, stems, vocabulary
from huiyin.rulebook.words import role_name

SCHEMES: Final = ("record", "category", "severity", "marks")
"""Lists of classes that facts carry by regulation, or that nobody chooses; the others are the answers to a detail."""
_LISTED_AS: Final[Mapping[str, tuple[str, ...]]] = {"answers": ("grades",), "additions": ("further_subjects",)}
_TRUTHS: Final = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A key with its name in both languages."""

    key: str
    name: Words


@dataclass(frozen=True, slots=True)
class Group:
    """The choices that one regulation offers, by its prefix, under its title."""

    prefix: str
    title: Words
    choices: tuple[Choice, ...]


def schemes(regulations: Iterable[Regulation], name: str, about: str = "case") -> tuple[Group, ...]:
    """The classes of the scheme (category, severity) in each regulation that has any for this kind of thing."""
    found = (Group(one.prefix, one.title, tuple(_classes(one, name, about))) for one in regulations)
    return tuple(group for group in found if group.choices)


def _classes(found: Regulation, name: str, about: str) -> Iterator[Choice]:
    for one in found.source["classes"].get(name, ()):
        if one.get("of", "case") == about:
            yield _choice(one)


def channels(regulations: Iterable[Regulation], uses: Sequence[str] = ("intake", "reply")) -> tuple[Choice, ...]:
    """The channels of the regulations with one of these uses, each key once."""
    listed = (one for found in regulations for one in found.source.get("channels", ()) if one.get("use", "intake") in uses)
    return tuple({str(one["key"]): _choice(one) for one in listed}.values())


def intake_channels(found: Regulation) -> tuple[Choice, ...]:
    """The channels by which cases come in under the regulation."""
    return channels((found,), ("intake",))


def named_outlets(regulations: Iterable[Regulation], event: str) -> tuple[Choice, ...]:
    """The channels that the clauses name for what the event makes public, the usual ones first; empty where they leave them open."""
    found: dict[str, Choice] = {}
    for one in regulations:
        known = {each.key: each for each in channels((one,), ("publication",))}
        rules = [rule for rule in one.by_event.get(event, ()) if isinstance(rule, PublicationRule)]
        found |= {key: known[key] for rule in rules for key in rule.outlets}
    return tuple(found.values())


def outlets(regulations: Sequence[Regulation], event: str) -> tuple[Choice, ...]:
    """By which ways something is made public: those that the clauses name for it, else the channels of publication, else those of reply,
    else all."""
    if named := named_outlets(regulations, event):
        return named
    return channels(regulations, ("publication",)) or channels(regulations, ("reply",)) or channels(regulations)


def roles(regulations: Iterable[Regulation], *, outside: bool = True) -> tuple[Choice, ...]:
    """All roles of the regulations, each key once; ``outside``: also people outside, such as the customers."""
    named = ((one, key, name) for one in regulations for key, name in one.role_names.items())
    found = {key: Choice(key, name) for one, key, name in named if outside or one.role_levels.get(key) != "outside"}
    return tuple(found.values())


def told(regulations: Sequence[Regulation], event: str) -> tuple[Choice, ...]:
    """Whom an act may tell: those to whom the regulations send it if nobody is named; all roles where they leave it open."""
    notices = (rule for one in regulations for rule in one.by_event.get(event, ()) if isinstance(rule, NoticeRule) and rule.to_addressed)
    usual = {role for rule in notices for role in rule.to}
    return tuple(one for one in roles(regulations) if one.key in usual or not usual)


def standards(regulations: Iterable[Regulation]) -> tuple[Choice, ...]:
    """The standards that an inspection may find unmet, and the parts of them, by clause."""
    rules = [rule for one in regulations for rule in one.rules if isinstance(rule, StandardRule)]
    return tuple(
        Choice(clause, (f"{clause} {rule.name[0]}", f"{clause} {rule.name[1]}"))
        for rule in rules
        for clause in (rule.cites[0], *rule.parts)
    )


def parts_of_forms(regulations: Iterable[Regulation], clauses: Iterable[str], papers: Iterable[str]) -> tuple[Choice, ...]:
    """The parts of the forms that stand under the clauses or have these keys. What is missing is told in the form's own words."""
    wanted, keys = set(clauses), set(papers)
    forms = [one for found in regulations for one in found.source.get("forms", ()) if one["clause"] in wanted or one["key"] in keys]
    parts = [part for form in forms for part in form.get("fields", ())]
    return tuple({str(part["zh"]): Choice(str(part["zh"]), (str(part["zh"]), str(part["en"]))) for part in parts}.values())


def staff(organisation_id: UUID, unit: str, at: datetime) -> tuple[Choice, ...]:
    """The people whose posts serve the unit, by their ids, each with the name and what the posts are called."""
    found = serving(organisation_id, unit, in_shanghai(at).date())
    editions = [one.regulation.stem for one in adopted_for(organisation_id, at)]
    return tuple(Choice(str(one.pk), _named(one, roles, editions)) for one, roles in found)


def _named(one: Staff, roles: Sequence[str], editions: Sequence[str]) -> Words:
    chinese, english = ([role_name(role, language, editions) for role in roles] for language in ("zh", "en"))
    return f"{one.name}（{'、'.join(chinese)}）", f"{one.name_en or one.name} ({', '.join(english)})"


def parts_of_cases() -> tuple[Choice, ...]:
    """The parts of a case that may be marked as secret."""
    return tuple(map(_value, PARTS))


def answers(regulations: Sequence[Regulation], event: str, detail: str) -> tuple[Choice, ...]:
    """What ``detail`` of the event may be: a list of classes that bears its name or holds the words that rules wait for, else those
    words themselves. Empty where nothing is said: then it is free. The own regulations are asked first, then all others."""
    everywhere = [regulation(stem) for stem in stems()]
    waited = _waited_in(regulations, event, detail) or _waited_in(everywhere, event, detail)
    named = _listed(regulations, detail, set(waited)) or _listed(everywhere, detail, set(waited), exactly=True)
    if named:
        return named
    words: Mapping[str, Mapping[str, str]] = vocabulary()["values"]
    beside = [words[one]["opposite"] for one in waited if "opposite" in words.get(one, {})]
    return tuple(_value(one) for one in dict.fromkeys((*waited, *beside)))


def _waited_in(regulations: Iterable[Regulation], event: str, detail: str) -> list[str]:
    return list(dict.fromkeys(word for one in regulations for word in waited_for(one, event, detail)))


def _listed(regulations: Iterable[Regulation], detail: str, waited: set[str], *, exactly: bool = False) -> tuple[Choice, ...]:
    """The list of classes for the detail. "result" is many things: a list of that name counts only where rules wait for some of it.
    ``exactly``: a list without the name has to hold just what is waited for."""
    names = (detail, f"{detail}s", f"{detail}_kinds", *_LISTED_AS.get(detail, ()))
    for one in regulations:
        for name, listed in one.source["classes"].items():
            keys = {str(each["key"]) for each in listed}
            by_name = name in names and (detail != "result" or (not exactly and bool(waited & keys)))
            holds = bool(waited) and (waited == keys if exactly else waited <= keys)
            if name not in SCHEMES and (by_name or holds):
                return tuple(map(_choice, listed))
    return ()


def waited_for(found: Regulation, event: str, detail: str) -> list[str]:
    """The values of a detail that the regulation's rules wait for when the event happens."""
    known = _waited(found.stem)
    return list(known.get((event, detail)) or (known.get(("", detail), ()) if detail != "result" else ()))


@lru_cache(maxsize=64)
def _waited(stem: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """By event and detail; those that any event may tell under the event ""."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    one = regulation(stem)
    for name, rules in one.by_event.items():
        event, _, result = name.partition(":")
        if result and result != "incomplete" and "-" not in result and "/" not in name:
            found.setdefault((event, "result"), {})[result] = None
        for rule in rules:
            for detail, values in _of_rule(rule):
                found.setdefault((event, detail), {}).update(dict.fromkeys(values))
    for rule in one.rules:
        for detail, values in _told(rule):
            event, _, name = detail.rpartition(".")
            found.setdefault((event, name), {}).update(dict.fromkeys(values))
        for event, name, values in _ending(rule):
            found.setdefault((event, name), {}).update(dict.fromkeys(values))
    return {key: tuple(sorted(values)) for key, values in found.items() if not set(values) <= _TRUTHS}


def _of_rule(rule: Rule) -> Iterator[tuple[str, Iterable[str]]]:
    for condition in _conditions(rule):
        yield from ((one.name, sorted(one.answers)) for one in condition.questions if one.about in ("fact", "fact_not"))
    if isinstance(rule, DutyRule) and rule.variants:
        yield rule.variants
    if isinstance(rule, PublicationRule):
        yield "audience", (rule.audience,)


def _told(rule: Rule) -> Iterator[tuple[str, Iterable[str]]]:
    for condition in _conditions(rule):
        for one in condition.questions:
            if one.about in ("told", "told_not", "said", "fact", "fact_not"):
                yield one.name, sorted(one.answers)


def _ending(rule: Rule) -> Iterator[tuple[str, str, Iterable[str]]]:
    """What the acts that end a limit or serve a duty have to say: the event, the detail, its values."""
    for one in fields(rule):
        value = getattr(rule, one.name)
        for end in value if isinstance(value, tuple) else (value,):
            if isinstance(end, End):
                for name, values in (*end.said, *((end.gathers,) if end.gathers else ())):
                    yield end.event, name, sorted(values)


def _conditions(rule: Rule) -> Iterator[Condition]:
    for one in fields(rule):
        value = getattr(rule, one.name)
        if isinstance(value, Condition):
            yield value


def _choice(one: Mapping[str, Any]) -> Choice:
    return Choice(str(one["key"]), (str(one["zh"]), str(one["en"])))


def _value(key: str) -> Choice:
    words = vocabulary()["values"].get(key)
    for stem in () if words else stems():
        for listed in regulation(stem).source["classes"].values():
            words = words or next((one for one in listed if one["key"] == key), None)
    return Choice(key, (str(words["zh"]), str(words["en"])) if words else (key, key))
