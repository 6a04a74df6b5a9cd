"""What a year comes to for each unit, by figures reckoned by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from huiyin.core.assessed import Assessed, assess, completed_in, received_in
from huiyin.core.facts import Fact
from huiyin.core.follow import follow
from huiyin.core.known import Case, Known, Unit, Units, begin, note
from huiyin.core.moments import parse_moment
from huiyin.core.records import Figure, Mark
from huiyin.core.rules import Adopted, AssessmentRule
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation

SET = {"UL-5.1b": {"first_year": "2024"}, "UL-5.1c": {"first_year": "2025"}}
UL = Adopted(regulation("university_logistics"), "U", load_workdays(), settings=SET)
UNITS = Units.of(
    [
        Unit("U", "university_logistics_office"),
        *(Unit(code, "centre", "U") for code in ("U1", "U2", "U3", "U4")),
        Unit("D", "department", "U"),
    ]
)
RULE = next(one for one in UL.regulation.rules if isinstance(one, AssessmentRule))


def heard(event: str, at: str, unit: str, **told: Any) -> Fact:
    """Something that the office heard of one of its centres."""
    return Fact(event, parse_moment(at), "house:U", "U", told.pop("by", None), {**told, "unit": unit})


def complained(case: str, at: str, unit: str) -> list[Fact]:
    """A complaint that was answered on the same day."""
    return [heard("complaint_received", f"{at} 08:00", unit, case=case), heard("complainant_replied", f"{at} 12:00", unit, case=case)]


def past(*facts: Fact) -> Case:
    """What the office has heard so far."""
    case = begin(facts[0], "house")
    for fact in facts:
        case = note(case, fact)
    return case


# U1: 3 complaints after 1, of which one is made again (A by B). U2: one complaint, as in the year before, and praise. U3: none after 2.
# U4: praise and a repeat at once.
YEAR = past(
    heard("past_year_count_entered", "2025-01-02 08:00", "U1", period="2024", count="1", by="supervision_dept"),
    heard("past_year_count_entered", "2025-01-02 08:00", "U2", period="2024", count="1"),
    heard("past_year_count_entered", "2025-01-02 08:00", "U3", period="2024", count="2"),
    heard("past_year_count_entered", "2025-01-02 08:00", "U4", period="2024", count="2"),
    *complained("A", "2025-03-01", "U1"),
    *complained("B", "2025-04-01", "U1"),
    heard("repeat_confirmed", "2025-04-01 09:00", "U1", case="B", earlier="A"),
    *complained("C", "2025-12-31", "U1"),
    *complained("D", "2025-05-01", "U2"),
    heard("praise_received", "2025-06-01 09:00", "U2", case="P"),
    *complained("E", "2025-05-01", "U4"),
    *complained("F", "2025-05-03", "U4"),
    heard("repeat_confirmed", "2025-05-03 09:00", "U4", case="F", earlier="E"),
    heard("praise_received", "2025-06-01 09:00", "U4", case="Q"),
    heard("complaint_received", "2025-07-01 09:00", "U", case="G"),
)


def of(found: tuple[Assessed, ...], unit: str) -> Assessed:
    """The year of one unit."""
    return next(one for one in found if one.unit == unit)


def test_each_unit_is_reckoned_by_its_own_base_and_only_centres_are_assessed() -> None:
    found = assess(RULE, UL, UNITS, YEAR, 2025)
    assert {one.unit: (one.this.complaints, one.last.complaints if one.last else None, one.excess) for one in found} == {
        "U1": (3, 1, 2), "U2": (1, 1, 0), "U3": (0, 2, 0), "U4": (2, 2, 0),
    }  # fmt: skip
    # 100 - 2 x 10 - 1 x 10; 100 + 10; 100; 100 - 10 and no praise beside a repeat
    assert {one.unit: one.score for one in found} == {"U1": 70, "U2": 110, "U3": 100, "U4": 90}
    assert {one.unit: one.grade for one in found} == {"U1": "unqualified", "U2": "excellent", "U3": "qualified", "U4": "unqualified"}
    assert {one.unit: one.rank for one in found} == {"U1": 4, "U2": 1, "U3": 2, "U4": 3}
    assert [one.unit for one in found if one.rewarded] == ["U2", "U3", "U4"]
    assert [one.unit for one in found if not one.fulfilled] == ["U1"]


def test_every_figure_tells_of_what_it_is() -> None:
    one = of(assess(RULE, UL, UNITS, YEAR, 2025), "U1")
    assert [each.case for each in one.this.received] == ["A", "B", "C"]
    assert [(each.case, each.beside) for each in one.this.repeated] == [("B", "A")]
    assert one.last is not None and [(each.beside, each.by) for each in one.last.entered] == [("1", "supervision_dept")]
    assert dict(one.grades) == {"A": "unqualified", "B": "qualified", "C": "qualified"}
    assert tuple(one.case for one in received_in(YEAR, 2025)) == ("A", "B", "D", "E", "F", "G", "C")


def test_the_score_stops_at_the_floor_and_the_same_score_shares_a_rank() -> None:
    many = past(*(fact for day in range(1, 13) for fact in complained(f"K{day}", f"2025-02-{day:02}", "U1")))
    one = of(assess(RULE, UL, UNITS, many, 2025), "U1")
    # twelve more than the none of the year before: 100 - 120
    assert (one.excess, one.before_floor, one.score, one.rank) == (12, Decimal(-20), Decimal(0), 4)
    assert [each.rank for each in assess(RULE, UL, UNITS, many, 2025) if each.unit != "U1"] == [1, 1, 1]


def test_a_year_before_the_comparison_loses_nothing_and_one_without_a_known_base_neither() -> None:
    later = Adopted(UL.regulation, "U", UL.workdays, settings={**SET, "UL-5.1c": {"first_year": "2026"}})
    assert of(assess(RULE, later, UNITS, YEAR, 2025), "U1").for_excess == 0
    first = Adopted(UL.regulation, "U", UL.workdays, settings={"UL-5.1b": {"first_year": "2025"}, "UL-5.1c": {"first_year": "2025"}})
    unknown = of(assess(RULE, first, UNITS, past(*complained("A", "2025-03-01", "U1")), 2025), "U1")
    assert unknown.last is None and (unknown.excess, int(unknown.score)) == (0, 100)


def test_a_repeat_counts_only_where_the_earlier_complaint_was_answered_before() -> None:
    early = past(
        heard("complaint_received", "2025-03-01 08:00", "U1", case="A"),
        heard("complaint_received", "2025-03-01 09:00", "U1", case="B"),
        heard("complainant_replied", "2025-03-01 10:00", "U1", case="A"),
        heard("repeat_confirmed", "2025-03-02 09:00", "U1", case="B", earlier="A"),
    )
    assert of(assess(RULE, UL, UNITS, early, 2025), "U1").this.repeated == ()


def test_a_complaint_of_new_years_eve_belongs_to_the_year_of_shanghai() -> None:
    eve = past(*complained("A", "2025-12-31", "U1"), heard("complaint_received", "2026-01-01 00:30", "U1", case="B"))
    assert [[one.case for one in received_in(eve, year)] for year in (2025, 2026)] == [["A"], ["B"]]
    assert of(assess(RULE, UL, UNITS, eve, 2026), "U1").this.complaints == 1


def _completed(house: Case, at: str) -> tuple[dict[str, Decimal], dict[str, Mark]]:
    fact = Fact("yearly_review_completed", parse_moment(at), "house:U", "U", "supervision_dept", {"period": "2025"})
    known = Known(UNITS, house, about="house")
    records = [one for one in follow((UL,), known, fact).records if isinstance(one, Figure | Mark)]
    figures = {one.key: one.amount for one in records if isinstance(one, Figure)}
    return figures, {one.key: one for one in records if isinstance(one, Mark)}


def test_the_completed_year_is_kept_as_it_was_reckoned() -> None:
    figures, marks = _completed(YEAR, "2026-01-12 17:00")
    assert figures["UL-4.2|U1|2025|score"] == 70 and figures["UL-5.2b|U1|2025|excess"] == -20
    assert figures["UL-5.4b|U2|2025|praise"] == 10
    assert "UL:yearly-assessment|U1/2025|unqualified" in marks and "UL:yearly-assessment|U1/2025|standard_not_fulfilled" in marks


def test_the_acts_that_complete_a_year_are_found_by_the_year_they_name_or_the_one_before() -> None:
    done = past(
        heard("yearly_review_completed", "2026-01-12 17:00", "U"),
        heard("yearly_review_completed", "2026-03-01 09:00", "U", period="2024"),
    )
    assert [one.at for one in completed_in(done, RULE, 2025)] == [parse_moment("2026-01-12 17:00")]
    assert [one.at for one in completed_in(done, RULE, 2024)] == [parse_moment("2026-03-01 09:00")]


def test_a_repeat_that_is_confirmed_at_the_review_counts_in_the_year_in_which_it_was_made() -> None:
    reviewed = past(
        *complained("A", "2025-11-01", "U1"),
        *complained("B", "2025-12-20", "U1"),
        heard("repeat_confirmed", "2026-01-09 10:00", "U1", case="B", earlier="A"),
    )
    last, this = (of(assess(RULE, UL, UNITS, reviewed, year), "U1") for year in (2025, 2026))
    assert [one.case for one in last.this.repeated] == ["B"] and last.grade == "unqualified" and last.for_repeats == -10
    assert last.grades == {"A": "unqualified", "B": "qualified"}
    assert not this.this.repeated and this.grade == "qualified"
