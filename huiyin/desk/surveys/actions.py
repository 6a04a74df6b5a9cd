"""Every write about surveys: the questionnaire, who is asked, answers from paper and by link, the report."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText, in_shanghai, opening_of
from huiyin.core.recurrence import period_of
from huiyin.core.rules import StepRule
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.matters.actions import Act, record_step
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import Offer, find, of_thing, of_unit, offers
from huiyin.desk.people.access import Standing
from huiyin.desk.surveys import access, queries, reckoning
from huiyin.desk.surveys.models import LINK, PAPER, Answer, Invitation, Questionnaire
from huiyin.desk.surveys.queries import Named
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What codes are made of: nothing that is mistaken for something else on paper."""
CODE_LENGTH: Final = 10
MOST_QUESTIONS: Final = 60
OPENED: Final = "survey_links_opened"
"""The codes may be answered by link."""
ENTERED: Final = "survey_answers_entered"
"""Answers from paper are being entered."""


@transaction.atomic
def begin_questionnaire(survey: Matter, subjects: Sequence[Named], *, by: By, at: datetime) -> Questionnaire:
    """Make the questionnaire of a survey with one question on each required subject; one that is there already stays as it is."""
    found = queries.questionnaire_of(survey)
    if found is not None:
        return found
    asked = [(f"您对{one.name[0]}满意吗？", f"How satisfied are you with: {one.name[1]}?") for one in subjects]
    sections = [_section(one, [asking]) for one, asking in zip(subjects, asked, strict=True)]
    made = Questionnaire(
        organisation_id=survey.organisation_id, matter_id=survey.id, unit_code=survey.unit_code, sections=sections, changed_at=at
    )
    made.save(force_insert=True)
    _journal(survey, "surveys.begin_questionnaire", by, at, sections=len(sections))
    return made


def _section(one: Named, questions: Sequence[tuple[str, str]]) -> dict[str, Any]:
    listed = [{"key": f"{one.key}.{number}", "zh": zh, "en": en} for number, (zh, en) in enumerate(questions, start=1)]
    return {"key": one.key, "zh": one.name[0], "en": one.name[1], "questions": listed}


@transaction.atomic
def set_questions(survey: Matter, asked: Mapping[Named, Sequence[str]], *, by: By, at: datetime, submitting: bool = False) -> Questionnaire:
    """Say what each section asks, one text a question; a section without one is left out of the questionnaire.

    A text may be in both languages, Chinese first, parted by an upright stroke: 停车方便吗？| Is parking easy?

    What has been submitted changes only if it is submitted anew with the change (``submitting``); it is answered by link no more until the
    links are opened again. Raises BadText otherwise, once there are answers, for a survey without a questionnaire, or too many questions.
    """
    found = _writable(survey)
    if queries.answers(survey).exists():
        raise BadText("found answers already, expected none; the questions stay as they are", "已有答卷，不能再改问题")
    cleaned = {
        section: [clean_text(one.strip(), most=200, field="question") for one in texts if one.strip()] for section, texts in asked.items()
    }
    number = sum(len(texts) for texts in cleaned.values())
    if not 0 < number <= MOST_QUESTIONS:
        raise BadText(f"found {number} questions, expected 1 to {MOST_QUESTIONS}", f"共有 {number} 个问题，应为 1 至 {MOST_QUESTIONS} 个")
    before = {str(each["zh"]): str(each["en"]) for section in found.sections for each in section["questions"]}
    sections = [_section(one, [_both(text, before) for text in texts]) for one, texts in cleaned.items() if texts]
    if sections != found.sections and _submitted(survey, queries.QUESTIONNAIRE, submitting):
        found.public = False
    found.sections, found.changed_at = sections, at
    found.save(update_fields=["sections", "public", "changed_at"])
    _journal(survey, "surveys.set_questions", by, at, sections=found.sections)
    return found


def _submitted(survey: Matter, event: str, submitting: bool) -> bool:
    """Whether what is about to change has been submitted. Raises BadText where it is not submitted anew: who approved read another text."""
    if not access.has_happened(survey.organisation_id, survey.id, event):
        return False
    if not submitting:
        en = "found a change of what has been submitted, expected it submitted anew: what is approved is the text that was read; submit it"
        raise BadText(en, "已经提交过，审批的是提交时的内容；要改动，请改好后重新提交审批")
    return True


def _both(text: str, before: Mapping[str, str]) -> tuple[str, str]:
    """A question in both languages; one that names no English keeps that which it had, else is asked in Chinese to all."""
    chinese, english = (part.strip() for part in text.replace("｜", "|").partition("|")[::2])
    return chinese or english, english or before.get(chinese, chinese)


def _locked(survey: Matter) -> Questionnaire:
    found = Questionnaire.objects.select_for_update().filter(organisation_id=survey.organisation_id, matter_id=survey.id).first()
    if found is None:
        raise BadText("found a survey without a questionnaire, expected one; make it first", "本次调查还没有调查表；请先编制")
    return found


def _writable(survey: Matter) -> Questionnaire:
    found = _locked(survey)
    if access.has_happened(survey.organisation_id, survey.id, access.CLOSED):
        en = "found a survey that is closed, expected an open one; what was asked and reported stands"
        raise BadText(en, "本次调查已结束，调查表和报告不再变动；需要时另设调查")
    return found


@transaction.atomic
def ask_all(survey: Matter, units: Collection[str], *, by: By, at: datetime) -> int:
    """Ask every home of the units (a census); returns how many are new. Raises BadText after a draw, or where no home is known."""
    found = _locked(survey)
    if found.drawn_at is not None:
        raise BadText(
            f"found a sample drawn by the seed {found.seed}, expected none; it stands", f"样本已抽取（种子 {found.seed}），不再列出全部户"
        )
    return _ask(survey, _homes(survey, units), queries.opinions(survey.organisation_id, units, at), 2, by, at)


@transaction.atomic
def draw_sample(
    survey: Matter, units: Collection[str], percent: float, focus_from: int, seed: str, *, by: By, at: datetime
) -> tuple[int, int, int]:
    """Draw so many percent of the homes, those with many cases more often, and ask them; returns homes, drawn ones, focus ones among these.

    A home weighs 1 and 1 more for each case of the last half-year; those with ``focus_from`` cases or more are the focus. The seed (made
    where it is empty) is kept. Raises BadText after a draw, for a percent out of bounds, where no home is known.
    """
    found, homes = _locked(survey), _homes(survey, units)
    if found.drawn_at is not None:
        raise BadText(
            f"found a sample drawn by the seed {found.seed}, expected none; it stands", f"样本已抽取（种子 {found.seed}），不再重抽"
        )
    if queries.invitations(survey).exists():
        raise BadText("found that all homes are asked, expected nobody asked yet; nothing is drawn", "已列出全部户，不再抽样")
    if not 0 < percent <= 100 or focus_from < 1:
        raise BadText(
            f"found {percent} percent, expected more than 0, at most 100", f"抽样比例“{percent}”应大于 0、不超过 100；重点件数至少为 1"
        )
    counted = queries.opinions(survey.organisation_id, units, at)
    used = seed.strip()[:40] or str(secrets.randbits(40))
    keys = {f"{unit}|{home}": (unit, home) for unit, home in homes}
    drawn = reckoning.draw({key: 1 + counted.get(one, 0) for key, one in keys.items()}, math.ceil(len(homes) * percent / 100), used)
    found.seed, found.percent, found.focus_from, found.drawn_at = used, round(percent, 2), focus_from, at
    found.save(update_fields=["seed", "percent", "focus_from", "drawn_at"])
    chosen = [keys[key] for key in drawn]
    _ask(survey, chosen, counted, focus_from, by, at, seed=used)
    return len(homes), len(chosen), sum(1 for one in chosen if counted.get(one, 0) >= focus_from)


def _homes(survey: Matter, units: Collection[str]) -> list[tuple[str, str]]:
    found = queries.homes(survey.organisation_id, units)
    if not found:
        raise BadText("found no home at these units, expected some; enter the homes first", "这些单位还没有登记任何户；请先登记房屋")
    return found


def _ask(
    survey: Matter,
    homes: Sequence[tuple[str, str]],
    counted: Mapping[tuple[str, str], int],
    focus_from: int,
    by: By,
    at: datetime,
    **told: Any,
) -> int:
    known = set(queries.invitations(survey).values_list("unit_code", "household_code"))
    made = [
        Invitation(
            organisation_id=survey.organisation_id,
            code="".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)),
            matter_id=survey.id,
            unit_code=unit,
            household_code=home,
            opinions=counted.get((unit, home), 0),
            focus=counted.get((unit, home), 0) >= focus_from,
        )
        for unit, home in homes
        if (unit, home) not in known
    ]
    Invitation.objects.bulk_create(made, batch_size=1000)
    _journal(survey, "surveys.ask", by, at, homes=len(homes), new=len(made), **told)
    return len(made)


@transaction.atomic
def open_to_public(survey: Matter, public: bool, *, role: str, by: By, at: datetime) -> Questionnaire:
    """Let the codes be answered by link, or no more; ``role`` is under which the person opens them.

    To open them is an act of the survey, as handing out questionnaires on paper is. Raises BadText without a questionnaire and once the
    answers have been collected, Refused where a regulation wants something done before.
    """
    found = _locked(survey)
    if public and access.has_happened(survey.organisation_id, survey.id, *access.ENDS):
        raise BadText(
            "found a survey whose answers have been collected, expected one that still asks; begin another one",
            "本次调查已结束回收，不能再开放网上答卷；需要时另设调查",
        )
    if public and not found.public:
        told = {access.SURVEY: survey.name}
        store(survey.organisation_id, [Fact(OPENED, at, None, survey.unit_code, role, told, at)], by=by.person, at=at)
    found.public = public
    found.save(update_fields=["public"])
    _journal(survey, "surveys.open_to_public", by, at, public=public)
    return found


@transaction.atomic
def enter_answer(
    survey: Matter, unit: str, grades: Mapping[str, int], words: str, *, by: By, at: datetime, code: str = "", role: str = ""
) -> Answer:
    """Enter an answer from paper under the ``role``; ``code`` is that of the home, where the paper bears one: it is used up.

    The first one is an act of the survey, as opening the links is. Raises BadText for a closed survey, a question that is not asked, a
    grade out of 1 to 5, no grade, a code that is unknown or used; Refused where a regulation wants something done before.
    """
    found = _locked(survey)
    if access.has_happened(survey.organisation_id, survey.id, access.CLOSED):
        raise BadText("found a survey that is closed, expected an open one; its answers stand", "本次调查已结束，不再录入答卷")
    if code.strip():
        invitation = queries.invitations(survey).select_for_update().filter(code=code.strip().upper()).first()
        if invitation is None:
            raise BadText(
                f"found the code {code[:16]!r}, expected one of this survey; look at the paper again",
                f"没有编码“{code[:16]}”；请核对调查表",
            )
        _use(invitation, at)
        unit = invitation.unit_code
    if not access.has_happened(survey.organisation_id, survey.id, ENTERED):
        told = {access.SURVEY: survey.name}
        store(survey.organisation_id, [Fact(ENTERED, at, None, survey.unit_code, role or None, told, at)], by=by.person, at=at)
    return _keep(found, unit, PAPER, grades, words, by, at)


@transaction.atomic
def answer_by_code(code: str, grades: Mapping[str, int], words: str, *, at: datetime) -> Answer:
    """Take the answer of a home by its link: one for each code.

    Raises one of access.NotFound for a code that nobody has or a survey that is closed; BadText as ``enter_answer``.
    """
    invitation, found = access.by_code(code)
    _use(Invitation.objects.select_for_update().get(organisation_id=invitation.organisation_id, code=invitation.code), at)
    return _keep(found, invitation.unit_code, LINK, grades, words, By("customer"), at)


def _use(invitation: Invitation, at: datetime) -> None:
    if invitation.answered_at is not None:
        raise BadText(
            "found this questionnaire answered already, expected one answer; thank you", "这份调查表已经提交过，每户只收一份；谢谢"
        )
    # The day alone: its minute would tell which answer is whose.
    invitation.answered_at = opening_of(in_shanghai(at).date())
    invitation.save(update_fields=["answered_at"])


def _keep(found: Questionnaire, unit: str, way: str, grades: Mapping[str, int], words: str, by: By, at: datetime) -> Answer:
    questions = {str(each["key"]) for section in found.sections for each in section["questions"]}
    if not grades or not grades.keys() <= questions or any(points not in (1, 2, 3, 4, 5) for points in grades.values()):
        raise BadText(
            "found no grade, or one that is not asked, expected one to five points a question",
            "请至少回答一个问题；每个问题只能选五个等级之一",
        )
    made = Answer(
        organisation_id=found.organisation_id,
        id=new_id(at),
        matter_id=found.matter_id,
        unit_code=unit,
        way=way,
        grades=dict(grades),
        words=clean_text(words.strip(), most=2000, field="words") if words.strip() else "",
        at=at,
        by_person=by.person,
    )
    made.save(force_insert=True)
    body = {
        "way": way,
        "unit": unit,
        "sha256": hashlib.sha256(repr(sorted(made.grades.items())).encode() + made.words.encode()).hexdigest(),
    }
    write_now(found.organisation_id, "surveys.answer", by=by, at=at, subject=f"survey:{found.matter_id}", body=body)
    return made


@transaction.atomic
def void_answer(survey: Matter, answer_id: UUID, why: str, *, by: By, at: datetime) -> Answer:
    """Count an answer no more (a sheet that was not filled in, the same on every line); it stays. Raises BadText without a reason."""
    said = clean_text(why.strip(), most=500, field="reason")
    found = queries.answers(survey).select_for_update().get(id=answer_id)
    found.valid, found.invalid_why = False, said
    found.save(update_fields=["valid", "invalid_why"])
    _journal(survey, "surveys.void_answer", by, at, answer=str(answer_id), reason=said)
    return found


@transaction.atomic
def write_report(survey: Matter, parts: Mapping[str, str], causes: str, *, by: By, at: datetime, submitting: bool = False) -> Questionnaire:
    """Keep the report as it is written so far: its parts by key, and the tree of causes. Raises BadText without a questionnaire, and where
    a report that has been submitted would change without being submitted anew (``submitting``)."""
    found = _writable(survey)
    report = {key: clean_text(text.strip(), most=20_000, field=key) for key, text in parts.items() if text.strip()}
    tree = clean_text(causes.rstrip(), most=5000, field="causes") if causes.strip() else ""
    if (report, tree) != (found.report, found.causes):
        _submitted(survey, queries.REPORT, submitting)
    found.report, found.causes, found.changed_at = report, tree, at
    found.save(update_fields=["report", "causes", "changed_at"])
    _journal(survey, "surveys.write_report", by, at, parts=sorted(found.report))
    return found


def record(survey: Matter, event: str, details: Mapping[str, Any], *, standing: Standing, by: By, at: datetime) -> bool:
    """Record an act of the survey, where the post is offered it on the survey or on its unit; returns whether it was. Raises Refused."""
    told = {access.SURVEY: survey.name, **details}
    for subject in (
        of_thing(survey.organisation_id, survey.key, survey.unit_code, at),
        of_unit(survey.organisation_id, survey.unit_code, at),
    ):
        # What is offered now names the posts of this kind of survey; what is not may be recorded all the same.
        offer = next((one for one in offers(subject, standing, at) if one.key == event), None) or find(subject, standing, at, event)
        if offer is not None:
            record_step(subject, offer, Act(_role(offer), told), standing=standing, by=by.person, at=at)
            return True
    return False


def hand_in(survey: Matter, event: str, missing: Sequence[str], *, standing: Standing, by: By, at: datetime, **more: Any) -> None:
    """Hand a paper of the survey in, with the parts that it lacks. Raises BadText where the post is not offered the act, Refused."""
    if not record(survey, event, {"missing_parts": list(missing), **more}, standing=standing, by=by, at=at):
        raise BadText(
            "found a post that does not hand this in, expected one that the regulation names; what was written is kept for them",
            "按制度，您的岗位不能提交；内容已保存，请由制度指定的岗位提交",
        )


def _role(offer: Offer) -> str:
    """The role to act under: one that the regulation names, before one that only stands in for it."""
    wanted = {role for _, rule in offer.rules if isinstance(rule, StepRule) for role in rule.by}
    return next((role for role in offer.roles if role in wanted), offer.roles[0])


def complete(survey: Matter, grades: Sequence[Named], *, standing: Standing, by: By, at: datetime) -> bool:
    """Record the result as the answers stand: how many gave each grade, how many were asked and answered; for the half-year of ``at``.

    Returns whether the post is offered this act. Raises BadText without a valid answer, Refused.
    """
    found = queries.questionnaire_of(survey)
    reckoned = queries.evaluation(survey, found, grades) if found else None
    if reckoned is None or not reckoned.whole.count:
        raise BadText("found no valid answer, expected some; enter the answers first", "还没有有效答卷；请先录入")
    returned = queries.returned(survey)
    told = {
        "answers": dict(reckoned.counts), "period": period_of("half", at).name, "count": reckoned.valid,
        "customers": returned.asked, "distributed": returned.asked,
    }  # fmt: skip
    return record(survey, queries.COMPLETED, told, standing=standing, by=by, at=at)


def _journal(survey: Matter, action: str, by: By, at: datetime, **body: Any) -> None:
    write_now(survey.organisation_id, action, by=by, at=at, subject=f"survey:{survey.id}", body={"unit": survey.unit_code, **body})
