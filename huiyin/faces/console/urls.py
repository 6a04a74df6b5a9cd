"""The addresses of the staff's pages."""

from django.urls import URLPattern

from huiyin.faces.console.adoptions.views import URLS as ADOPTIONS
from huiyin.faces.console.cases.urls import URLS as CASES
from huiyin.faces.console.documents.forms import URLS as FORMS
from huiyin.faces.console.documents.views import URLS as DOCUMENTS
from huiyin.faces.console.duties.views import URLS as DUTIES
from huiyin.faces.console.guide.views import URLS as GUIDE
from huiyin.faces.console.imports.urls import URLS as IMPORTS
from huiyin.faces.console.inspections.urls import URLS as INSPECTIONS
from huiyin.faces.console.keeping.views import URLS as KEEPING
from huiyin.faces.console.lists.views import URLS as LISTS
from huiyin.faces.console.matters.urls import URLS as MATTERS
from huiyin.faces.console.organisation.urls import URLS as ORGANISATION
from huiyin.faces.console.overview.views import URLS as OVERVIEW
from huiyin.faces.console.people.urls import URLS as PEOPLE
from huiyin.faces.console.publications.views import URLS as PUBLICATIONS
from huiyin.faces.console.registers.urls import URLS as REGISTERS
from huiyin.faces.console.reports.views import URLS as REPORTS
from huiyin.faces.console.rosters.views import URLS as ROSTERS
from huiyin.faces.console.rulebook.views import URLS as RULEBOOK
from huiyin.faces.console.scores.views import URLS as SCORES
from huiyin.faces.console.surveys.urls import URLS as SURVEYS
from huiyin.faces.console.topics.views import URLS as TOPICS
from huiyin.faces.console.warnings.views import URLS as WARNINGS
from huiyin.faces.console.yearly.views import URLS as YEARLY

app_name = "console"
urlpatterns: list[URLPattern] = [
    *PEOPLE, *ADOPTIONS, *KEEPING, *CASES, *WARNINGS, *DUTIES, *FORMS, *DOCUMENTS, *PUBLICATIONS, *REPORTS, *YEARLY, *SCORES, *ROSTERS,
    *REGISTERS, *OVERVIEW, *RULEBOOK, *MATTERS, *LISTS, *TOPICS, *INSPECTIONS, *SURVEYS, *IMPORTS, *ORGANISATION, *GUIDE,
]  # fmt: skip
