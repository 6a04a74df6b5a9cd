"""The page on which a mapping is drawn up: which column is which field, what all rows have in common, what their words mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from huiyin.channels.sheets.files import read_table
from huiyin.channels.sheets.kinds import CASES, Kind
from huiyin.channels.sheets.mappings import OTHERWISE, SheetMapping
from huiyin.channels.sheets.tables import Table, text_of
from huiyin.channels.sheets.words import Names, with_words, words_in
from huiyin.core.moments import BadText
from huiyin.desk.imports import actions, queries
from huiyin.desk.imports.intake import BadField, check_words
from huiyin.desk.imports.models import Upload
from huiyin.faces.console.acts import back_to
from huiyin.faces.console.cases.errors import SAID, sentence, tell
from huiyin.faces.console.imports import parts
from huiyin.faces.console.imports.views import fitting_mappings, header_of
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import hide_phones_in

_SAMPLES, _LONGEST_SAMPLE = 3, 30
_FORMS: Final = (
    ("", gettext_lazy("自动（2026-02-13 10:00、2026/2/13、2026年2月13日）")),
    ("%m/%d/%Y %H:%M", gettext_lazy("月/日/年 时:分（02/13/2026 10:00）")),
    ("%d/%m/%Y %H:%M", gettext_lazy("日/月/年 时:分（13/02/2026 10:00）")),
    ("%m/%d/%Y %I:%M:%S %p", gettext_lazy("月/日/年 时:分:秒 AM/PM（02/13/2026 10:00:00 AM）")),
    ("%Y.%m.%d %H:%M", gettext_lazy("年.月.日 时:分（2026.02.13 10:00）")),
    ("%Y.%m.%d", gettext_lazy("年.月.日（2026.02.13）")),
    ("%Y%m%d", gettext_lazy("年月日（20260213）")),
)


def edit(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Draw the mapping up; by a form it is kept, and the next page is the preview once nothing is lacking."""
    who = acting(request)
    found = parts.fetch_upload(who, upload)
    table, words = read_table(found.file_name, bytes(found.data)), parts.words_for(who)
    if request.method == "POST":
        return _kept(request, who, found, table, words)
    mapping = parts.mapping_of(found)
    kind = mapping.kind
    context: dict[str, Any] = {
        "upload": found,
        "mapping": mapping,
        "kind": kind.key,
        "of_cases": kind is CASES,
        "columns": _columns(table, mapping),
        "fields": parts.labels(kind).items(),
        "constants": [_constant(field, mapping, words) for field in kind.constants],
        "words": [_words(field, table, mapping, words[field]) for field in kind.by_key if mapping.columns_of(field)],
        "forms": [(form, label, form == mapping.dates.get("at", "")) for form, label in _forms(mapping)],
        "lacking": [parts.labels(kind)[field] for field in mapping.lacking],
        "saved": [(one, one.mapping == found.mapping) for one in fitting_mappings(who, table, kind)],
        "sources": queries.sources(who.organisation_id),
        "count": len(table.rows),
        "notes": parts.in_words(table.notes),
        "unsure": table.encoding if table.unsure else "",
    }
    return render(request, "console/imports/mapping.html", context)


def _columns(table: Table, mapping: SheetMapping) -> list[dict[str, Any]]:
    found = []
    for number, name in enumerate(header_of(table)):
        given = mapping.columns.get(name, [])
        fields = [given] if isinstance(given, str) else given
        first, second = (*fields, "", "")[:2]
        found.append({"number": number, "name": name, "field": first, "also": second, "samples": _samples(table, name)})
    return found


def _samples(table: Table, name: str) -> list[str]:
    at, found = table.header.index(name), dict[str, None]()
    for row in table.rows[:200]:
        text = _text(row.cells[at]) if at < len(row.cells) else ""
        if text:
            found[hide_phones_in(text)[:_LONGEST_SAMPLE]] = None
        if len(found) == _SAMPLES:
            break
    return list(found)


def _text(cell: Any) -> str:
    try:
        return text_of(cell).strip()
    except BadText:
        return str(cell)


def _choices(names: Names, chosen: str) -> list[tuple[str, str, bool]]:
    return [(key, parts.name_of(called), key == chosen) for key, called in names.items()]


def _constant(field: str, mapping: SheetMapping, words: Mapping[str, Names]) -> dict[str, Any]:
    return {
        "field": field,
        "label": parts.labels(mapping.kind)[field],
        "needed": field in mapping.kind.required,
        "by_column": bool(mapping.columns_of(field)),
        "choices": _choices(words[field], mapping.constants.get(field, "")),
    }


def _words(field: str, table: Table, mapping: SheetMapping, names: Names) -> dict[str, Any]:
    told = mapping.values.get(field, {})
    rows = [
        {"name": f"word-{field}-{number}", "word": word, "set": word in told, "choices": _choices(names, told.get(word, ""))}
        for number, word in enumerate(words_in(table, mapping, field))
    ]
    others = {"name": f"others-{field}", "choices": _choices(names, told.get(OTHERWISE, ""))}
    return {"field": field, "label": parts.labels(mapping.kind)[field], "rows": rows, "others": others}


def _forms(mapping: SheetMapping) -> Sequence[tuple[str, Any]]:
    own = mapping.dates.get("at", "")
    return _FORMS if own in dict(_FORMS) else (*_FORMS, (own, own))


def _kept(request: HttpRequest, who: Acting, upload: Upload, table: Table, words: Mapping[str, Names]) -> HttpResponse:
    """Keep what the form says, and go on: to the preview, or back to this page with what it still needs."""
    here, now = reverse("console:imports-map", args=[upload.id]), timezone.now()
    try:
        told = (
            _saved(request, who, table, parts.mapping_of(upload).kind)
            if request.POST.get("do") == "apply"
            else _told(request, upload, table)
        )
        mapping = with_words(table, told, words)
        actions.map_upload(upload, mapping.model_dump(), by=who.by, at=now)
        if request.POST.get("do") == "save":
            made = actions.save_mapping(who.organisation_id, request.POST.get("name", ""), mapping.model_dump(), by=who.by, at=now)
            messages.success(request, _("已保存对照表“%(name)s”。") % {"name": made.name})
            return back_to(here)
    except SAID as error:
        messages.error(request, tell(error))
        return back_to(here)
    if request.POST.get("do") == "apply":
        return back_to(here)
    if wrong := _wrong(request, who, table, mapping):
        messages.error(request, wrong)
        return back_to(here)
    return back_to(reverse("console:imports-preview", args=[upload.id]))


def _wrong(request: HttpRequest, who: Acting, table: Table, mapping: SheetMapping) -> str:
    """What has to be told before a preview says anything; empty: nothing."""
    labels = parts.labels(mapping.kind)
    if lacking := mapping.lacking:
        names = ("、" if parts.is_chinese() else ", ").join(labels[field] for field in lacking)
        return _("还缺：%(names)s。请为每一项选一列，或为全部行选一个值。") % {"names": names}
    try:
        check_words(parts.door_of(who), {field: value for field, value in mapping.constants.items() if value})
    except BadField as error:
        return f"{labels.get(error.field, error.field)}: {sentence(error)}"
    asked = set(request.POST.getlist("asked"))
    for field in mapping.kind.by_key:
        unknown = [word for word in words_in(table, mapping, field) if word not in mapping.values.get(field, {})]
        if field not in asked and mapping.columns_of(field) and unknown and OTHERWISE not in mapping.values.get(field, {}):
            # These words were not on the page that was sent: whoever sent it has not seen them.
            return _("请说明“%(name)s”一列中的词各是什么意思。") % {"name": labels[field]}
    return ""


def _saved(request: HttpRequest, who: Acting, table: Table, kind: Kind) -> SheetMapping:
    wanted = request.POST.get("saved", "")
    found = next((one for one in fitting_mappings(who, table, kind) if str(one.id) == wanted), None)
    if found is None:
        raise BadText(f"found no mapping {wanted[:40]!r} that fits the file; choose another", "没有这样的对照表；请另选一个")
    return SheetMapping.model_validate(found.mapping)


def _told(request: HttpRequest, upload: Upload, table: Table) -> SheetMapping:
    """The mapping that the form describes; what the page does not ask for stays. Raises BadText for a form that cannot be one."""
    before, sent = parts.mapping_of(upload), request.POST
    columns: dict[str, str | list[str]] = {}
    for number, name in enumerate(header_of(table)):
        fields = [field for key in ("column", "also") if (field := sent.get(f"{key}-{number}", ""))]
        if fields:
            columns[name] = list(dict.fromkeys(fields))
    form = sent.get("form", "")
    told = before.model_dump() | {
        "source": sent.get("source", before.source).strip(),
        "columns": columns,
        "constants": {field: value for field in before.kind.constants if (value := sent.get(f"constant-{field}", ""))},
        "values": {field: _meant(request, field, table, before) for field in sent.getlist("asked") if field in before.kind.by_key},
        "dates": {"at": form, "closed_at": form} if form else {},
        "dispatch": bool(sent.get("dispatch")),
    }
    try:
        return SheetMapping.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BadText(f"found a form whose {where} cannot be: {first['msg']}; correct it", f"“{where}”填写有误；请更正") from None


def _meant(request: HttpRequest, field: str, table: Table, before: SheetMapping) -> dict[str, str]:
    """What the form says of the words of a field: those left open are not in it, so that their rows are refused."""
    words = words_in(table, before, field)
    told = {word: key for number, word in enumerate(words) if (key := request.POST.get(f"word-{field}-{number}", ""))}
    others = request.POST.get(f"others-{field}", "")
    return told | ({OTHERWISE: others} if others else {})
