"""Who may open which page: one table, a row for every address. An address without a row stops the start-up.

A row names a right of ``desk.people.access.RIGHTS``, or one of the three words below. Whether the *thing* that an address names is the
person's to see is asked by the room's ``access``; here it is only whether the post in use may open such pages at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ANYONE: Final = "anyone"
SIGNED_IN: Final = "signed in"
BY_KEY: Final = "by key"
"""Programs show their key to the interface itself, which checks its scopes."""
MOST_BYTES_WITH_FILE: Final = 64 * 1024 * 1024
"""More than the largest file that a page takes (50 MB), so that the page itself can say that a file is too large."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a page asks of the post in use, whether it takes writes, whether a file may come with them, whether it opens to somebody
    ``unsettled`` – who still has to change the password that they were given, or to pass the second step that their organisation asks of
    everybody –, and whether the person's device may keep it, sealed, for a time without a net (``js/worker.js``).

    A page that takes no writes answers them with 405; where no file is taken, the server cuts large bodies off.
    """

    right: str
    writes: bool = False
    file: bool = False
    unsettled: bool = False
    kept: bool = False


ROUTES: Final[dict[str, Route]] = {
    "healthz": Route(ANYONE),
    "worker": Route(ANYONE),
    "set_language": Route(ANYONE, writes=True),
    # people: coming and going
    "console:login": Route(ANYONE, writes=True),
    "console:login-code": Route(ANYONE, writes=True),
    "console:logout": Route(SIGNED_IN, writes=True, unsettled=True),
    "console:post": Route(SIGNED_IN, writes=True),
    "console:looks": Route(SIGNED_IN, writes=True, unsettled=True),
    "console:password": Route(SIGNED_IN, writes=True, unsettled=True),
    "console:second-step": Route(SIGNED_IN, writes=True, unsettled=True),
    "console:device": Route(SIGNED_IN, unsettled=True),
    "console:workbench": Route(SIGNED_IN, kept=True),
    "console:messages": Route(SIGNED_IN, writes=True),
    "console:message": Route(SIGNED_IN, writes=True),
    "console:wishes": Route(SIGNED_IN, writes=True),
    "console:search": Route(SIGNED_IN),
    # cases: registration
    "console:register": Route("register", writes=True, file=True),
    "console:register-household": Route("register"),
    "console:register-similar": Route("register"),
    "console:registered": Route("register"),
    # cases: the queue and one case
    "console:queue": Route("see_cases", kept=True),
    "console:queue-news": Route("see_cases"),
    "console:ledger": Route("see_cases"),
    "console:views": Route("see_cases", writes=True),
    "console:view": Route("see_cases", writes=True),
    "console:cases-together": Route("see_cases", writes=True),
    "console:cases-together-undo": Route("see_cases", writes=True),
    "console:cases-print": Route("see_cases"),
    "console:cases-export": Route("export"),
    "console:case": Route("see_cases", kept=True),
    "console:case-print": Route("see_cases"),
    "console:case-move": Route("see_cases", writes=True, file=True),
    "console:case-unmask": Route("unmask", writes=True),
    # The rulebook says which posts are cleared; to all others it looks absent.
    "console:case-secret": Route("see_cases", writes=True),
    "console:case-undo": Route("see_cases", writes=True),
    "console:case-words": Route("see_cases", writes=True, file=True),
    "console:case-files": Route("see_cases", writes=True, file=True),
    "console:case-file": Route("see_cases"),
    "console:case-file-small": Route("see_cases"),
    "console:case-file-remove": Route("see_cases", writes=True),
    "console:case-secret-file": Route("see_cases", writes=True),
    "console:statements": Route("check_statement"),
    "console:suggestions": Route("decide_suggestion"),
    # warnings
    "console:warnings": Route("see_cases"),
    "console:warning": Route("see_cases"),
    "console:warnings-batch": Route("verify_warning", writes=True),
    "console:issues": Route("see_cases"),
    "console:warning-verify": Route("verify_warning", writes=True),
    "console:warning-send": Route("verify_warning", writes=True),
    "console:warning-forward": Route("forward_warning", writes=True),
    "console:warning-solution": Route("answer_warning", writes=True),
    "console:warning-joint-solution": Route("see_cases", writes=True),
    # the rulebook is everybody's to read
    "console:rulebook": Route(SIGNED_IN),
    "console:regulation": Route(SIGNED_IN),
    "console:clause": Route(SIGNED_IN),
    "console:clause-shown": Route(SIGNED_IN),
    "console:workdays": Route(SIGNED_IN),
    "console:readings": Route("enter_reading", writes=True),
    # managers: the submission calendar, weekly summaries and circulars
    "console:duties": Route("see_reports"),
    "console:feed-make": Route("see_reports", writes=True),
    "console:feed-revoke": Route("see_reports", writes=True),
    "console:duty-reminders": Route("manage_adoptions", writes=True),
    # A program asks with the secret that the address holds; it opens one person's own calendar and can be revoked.
    "console:feed": Route(ANYONE),
    "console:summaries": Route("see_reports"),
    "console:summary-make": Route("submit_summary", writes=True),
    "console:summaries-sign": Route("sign_summary", writes=True),
    "console:summary-report": Route("supervise", writes=True),
    "console:circulars": Route("see_reports"),
    "console:circular-publish": Route("supervise", writes=True),
    "console:document": Route("see_reports"),
    "console:document-pdf": Route("see_reports", writes=True),
    "console:document-act": Route("see_reports", writes=True),
    # publications: the notices to the customers
    "console:publications": Route("see_reports"),
    "console:publication-draft": Route("publish", writes=True),
    "console:publication-nothing": Route("publish", writes=True),
    "console:publication": Route("see_reports"),
    "console:publication-act": Route("see_reports", writes=True, file=True),
    "console:publication-photo": Route("see_reports"),
    # managers: the deductions ledger
    "console:scores": Route("see_scores"),
    "console:scores-export": Route("export"),
    "console:scores-assessment": Route("export"),
    "console:score-appeal": Route("appeal", writes=True),
    "console:score-decide": Route("decide_appeal", writes=True),
    # the yearly assessment; who may complete its review is the regulation's to say
    "console:yearly": Route("see_scores"),
    "console:yearly-list": Route("see_scores"),
    "console:yearly-export": Route("export"),
    "console:yearly-sheet": Route("see_scores"),
    "console:yearly-complete": Route("see_scores", writes=True),
    # managers: rosters
    "console:rosters": Route("on_duty"),
    "console:roster-day": Route("manage_roster", writes=True),
    "console:roster-sign": Route("on_duty", writes=True),
    "console:roster-missed": Route("on_duty", writes=True),
    # the forms that regulations declare, printed for a case, a thing, a unit
    "console:forms": Route("see_cases"),
    "console:form-print": Route("see_cases", writes=True),
    # cases that may be one matter
    "console:topics": Route("see_cases"),
    "console:topics-act": Route("register", writes=True),
    # registers: the running lists that clauses ask for
    "console:registers": Route("see_cases"),
    "console:registers-list": Route("see_cases"),
    "console:registers-add": Route("keep_register", writes=True),
    "console:registers-export": Route("export"),
    "console:registers-template": Route("keep_register"),
    "console:registers-print": Route("see_cases"),
    "console:registers-bring": Route("keep_register", writes=True, file=True),
    "console:registers-sheet": Route("keep_register", writes=True),
    "console:registers-entry": Route("see_cases"),
    "console:registers-case": Route("see_cases", writes=True),
    "console:registers-amend": Route("keep_register", writes=True),
    "console:registers-close": Route("keep_register", writes=True),
    "console:registers-unmask": Route("unmask", writes=True),
    # old ledgers brought in
    "console:imports": Route("import_cases"),
    "console:imports-template": Route("import_cases"),
    "console:imports-upload": Route("import_cases", writes=True, file=True),
    "console:imports-map": Route("import_cases", writes=True),
    "console:imports-drop": Route("import_cases", writes=True),
    "console:imports-preview": Route("import_cases"),
    "console:imports-wrong": Route("import_cases"),
    "console:imports-begin": Route("import_cases", writes=True),
    "console:import": Route("import_cases"),
    "console:import-wrong": Route("import_cases"),
    "console:import-passwords": Route("manage_people", writes=True),
    # managers: the live overview
    "console:overview": Route("see_reports"),
    "console:overview-list": Route("see_reports"),
    # managers: the monthly report
    "console:reports": Route("see_reports"),
    "console:report-list": Route("see_reports"),
    "console:report-export": Route("export"),
    # things, units, and the acts that the regulations ask people to record
    "console:matters": Route("see_cases"),
    "console:matter-new": Route("see_cases", writes=True),
    "console:matter": Route("see_cases"),
    "console:matter-step": Route("see_cases", writes=True),
    "console:own-unit": Route("see_cases"),
    "console:unit": Route("see_cases"),
    "console:unit-step": Route("see_cases", writes=True),
    "console:case-step": Route("see_cases", writes=True, file=True),
    "console:approvals": Route("see_cases"),
    # the duty screen: what runs now, and a new emergency
    "console:duty": Route("see_cases", kept=True),
    "console:duty-new": Route("register", writes=True),
    # inspections: the checklist, the score sheet, the audit from the records, rectification
    "console:inspections": Route("see_reports"),
    "console:inspection-open": Route("inspect", writes=True),
    "console:inspection-compare": Route("see_reports"),
    "console:inspection-compare-export": Route("see_reports"),
    "console:inspection-audit": Route("see_reports"),
    "console:inspection-evidence": Route("see_reports"),
    "console:inspection-tasks": Route("see_cases", writes=True),
    "console:inspection": Route("see_reports", kept=True),
    "console:inspection-find": Route("inspect", writes=True, file=True),
    "console:inspection-withdraw": Route("inspect", writes=True),
    "console:inspection-reject": Route("inspect", writes=True),
    "console:inspection-close": Route("inspect", writes=True),
    "console:inspection-sheet": Route("see_reports"),
    "console:inspection-photo": Route("see_reports", writes=True, file=True),
    # adopting regulations
    "console:adoptions": Route("manage_adoptions"),
    "console:adoption-plan": Route("manage_adoptions", writes=True),
    "console:adoption-adopt": Route("manage_adoptions", writes=True),
    "console:adoption-setting": Route("manage_adoptions", writes=True),
    "console:adoption-end": Route("manage_adoptions", writes=True),
    # surveys: stages, questionnaire, who is asked, answers, evaluation, report
    "console:surveys": Route("see_reports"),
    "console:survey": Route("see_cases"),
    "console:survey-questionnaire": Route("see_cases", writes=True),
    "console:survey-paper": Route("see_cases"),
    "console:survey-asked": Route("survey", writes=True),
    "console:survey-codes": Route("survey"),
    "console:survey-answers": Route("keep_register", writes=True),
    "console:survey-evaluation": Route("see_reports", writes=True),
    "console:survey-given": Route("see_reports"),
    "console:survey-report": Route("see_reports", writes=True),
    "console:survey-report-print": Route("see_reports"),
    # who has been given a code answers its questionnaire, without an account
    "survey-answer": Route(ANYONE, writes=True),
    # who scans the code of a place says what is the matter there
    "qr-point": Route(ANYONE, writes=True, file=True),
    "qr-receipt": Route(ANYONE),
    "public-page": Route(ANYONE),
    "track": Route(ANYONE, writes=True),
    "tracked": Route(ANYONE, writes=True),
    "track-leave": Route(ANYONE, writes=True),
    # times of keeping, holds, destruction by two persons, the log of views
    "console:kept": Route("see_journal"),
    "console:kept-propose": Route("supervise", writes=True),
    "console:kept-sign": Route("supervise", writes=True),
    "console:kept-preserve": Route("preserve", writes=True),
    "console:kept-release": Route("preserve", writes=True),
    "console:viewings": Route("see_journal"),
    # the administrator's: people and their posts, units and homes, keys for programs
    "console:staff": Route("manage_people", writes=True),
    "console:person": Route("manage_people", writes=True),
    "console:person-post": Route("manage_people", writes=True),
    "console:robots": Route("manage_channels", writes=True),
    "console:robot": Route("manage_channels", writes=True),
    "console:second-step-asked": Route("manage_people", writes=True),
    "console:structure": Route("manage_places", writes=True),
    "console:place": Route("manage_places", writes=True),
    "console:qr-points": Route("manage_qr_points", writes=True),
    "console:qr-points-print": Route("manage_qr_points"),
    "console:qr-point": Route("manage_qr_points", writes=True),
    "console:homes": Route("manage_places", writes=True),
    "console:residents": Route("manage_places", writes=True),
    "console:resident": Route("manage_places", writes=True),
    "console:keys": Route("manage_keys", writes=True),
    "console:key-revoke": Route("manage_keys", writes=True),
    "console:channels": Route("manage_channels"),
    "console:channel": Route("manage_channels", writes=True),
    "console:undelivered": Route("manage_channels", writes=True),
    # the interface for programs
    "api:description": Route(BY_KEY),
    "api:handovers": Route(BY_KEY),
    "api:sms": Route(BY_KEY),
    "api:online": Route(BY_KEY),
    "api:cases": Route(BY_KEY),
    "api:case": Route(BY_KEY),
    "api:moves": Route(BY_KEY),
    "api:clocks": Route(BY_KEY),
    "api:attachments": Route(BY_KEY, file=True),
    "api:attachment": Route(BY_KEY),
    "api:warnings": Route(BY_KEY),
    "api:units": Route(BY_KEY),
    "api:duties": Route(BY_KEY),
    "api:duplicates": Route(BY_KEY),
    "api:health": Route(BY_KEY),
    "api:nothing": Route(BY_KEY),
}
"""By the name of an address, with its namespace."""
