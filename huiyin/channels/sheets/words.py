"""The words that a ledger may say for what we keep by a key (units, kinds of record, channels, classes, states); guessing what is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from huiyin.channels.sheets.mappings import ENGLISH, FIELDS, SheetMapping
from huiyin.channels.sheets.tables import Table, text_of
from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.rules import Regulation
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.places import queries as places
from huiyin.plumbing.text import fold_text
from huiyin.rulebook.words import class_name, classes

Names = Mapping[str, tuple[str, ...]]
"""Our key → its names: the Chinese one, the English one, then what ledgers also call it."""
RECORDS: Final[Names] = {
    "complaint": ("投诉", "complaint"),
    "repair": ("报修", "repair", "维修", "repair request"),
    "help_request": ("求助", "help request", "需求", "request"),
    "suggestion": ("建议", "suggestion", "建言", "意见建议"),
    "inquiry": ("咨询", "inquiry", "询问", "question"),
    "praise": ("表扬", "praise", "感谢"),
    "opinion": ("评价意见", "opinion", "意见"),
    "emergency": ("突发事件", "emergency"),
}
STATES: Final[Names] = {
    "open": ("未办结", "open", "办理中", "处理中", "未完成", "待处理", "待回复", "未关闭", "否"),
    "closed": ("已办结", "closed", "已办理", "已完成", "办结", "完成", "已关闭", "已结案", "结案", "是"),
}
_ALSO: Final[Mapping[str, str]] = {
    "source_id": "编号、工单编号、工单号、单号、投诉编号、投诉单号、受理编号、受理单号、流水号、留言编号、序号、"
    "id、tid、no、case id、caseid、request id",
    "at": "投诉时间、投诉日期、受理日期、接诉时间、接单时间、登记时间、登记日期、来电时间、来访时间、反映时间、留言时间、"
    "创建时间、发生时间、日期、时间、date、time、received、opened、created、created date",
    "unit": "项目、项目名称、小区、小区名称、楼盘、管理处、单位、单位编号、服务中心、project、estate、unit code",
    "record": "工单类型、受理类型、诉求类型、事项类型、记录类型、type",
    "channel": "投诉渠道、受理渠道、来源渠道、投诉方式、受理方式、反映方式、来源、source",
    "category": "投诉分类、投诉类别、问题分类、问题类别、类别、投诉类型、domain",
    "severity": "等级、投诉等级、投诉级别、级别、性质、priority",
    "title": "主题、投诉标题、留言主题、摘要、subject",
    "story": "投诉内容、反映内容、受理内容、问题描述、投诉事项、事由、情况描述、详情、详细内容、留言详情、描述、"
    "content、description、details",
    "wish": "要求、客户诉求、客户要求、业主诉求、demand",
    "household": "房间号、房间、室号、房屋、门牌、门牌号、楼栋房号、room",
    "place": "位置、地址、发生地点、投诉地点、区域、address、location、district",
    "contact_name": "姓名、投诉人、业主、业主姓名、客户姓名、客户、联系人姓名、来电人、反映人、留言用户、name、customer",
    "contact_phone": "联系电话、手机、手机号、手机号码、联系方式、来电号码、业主电话、phone、mobile",
    "state": "办理状态、处理状态、工单状态、是否办结、是否完成、status",
    "closed_at": "办结日期、完成时间、完成日期、关闭时间、结案时间、结案日期、处理完成时间、答复时间、回复时间、closed、closed date",
}
"""What ledgers call our fields, besides our own names; the likelier first."""
BY_KEY: Final = ("unit", "record", "channel", "category", "severity", "state")
"""The fields that are kept by a key."""
MOST_WORDS: Final = 60


def known_words(organisation_id: UUID, units: Collection[str], at: datetime) -> dict[str, Names]:
    """What may stand in each field that is kept by a key, at some of these units, by the regulations adopted for them or above them."""
    tree = places.tree(organisation_id)
    paths = {one for code in units for one in tree.units.path(code)}
    found = [one.regulation for one in adopted_for(organisation_id, in_shanghai(at)) if one.unit in paths]
    channels = {str(one["key"]): regulation for regulation in found for one in regulation.source.get("channels", ())}
    return {
        "unit": {code: names for code, names in tree.names.items() if code in units},
        "record": RECORDS,
        "channel": {key: _both("channels", key, of) for key, of in channels.items()},
        "category": _classes(found, "category"),
        "severity": _classes(found, "severity"),
        "state": STATES,
    }


def _classes(regulations: Iterable[Regulation], scheme: str) -> Names:
    found = {key: one for one in regulations for key, _name in classes(one.stem, scheme, "zh", "case")}
    return {key: _both(scheme, key, of) for key, of in found.items()}


def _both(scheme: str, key: str, of: Regulation) -> tuple[str, str]:
    return class_name(scheme, key, "zh", of.stem), class_name(scheme, key, "en", of.stem)


def meant(names: Names, word: str) -> str:
    """The key that a word of a ledger means, if it says so plainly; else nothing."""
    said = fold_text(word)
    return next((key for key, called in names.items() if said == fold_text(key) or said in map(fold_text, called)), "")


def guess_columns(header: Sequence[str]) -> dict[str, str]:
    """Their column → our field, as far as the headings say so. Each field is guessed once: by its own name before what ledgers also say."""
    free = {fold_text(name): name for name in reversed(header) if name}
    guessed: dict[str, str] = {}
    names = {field: (FIELDS[field], ENGLISH[field], *_ALSO.get(field, "").split("、")) for field in FIELDS}
    for rank in range(max(map(len, names.values()))):
        for field, called in names.items():
            if rank < len(called) and field not in guessed.values() and (column := free.pop(fold_text(called[rank]), None)):
                guessed[column] = field
    return {column: guessed[column] for column in header if column in guessed}


def guess(table: Table, source: str, words: Mapping[str, Names]) -> SheetMapping:
    """The mapping of a file as its headings and words suggest it; what they do not say is left out, to be asked for."""
    columns: dict[str, str | list[str]] = dict(guess_columns(table.header))
    return with_words(table, SheetMapping(source=source, columns=columns), words)


def words_in(table: Table, mapping: SheetMapping, field: str) -> list[str]:
    """The different words in the columns of a field, in their order in the file; at most ``MOST_WORDS`` of them."""
    places_of = [table.header.index(name) for name in mapping.columns_of(field) if name in table.header]
    found: dict[str, None] = {}
    for row in table.rows:
        text = mapping.join.get(field, " ").join(_text(row.cells[at]) for at in places_of if at < len(row.cells)).strip()
        if text:
            found[text] = None
        if len(found) >= MOST_WORDS:
            break
    return list(found)


def _text(cell: object) -> str:
    try:
        return text_of(cell)  # type: ignore[arg-type]
    except BadText:
        return ""


def with_words(table: Table, mapping: SheetMapping, words: Mapping[str, Names]) -> SheetMapping:
    """The mapping that also says what the words of the file mean, as far as they say so plainly; what it says already stays."""
    values = {field: dict(told) for field, told in mapping.values.items()}
    for field in BY_KEY:
        if not mapping.columns_of(field):
            continue
        told = values.setdefault(field, {})
        for word in words_in(table, mapping, field):
            if word not in told and "*" not in told and (key := meant(words.get(field, {}), word)):
                told[word] = key
    return mapping.model_copy(update={"values": values})
