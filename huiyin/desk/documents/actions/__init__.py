"""Every write about papers and documents: kept, made, signed, handed in, published, withdrawn, printed."""

from huiyin.desk.documents.actions.forgetting import forget_documents, forget_lines, forget_paper
from huiyin.desk.documents.actions.handing import (
    publish,
    publish_monthly_circular,
    render,
    report_weekly_summary,
    sign,
    submit_weekly_summary,
    withdraw,
)
from huiyin.desk.documents.actions.keeping import (
    PAPER_KEEPER,
    PUBLICATION_KEEPER,
)
from huiyin.desk.documents.actions.lasting import DESTROYABLE, over
from huiyin.desk.documents.actions.making import (
    CIRCULAR,
    WEEKLY,
    make,
    make_solution_report,
    make_statement,
    make_warning_notice,
    make_weekly_summary,
)
from huiyin.desk.documents.actions.printing import print_form

__all__ = [
    "CIRCULAR",
    "DESTROYABLE",
    "PAPER_KEEPER",
    "PUBLICATION_KEEPER",
    "WEEKLY",
    "forget_documents",
    "forget_lines",
    "forget_paper",
    "make",
    "make_solution_report",
    "make_statement",
    "make_warning_notice",
    "make_weekly_summary",
    "over",
    "print_form",
    "publish",
    "publish_monthly_circular",
    "render",
    "report_weekly_summary",
    "sign",
    "submit_weekly_summary",
    "withdraw",
]
