"""How each question is answered. A question becomes a test once, when its condition is made: a function of the scene, yes or no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from huiyin.core.facts import PERSONS_BEHIND, Fact
from huiyin.core.known import GONE, REINSTATED, Case, Happened
from huiyin.core.limits import Span, elapsed, parse_limit
from huiyin.core.limits import Unit as LimitUnit
from huiyin.core.moments import in_shanghai, months_before
from huiyin.core.questions import SCHEMES, Consent, Count, Question, Scene, mark_name, number_of, values_of

Test = Callable[[Scene], bool]
"""A question that waits for its scene. A question about a case is no where there is none."""
NOTHING_TOLD: tuple[Any, ...] = (None, "", [], ())


def test_of(question: Question, prefix: str, scale: frozenset[str] | None, default: str | None) -> Test:
    """The test of a question of the regulation ``prefix``; ``scale`` and ``default`` are those of the scheme that it asks about."""
    if question.about in SCHEMES:
        return _in_scheme(question, prefix, scale, default)
    return _TESTS[question.about](question, prefix)


def _not(make: Callable[[Question, str], Test]) -> Callable[[Question, str], Test]:
    def made(question: Question, prefix: str) -> Test:
        test = make(question, prefix)
        return lambda scene: not test(scene)

    return made


def _among(value: Any, answers: frozenset[str], prefix: str) -> bool:
    """Whether one of the values of a detail is among the answers."""
    if value is None:
        return False
    if value.__class__ is str:
        return value != "" and value in answers
    return not values_of(value, prefix).isdisjoint(answers)


def _reaches(value: Any, least: Decimal | None) -> bool:
    number = number_of(value)
    return number is not None and least is not None and number >= least


def _over(value: Any, most: Decimal | None) -> bool:
    number = number_of(value)
    return number is not None and most is not None and number > most


def _in_scheme(question: Question, prefix: str, scale: frozenset[str] | None, default: str | None) -> Test:
    name, answers = question.about, question.answers
    by_default = (default or "") in answers

    def test(scene: Scene) -> bool:
        case = scene.case
        if case is None:
            return False
        key = case.scheme(name, prefix, scale) if name in case.schemes else None
        if key is None:
            return by_default
        return key in answers if "+" not in key else not answers.isdisjoint(key.split("+"))

    return test


def _record(question: Question, prefix: str) -> Test:
    answers = question.answers
    return lambda scene: scene.case is not None and scene.case.record in answers


def _happened(question: Question, prefix: str) -> Test:
    answers = question.answers
    return lambda scene: scene.case is not None and not scene.case.happened.keys().isdisjoint(answers)


def _marked(question: Question, prefix: str) -> Test:
    marks = frozenset(mark_name(mark, prefix) for mark in question.answers)
    return lambda scene: scene.case is not None and not scene.case.marks.keys().isdisjoint(marks)


def _since(question: Question, prefix: str) -> Test:
    """Whether the event has happened since the last of the others; True where none of those has happened, if it has happened at all."""
    name, answers = question.name, question.answers

    def test(scene: Scene) -> bool:
        past = scene.case.happened.get(name) if scene.case else None
        if past is None or scene.case is None:
            return False
        others = [scene.case.happened[event] for event in answers if event in scene.case.happened]
        return not others or past.last_at >= max(one.last_at for one in others)

    return test


def _not_since(question: Question, prefix: str) -> Test:
    since = _since(question, prefix)
    return lambda scene: scene.case is not None and not since(scene)


def _fact(question: Question, prefix: str) -> Test:
    name, answers = question.name, question.answers
    return lambda scene: _among(scene.fact.details.get(name), answers, prefix)


def _fact_at_least(question: Question, prefix: str) -> Test:
    return lambda scene: _reaches(scene.fact.details.get(question.name), question.number)


def _fact_reaches(question: Question, prefix: str) -> Test:
    """Whether a number of the fact is not less than the others that travel with it."""

    def test(scene: Scene) -> bool:
        number = number_of(scene.fact.details.get(question.name))
        compared = [number_of(scene.fact.details.get(other)) for other in question.answers]
        return number is not None and all(one is not None and number >= one for one in compared)

    return test


def _fact_over(question: Question, prefix: str) -> Test:
    """Whether a number of the fact is over the one that was said last, in the detail of the same name, with one of the events."""

    def test(scene: Scene) -> bool:
        most = [number_of(scene.case.said(event, question.name)) for event in question.answers] if scene.case is not None else []
        return any(_over(scene.fact.details.get(question.name), one) for one in most)

    return test


def _fact_differs(question: Question, prefix: str) -> Test:
    """Whether the fact tells in a detail something else than was told there last with one of the events; spaces are no difference."""

    def test(scene: Scene) -> bool:
        last = last_of(scene.case, question.answers)
        return last is not None and _bare(scene.fact.details.get(question.name)) != _bare(last.last.get(question.name))

    return test


def last_of(case: Case | None, events: Iterable[str]) -> Happened | None:
    """What is known of the one of these events that happened last; None where none has."""
    happened = case.happened if case is not None else {}
    return max((happened[event] for event in events if event in happened), key=lambda past: past.last_at, default=None)


def _bare(value: Any) -> Any:
    return "".join(value.split()) if isinstance(value, str) else "" if value in NOTHING_TOLD else value


def _keys_beyond(question: Question, prefix: str) -> Test:
    def test(scene: Scene) -> bool:
        value = scene.fact.details.get(question.name)
        return isinstance(value, Mapping) and not frozenset(map(str, value)) <= question.answers

    return test


def _lacks(question: Question, prefix: str) -> Test:
    return lambda scene: scene.fact.details.get(question.name) in NOTHING_TOLD


def _several(question: Question, prefix: str) -> Test:
    return lambda scene: len(values_of(scene.fact.details.get(question.name), prefix)) > 1


def _told(question: Question, prefix: str) -> Test:
    """Whether the detail was told with one of the values; a post is told, too, by everybody who holds it being told in person."""
    name, answers, behind = question.name, question.answers, PERSONS_BEHIND.get(question.name)

    def test(scene: Scene) -> bool:
        case = scene.case
        if case is None:
            return False
        if _among(case.told.get(name), answers, prefix):
            return True
        persons = values_of(case.told.get(behind)) if behind else frozenset()
        return bool(persons) and any(held and held <= persons for held in map(scene.holders, answers))

    return test


def _told_at_least(question: Question, prefix: str) -> Test:
    return lambda scene: scene.case is not None and _reaches(scene.case.told.get(question.name), question.number)


def _person(question: Question, prefix: str) -> Test:
    """Whether the person who acts ("by"), or one whom a detail of the act names, is one of those that were told for the case."""
    names, acting = question.answers - {"by"}, "by" in question.answers

    def test(scene: Scene) -> bool:
        told = values_of(scene.case.told.get(question.name)) if scene.case is not None else frozenset()
        named = {one for name in names for one in values_of(scene.fact.details.get(name))}
        if acting and scene.fact.person:
            named.add(scene.fact.person)
        return not told.isdisjoint(named)

    return test


def _said(question: Question, prefix: str) -> Test:
    event, _, name = question.name.partition(".")
    return lambda scene: scene.case is not None and _among(scene.case.said(event, name), question.answers, prefix)


def _said_lacks(question: Question, prefix: str) -> Test:
    event, _, name = question.name.partition(".")
    return lambda scene: scene.case is not None and not scene.case.said(event, name)


def _trait(name: str, scene: Scene) -> Any:
    return scene.unit.traits.get(name) if scene.unit else None


def _unit(question: Question, prefix: str) -> Test:
    return lambda scene: _among(_trait(question.name, scene), question.answers, prefix)


def _unit_at_least(question: Question, prefix: str) -> Test:
    return lambda scene: _reaches(_trait(question.name, scene), question.number)


def _unit_over(question: Question, prefix: str) -> Test:
    return lambda scene: _over(_trait(question.name, scene), question.number)


def _unit_newer(question: Question, prefix: str) -> Test:
    """Whether the site was delivered not longer ago than that: the last day counts (D19)."""

    def test(scene: Scene) -> bool:
        delivered, months = _trait(question.name, scene), _months(next(iter(question.answers)))
        if not isinstance(delivered, date) or months is None:
            return False
        return months_before(in_shanghai(scene.fact.at), months).date() <= delivered

    return test


def _unit_kind(question: Question, prefix: str) -> Test:
    answers = question.answers
    return lambda scene: scene.unit is not None and scene.unit.kind in answers


def _by(question: Question, prefix: str) -> Test:
    answers = question.answers
    return lambda scene: scene.fact.by in answers


def _adopted(question: Question, prefix: str) -> Test:
    answers = question.answers
    return lambda scene: not scene.adopted.isdisjoint(answers)


def _months(text: str) -> int | None:
    """A limit of months or years as months; None for any other one."""
    limit = parse_limit(text)
    if not isinstance(limit, Span) or limit.unit not in (LimitUnit.MONTHS, LimitUnit.YEARS):
        return None
    return limit.number * (12 if limit.unit is LimitUnit.YEARS else 1)


def _count(question: Question, prefix: str) -> Test:
    return lambda scene: reached(question, scene, prefix) is not None


def reached(question: Question, scene: Scene, prefix: str) -> datetime | None:
    """When, from the fact on, the count that is asked for was reached; None where it was not, or where nobody has set its number."""
    count = question.ask
    if not isinstance(count, Count) or scene.case is None:
        return None
    least = int(scene.setting(*count.least_setting) or 0) if count.least_setting else count.least
    return reached_at(count, least, scene.case, scene.fact.at, prefix) if least or not count.least_setting else None


def reached_at(count: Count, least: int, case: Case, now: datetime, prefix: str) -> datetime | None:
    """When, from ``now`` on, the ``count`` was at least so high: after an act that was entered late that may be later than the act."""
    later = {at for event in count.events for (at, _), _ in _acts(case.happened.get(event)) if at > now}
    return next((at for at in (now, *sorted(later)) if counted(count, case, at, prefix) >= least), None)


def counted(count: Count, case: Case, now: datetime, prefix: str) -> int:
    """How many acts the ``count`` finds in the past of ``case`` up to ``now``."""
    gone = _gone(case)
    found = [
        told
        for event in count.events
        for (at, _), told in _acts(case.happened.get(event))
        if at <= now
        and (not count.within or _still_counts(at, count.within, now))
        and told.get("case") not in gone
        and all(values_of(told.get(name), prefix) & values for name, values in count.of)
    ]
    if count.same:
        told_first = next((told[count.same] for told in found if told.get(count.same)), None)
        found = [told for told in found if told.get(count.same) in (None, "", told_first)]
    return len({str(told.get(count.distinct)) for told in found if told.get(count.distinct)}) if count.distinct else len(found)


def _acts(past: Happened | None) -> Iterator[tuple[tuple[datetime, frozenset[str]], Mapping[str, Any]]]:
    return zip(past.times, past.told, strict=True) if past is not None else iter(())


def _gone(case: Case) -> frozenset[Any]:
    """The cases that the thing has heard to be none any more."""
    went: dict[Any, datetime] = {}
    for event in GONE:
        for (at, _), told in _acts(case.happened.get(event)):
            if key := told.get("case"):
                went[key] = max(at, went.get(key, at))
    back = {told.get("case"): at for (at, _), told in _acts(case.happened.get(REINSTATED))}
    return frozenset(key for key, at in went.items() if key not in back or back[key] < at)


def _still_counts(at: datetime, within: str, now: datetime) -> bool:
    """Whether an act still counts: a month or a year ends at 24:00 of the same day (conventions 4; D12), any other span to the second."""
    months = _months(within)
    if months is not None:
        return in_shanghai(at).date() >= months_before(in_shanghai(now), months).date()
    return now - at <= elapsed(within)


def _consent(question: Question, prefix: str) -> Test:
    consent = question.ask

    def test(scene: Scene) -> bool:
        past = scene.case.happened.get(f"approval_given:{consent.clause}") if scene.case and isinstance(consent, Consent) else None
        if past is None or not isinstance(consent, Consent):
            return False
        act = scene.fact
        for told in past.told:
            if told.get("standing"):
                if act.by in values_of(told.get("to")) and told.get("purpose") == act.details.get("purpose"):
                    return True
            elif all(told.get(name) == act.details.get(name) for name in consent.same) and _for_this(told, act):
                return True
        return False

    return test


def _for_this(told: Mapping[str, Any], act: Fact) -> bool:
    """Whether a single consent is for the one who acts and for this purpose, as far as it names them."""
    to, purpose = values_of(told.get("to")), told.get("purpose")
    return (not to or act.by in to) and (not purpose or purpose == act.details.get("purpose"))


_TESTS: Mapping[str, Callable[[Question, str], Test]] = {
    "record": _record,
    "happened": _happened,
    "not_happened": _not(_happened),
    "since": _since,
    "not_since": _not_since,
    "marked": _marked,
    "not_marked": _not(_marked),
    "fact": _fact,
    "fact_not": _not(_fact),
    "fact_at_least": _fact_at_least,
    "fact_reaches": _fact_reaches,
    "fact_over": _fact_over,
    "fact_differs": _fact_differs,
    "keys_beyond": _keys_beyond,
    "has": _not(_lacks),
    "lacks": _lacks,
    "several": _several,
    "told": _told,
    "told_not": _not(_told),
    "told_at_least": _told_at_least,
    "said": _said,
    "said_lacks": _said_lacks,
    "person": _person,
    "unit": _unit,
    "unit_kind": _unit_kind,
    "unit_at_least": _unit_at_least,
    "unit_over": _unit_over,
    "unit_newer": _unit_newer,
    "by": _by,
    "adopted": _adopted,
    "not_adopted": _not(_adopted),
    "count": _count,
    "count_below": _not(_count),
    "consent": _consent,
    "no_consent": _not(_consent),
}
