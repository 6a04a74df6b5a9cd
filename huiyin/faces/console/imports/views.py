"""The room of imports: the template, handing a file over, what waits, what was brought in before."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.channels.sheets.files import read_table
from huiyin.channels.sheets.kinds import CASES, Kind
from huiyin.channels.sheets.mappings import SheetMapping
from huiyin.channels.sheets.tables import MOST_BYTES, Table
from huiyin.channels.sheets.templates import REASONS, make_template
from huiyin.channels.sheets.words import guess, with_words
from huiyin.desk.imports import access, actions, queries
from huiyin.desk.imports.models import SavedMapping
from huiyin.desk.people.queries import names_of
from huiyin.faces.console.acts import address, back_to, only_post, unit_names
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.imports import parts
from huiyin.faces.parts.files import served
from huiyin.faces.parts.guard import Acting, acting

_LISTED = 30
_TAIL = re.compile(r"[-_ ]*(错误行|refused)$")


def overview(request: HttpRequest) -> HttpResponse:
    """Where an import begins, the files that wait for their mapping, and the former imports."""
    who = acting(request)
    kind = parts.kind_of(who, request.GET.get("of", ""))
    found = access.imports(who.staff, on_day=timezone.localdate(), post=who.post).filter(of=kind.key)
    page = Paginator(found, _LISTED).get_page(request.GET.get("page"))
    counts, names = queries.counts_of(list(page)), names_of({one.by_person for one in page if one.by_person})
    context: dict[str, Any] = {
        "page": page,
        "rows": [
            {
                "import": one,
                "source": one.source if kind is CASES else parts.name_of(kind.page),
                **counts[one.id],
                "by": names.get(one.by_person, "") if one.by_person else "",
            }
            for one in page
        ],
        "waiting": access.uploads(who.staff).filter(mapping__of=kind.key).defer("data"),
        "kind": kind.key,
        "kinds": [(one.key, parts.name_of(one.page)) for one in parts.offered_kinds(who)],
        "page_query": f"of={kind.key}",
        "units": unit_names(who).items(),
    }
    return render(request, "console/imports/overview.html", context)


def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in for a kind of sheet, with the words of the units that the post reaches."""
    who = acting(request)
    kind, words = parts.kind_of(who, request.GET.get("of", "")), parts.words_for(who)
    choices = {field: [parts.name_of(called) for called in words[field].values()] for field in kind.by_key}
    return served(make_template(choices, kind, chinese=parts.is_chinese()), parts.XLSX, f"{parts.name_of(kind.file)}.xlsx")


def upload(request: HttpRequest) -> HttpResponse:
    """Take a file; what its columns are is guessed by their names, or as a saved mapping that fits says. Nothing is brought in yet."""
    only_post(request)
    who, now, file = acting(request), timezone.now(), request.FILES.get("file")
    kind = parts.kind_of(who, request.POST.get("of", ""))
    overview_of = back_to(address(reverse("console:imports"), of=kind.key))
    if not isinstance(file, UploadedFile):
        messages.error(request, _("请先选择一个 .xlsx 或 .csv 文件。"))
        return overview_of
    if (file.size or 0) > MOST_BYTES:
        messages.error(request, _("文件超过 50 MB。请拆分后再导入。"))
        return overview_of
    data, name = file.read(), file.name or ""
    try:
        mapping = _first_mapping(request, who, read_table(name, data), name, kind)
        made = actions.keep_upload(who.organisation_id, name, data, mapping.model_dump(), by=who.by, at=now)
    except SAID as error:
        messages.error(request, tell(error))
        return overview_of
    return back_to(reverse("console:imports-map", args=[made.id]))


def _first_mapping(request: HttpRequest, who: Acting, table: Table, name: str, kind: Kind) -> SheetMapping:
    words, fitting = parts.words_for(who), fitting_mappings(who, table, kind)
    if not fitting:
        return guess(table, source_of(name) if kind is CASES else kind.key, words, kind)
    latest = max(fitting, key=lambda one: _age(one))
    messages.info(request, _("已按保存的对照表“%(name)s”填好，请核对。") % {"name": latest.name})
    return with_words(table, SheetMapping.model_validate(latest.mapping), words)


def _age(one: SavedMapping) -> datetime:
    return one.at


def fitting_mappings(who: Acting, table: Table, kind: Kind) -> list[SavedMapping]:
    """The saved mappings of this kind of sheet of which the file has every column."""
    header = set(table.header)
    saved = ((one, SheetMapping.model_validate(one.mapping)) for one in queries.saved_mappings(who.organisation_id))
    return [one for one, mapping in saved if mapping.kind is kind and header >= set(mapping.columns)]


def source_of(file_name: str) -> str:
    """What a ledger is called at first: the name of its file, without what we add to files with refused rows."""
    stem = file_name.rpartition(".")[0] or file_name
    return _TAIL.sub("", stem).strip()[:60] or "ledger"


def header_of(table: Table) -> list[str]:
    """The columns that somebody may map: not the one with our reasons."""
    return [name for name in table.header if name and name not in REASONS]


def drop(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Give a file up that was handed over and not brought in."""
    only_post(request)
    who = acting(request)
    found = parts.fetch_upload(who, upload)
    actions.drop_upload(found, by=who.by, at=timezone.now())
    messages.success(request, _("已放弃这个文件，没有导入任何内容。"))
    return back_to(address(reverse("console:imports"), of=parts.mapping_of(found).of))
