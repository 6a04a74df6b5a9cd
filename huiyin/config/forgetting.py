"""What may be destroyed, and what becomes of its words in each table then. The settings name these lists.

Of a case every table of the database stands here, in ``GOES`` by what is done, in ``NAMED_BY_A_MATTER``, or in ``HOLDS_NOTHING`` with the
reason; a test sees to it. Entries of registers and papers stand in few tables: ``OF_AN_ENTRY``, ``OF_A_PAPER``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyin.desk.approvals.actions import forget_approvals
from huiyin.desk.cases import actions as cases
from huiyin.desk.documents import actions as documents
from huiyin.desk.documents.actions import forget_documents, forget_paper
from huiyin.desk.facts.actions.forgetting import Step, forget_facts, forget_matters, forget_things, remove, update
from huiyin.desk.publications.actions import forget_notice, forget_notices
from huiyin.desk.registers import actions as registers
from huiyin.desk.registers.actions import TOLD_BY_AN_ENTRY, forget_entries, forget_entry

OF_THE_CASE: Final = "case_id = %(about)s"
NOTED_IN_BOTH_LANGUAGES: Final = "jsonb_build_array(jsonb_build_array(%(note)s::text, %(note)s::text))"
TELLS_OF_THE_CASE: Final = "case_id = %(about)s OR params ->> 'number' = %(number)s"
"""A message about a matter tells by which case it came to that."""
TOLD_IN_THAT_MOMENT: Final = (
    "EXISTS (SELECT 1 FROM facts_fact f WHERE f.organisation_id = messaging_message.organisation_id AND f.id = ANY(%(facts)s) "
    "AND f.entered_at = messaging_message.created_at AND f.unit_code = messaging_message.unit_code)"
)
"""A message that left with one of the facts, from the same unit."""
OF_A_THING: Final = (
    ("matters_matter", "id"), ("matters_figure", "case_id"), ("matters_retention", "case_id"), ("clocks_clock", "case_id"),
    ("cases_mark", "case_id"), ("approvals_approval", "case_id"), ("warnings_warningsignal", "case_id"), ("documents_paper", "case_id"),
    ("messaging_message", "case_id"),
)  # fmt: skip
NAMED_BY_A_MATTER: Final = (
    ("cases_case", "issue"), ("cases_tally", "issue"), ("cases_mark", "key"), ("cases_monthfigure", "subject"), ("facts_fact", "about"),
    ("facts_fact", "clock_key"), ("matters_matter", "key"), ("matters_matter", "name"), ("matters_figure", "key"),
    ("matters_retention", "key"), ("clocks_clock", "key"), ("approvals_approval", "key"), ("approvals_approval", "subject"),
    ("approvals_approval", "issue"), ("warnings_warningsignal", "key"), ("warnings_warningsignal", "issue"), ("scores_entry", "key"),
    ("scores_entry", "issue"), ("scores_entry", "warning"), ("scores_entry", "counters"), ("documents_paper", "key"),
    ("documents_publication", "key"), ("topics_joined", "issue"), ("topics_joined", "was"), ("messaging_message", "key"),
    ("messaging_message", "issue"), ("messaging_message", "notice_key"),
)  # fmt: skip
NAMED_BY_A_THING: Final = (
    ("matters_matter", "id", "key"), ("matters_matter", "id", "name"), ("facts_fact", "case_id", "about"),
)  # fmt: skip

NAMES_WHO_IT_WAS: Final = (
    "strpos(name || asked::text, %(number)s) > 0 OR EXISTS (SELECT 1 FROM cases_case c WHERE c.organisation_id = %(organisation)s "
    "AND c.id = %(about)s AND ((c.contact_name <> '' AND strpos(name || asked::text, c.contact_name) > 0) OR (c.household_code <> '' "
    "AND strpos(name || asked::text, c.household_code) > 0) OR (c.contact_phone <> '' "
    "AND strpos(name || asked::text, c.contact_phone) > 0) OR (length(asked ->> 'q') > 3 AND strpos(c.contact_phone, asked ->> 'q') > 0)))"
)
"""A view that somebody saved to find this customer again; one that looks for a word of the matter stays."""
HELD_ONCE: Final = update(
    "keeping_legalhold", "about_id = %(about)s", reason="%(note)s",
    release_reason="CASE WHEN release_reason = '' THEN '' ELSE %(note)s END",
)  # fmt: skip
GOES: Final[Mapping[str, tuple[Step, ...]]] = {
    # Before the case, which says whom it is about.
    "lists_savedview": (remove("lists_savedview", NAMES_WHO_IT_WAS),),
    "cases_case": (
        update(
            "cases_case", "id = %(about)s", contact_name="''", contact_phone="''", title="''", story="''", wish="''", place="''",
            household_code="''", household_id="NULL", resident_id="NULL", external_numbers="'{}'", secrets="'[]'", search="''::tsvector",
            version="version + 1", destroyed_at="%(at)s",
        ),
    ),
    "cases_secret": (remove("cases_secret", OF_THE_CASE),),
    "files_kept": (remove("files_kept", "of = 'case' AND of_id = %(about)s"),),
    "attachments_attachment": (remove("attachments_attachment", OF_THE_CASE),),
    # The facts come before whatever is made of them: they find out what stands in the place of each text.
    "facts_fact": (forget_facts(OF_A_THING),),
    "facts_request": (remove("facts_request", "strpos(answer::text, %(number)s) > 0 OR strpos(answer::text, %(about_text)s) > 0"),),
    "cases_tally": (update("cases_tally", OF_THE_CASE, household="'~' || %(about_text)s"),),
    "keeping_legalhold": (HELD_ONCE,),
    "cases_draft": (
        remove("cases_draft", "strpos(form || body::text, %(number)s) > 0 OR strpos(form || body::text, %(about_text)s) > 0"),
    ),
    "clocks_clock": (update("clocks_clock", OF_THE_CASE, error="''"),),
    "approvals_approval": (forget_approvals,),
    "scores_appeal": (
        update(
            "scores_appeal", "entry_id IN (SELECT id FROM scores_entry WHERE organisation_id = %(organisation)s AND case_id = %(about)s)",
            reason="%(note)s", answer="CASE WHEN answer = '' THEN '' ELSE %(note)s END",
        ),
    ),
    "messaging_message": (
        # What has not left by now leaves no more.
        remove("messaging_message", f"({TELLS_OF_THE_CASE}) AND state <> 'sent'"),
        update(
            "messaging_message", TELLS_OF_THE_CASE, title="''", body="''", params="jsonb_build_object('number', %(number)s::text)",
            error="''", reference="''",
            key="CASE WHEN to_address = '' AND to_resident IS NULL THEN key ELSE 'destroyed:' || id END", to_address="''",
            to_resident="NULL",
        ),
    ),
    "people_unmasking": (update("people_unmasking", "subject = 'case:' || %(about_text)s", reason="%(note)s"),),
    # A file that waits may tell of the case too: whoever handed it over hands it over again.
    "imports_upload": (remove("imports_upload", "true"),),
    "imports_importrow": (
        update("imports_importrow", OF_THE_CASE, raw="'{}'", errors="'[]'", notes=NOTED_IN_BOTH_LANGUAGES, source_id="NULL"),
    ),
    "documents_document": (forget_documents,),
    "publications_line": (forget_notices,),
    "qr_points_brought": (remove("qr_points_brought", OF_THE_CASE),),
    "registers_version": (forget_entries,),
    "registers_sheet": (update("registers_sheet", "taken_at IS NOT NULL AND strpos(rows::text, %(number)s) > 0", rows="'[]'"),),
    # What was learnt from closed cases is learnt anew in the night, without this one.
    "classing_learnt": (remove("classing_learnt", "true"),),
}  # fmt: skip
"""By table, in the order in which it is done. Some steps see to neighbouring tables too."""
_SAID_OF_A_MATTER: Final = (
    update("approvals_approval", "case_id IS NULL AND issue = %(issue)s AND reason <> ''", reason="%(note)s"),
    update(
        "scores_appeal", "entry_id IN (SELECT id FROM scores_entry WHERE organisation_id = %(organisation)s AND issue = %(issue)s)",
        reason="%(note)s", answer="CASE WHEN answer = '' THEN '' ELSE %(note)s END",
    ),
    update("messaging_message", "strpos(params::text, %(issue)s) > 0", params="'{}'"),
    update(
        "documents_document", "case_id IS NULL AND NOT body ? 'cases' AND strpos(body::text, %(issue)s) > 0",
        body="jsonb_build_object('unit', body -> 'unit', 'fields', '[]'::jsonb, 'notes', jsonb_build_array(%(note)s::text))",
    ),
)  # fmt: skip
_OF_ITS_FACTS: Final = "fact_id = ANY(%(facts)s)"
OF_AN_ENTRY: Final[tuple[Step, ...]] = (
    forget_facts(OF_A_THING, TOLD_BY_AN_ENTRY),
    # A thing of which nobody knows more than the entry told has no name any more.
    forget_things(NAMED_BY_A_THING),
    remove("messaging_message", f"({TOLD_IN_THAT_MOMENT}) AND state <> 'sent'"),
    update(
        "messaging_message", TOLD_IN_THAT_MOMENT, title="''", body="''", params="'{}'", error="''",
        key="CASE WHEN to_address = '' AND to_resident IS NULL THEN key ELSE 'destroyed:' || id END", to_address="''", to_resident="NULL",
    ),
    update("approvals_approval", f"{_OF_ITS_FACTS} AND reason <> ''", reason="%(note)s"),
    update("documents_paper", _OF_ITS_FACTS, missing_parts="'[]'"),
    update("people_unmasking", "subject = 'entry:' || %(about_text)s", reason="%(note)s"),
    remove("cases_draft", "strpos(form || body::text, %(about_text)s) > 0"),
    HELD_ONCE,
    forget_entry,
)  # fmt: skip
"""What goes with an entry of a register."""
OF_A_PAPER: Final[tuple[Step, ...]] = (forget_paper, forget_notice, HELD_ONCE)
STEPS: Final[Mapping[str, tuple[Step, ...]]] = {
    "case": (*(step for steps in GOES.values() for step in steps), forget_matters(NAMED_BY_A_MATTER, _SAID_OF_A_MATTER)),
    "entry": OF_AN_ENTRY,
    "paper": OF_A_PAPER,
}
DESTROYED: Final = (cases.DESTROYABLE, registers.DESTROYABLE, documents.DESTROYABLE)
"""The kinds of things that may be destroyed."""

HOLDS_NOTHING: Final[Mapping[str, str]] = {
    "journal_entry": "never changed: what was said stands in it under the key of the case",
    "journal_key": "the key itself is thrown away by the act of destroying",
    "journal_seal": "digests",
    "journal_unsealed": "ids",
    "adoptions_adoption": "what the organisation chose",
    "adoptions_wording": "what a unit calls things",
    "qr_points_qrpoint": "where codes hang, and how often they were opened",
    "cases_numbersequence": "numbers",
    "cases_numberslot": "numbers",
    "cases_reminded": "keys of limits, until a day after they were due",
    "clocks_opening": "moments",
    "documents_numbering": "numbers",
    "documents_signature": "which post signed when",
    "duties_feed": "digests of staff's calendar addresses",
    "duties_reminding": "days",
    "imports_import": "the name of a file and how it was read",
    "imports_savedmapping": "which column of a file is which field",
    "keeping_destruction": "the list of what was destroyed, with the reason, the clauses and both persons",
    "inspections_finding": "what an inspector found, of no case",
    "inspections_photo": "pictures of findings, of no case",
    "inspections_rejection": "what an inspector did not count, of no case",
    "messaging_way": "the settings of a mail server or gateway",
    "messaging_home": "from which database messages leave",
    "people_apikey": "digests",
    "people_knock": "digests of network addresses, logins and numbers, for two days",
    "people_living": "who lives where: the register of residents, kept by itself",
    "people_post": "posts of staff",
    "people_presence": "presence of staff",
    "people_resident": "the register of residents, kept by itself; a destroyed case points to nobody in it",
    "people_residentphone": "the register of residents, kept by itself",
    "people_roster": "rosters of staff",
    "people_secondstep": "the sealed secret of staff's telephones, and digests",
    "people_staff": "staff",
    "places_household": "the register of homes; a destroyed case points to none",
    "places_organisation": "the organisation",
    "places_unit": "units",
    "publications_notice": "the lead of a notice, of no case",
    "publications_posting": "where a notice hung; its photo goes with the line that can be read on it",
    "robots_robot": "where robots of chat groups are, sealed",
    "registers_act": "which act stands in which entry",
    "registers_entry": "as its versions, which see to it",
    "registers_numbering": "numbers",
    "surveys_answer": "answers to a survey, of no case; who gave them stands nowhere",
    "surveys_invitation": "homes that a survey asked, of no case",
    "surveys_questionnaire": "questions",
    "topics_parted": "ids of cases",
    "warnings_numbering": "numbers",
    "auth_group": "unused: rights follow from posts",
    "auth_group_permissions": "unused: rights follow from posts",
    "auth_permission": "names of rights that are not used",
    "django_content_type": "names of models",
    "django_migrations": "the state of the tables",
    "django_session": "signed-in staff, for twelve hours",
}
