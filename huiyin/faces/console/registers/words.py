"""How registers are shown: the names of their groups, their columns, their values with names and telephones hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy

from huiyin.core.registering import FROM_ACT
from huiyin.core.rules import RegisterField
from huiyin.desk.registers.columns import lacking, show_value
from huiyin.desk.registers.columns.of_cases import CaseLine
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import Book, other_register, rule_of
from huiyin.faces.console.cases.words import language, role_word
from huiyin.faces.parts.masks import masked_name, masked_phone
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.words import event_name

GROUPS: Final[Mapping[str, Any]] = {
    "complaints": gettext_lazy("投诉"),
    "opinions": gettext_lazy("意见建议"),
    "help": gettext_lazy("求助"),
    "penalties": gettext_lazy("失职失误"),
    "publication": gettext_lazy("公布"),
    "information": gettext_lazy("信息发布"),
    "survey": gettext_lazy("满意度调查"),
    "surveys": gettext_lazy("满意度调查"),
    "visits": gettext_lazy("走访访谈"),
    "forums": gettext_lazy("恳谈会"),
    "community": gettext_lazy("社区活动"),
    "committee": gettext_lazy("业委会"),
    "home_services": gettext_lazy("居家服务"),
    "charges": gettext_lazy("收费"),
    "merchants": gettext_lazy("商户"),
    "move_in": gettext_lazy("入住"),
    "keys": gettext_lazy("钥匙"),
    "cards": gettext_lazy("门禁卡"),
    "custody": gettext_lazy("代管与资料"),
    "insurance": gettext_lazy("保险"),
    "papers": gettext_lazy("文件"),
    "rules": gettext_lazy("内部制度"),
    "channels": gettext_lazy("渠道"),
    "contacts": gettext_lazy("联系方式"),
    "developer": gettext_lazy("开发商"),
    "superior": gettext_lazy("上级单位"),
    "assessment": gettext_lazy("考核"),
}
COMPARED: Final[Mapping[str, Any]] = {
    "within": gettext_lazy("符合：“%(book)s”%(number)s 为 %(allowed)s"),
    "above": gettext_lazy("超出 %(over)s：“%(book)s”%(number)s 为 %(allowed)s"),
    "nothing": gettext_lazy("“%(book)s”当日没有对应的一条"),
}
"""How an entry stands against the register that it is held against."""
PHONES: Final = frozenset({"phone", "mobile"})
NAMES: Final = frozenset({"name", "customer", "complainant", "resident", "student", "owner", "holder", "participant"})
EITHER: Final = "contact"
"""A column that holds a name or a number."""
FEWEST_DIGITS: Final = 5


def chinese() -> bool:
    """Whether the page is made in Chinese."""
    return language().startswith("zh")


def group_word(group: str) -> str:
    """What a group of registers is called; a group that has no word keeps its key."""
    return str(GROUPS.get(group, group))


def book_word(book: Book) -> str:
    """What a register is called in the language of the page."""
    return book.rule.name[0 if chinese() else 1]


def keeper_word(book: Book) -> str:
    """Who keeps the register."""
    return role_word(book.rule.kept_by, (book.regulation.stem,))


def column_word(field: RegisterField) -> str:
    """What a column is called in the language of the page."""
    return field.name[0 if chinese() else 1]


def is_hidden(field: RegisterField) -> bool:
    """Whether the column holds names or numbers of people, which are shown in part only."""
    return field.key in PHONES | NAMES or field.key == EITHER


def shown(field: RegisterField, value: str | None) -> str:
    """The value as the page shows it: names and telephones hidden in their middle, numbers inside other texts too."""
    return hide(field, show_value(field, value, chinese=chinese()))


def hide(field: RegisterField, said: str) -> str:
    """A text of the column with names and telephones hidden."""
    if not said or not (is_hidden(field) or field.kind == "text"):
        return said
    if field.key in PHONES or (field.key == EITHER and sum(one.isdigit() for one in said) >= FEWEST_DIGITS):
        return masked_phone(said)
    return masked_name(said) if is_hidden(field) else hide_phones_in(said)


def compared_words(entry: Entry | CaseLine) -> str:
    """How an entry stands against the register that it is held against; empty where it is held against none."""
    rule = rule_of(entry.register)
    if rule.at_most is None or not entry.compared:
        return ""
    book = rule_of(other_register(entry.register, rule.at_most)).name[0 if chinese() else 1]
    said = {"book": book, **{name: entry.compared_with.get(name, "") for name in ("number", "allowed", "over")}}
    return str(COMPARED[entry.compared]) % said


def lacking_words(book: Book, entry: Entry) -> list[str]:
    """The required columns that an act left open from which the entry followed."""
    empty = lacking(book.rule.fields, entry.values)
    return [column_word(field) for field in book.rule.fields if field.key in empty]


def recorded_words(book: Book) -> list[str]:
    """The acts that an entry of the register records, each once, as people call them."""
    told = (event_name(one.event, language()) for one in book.rule.records if one.way != FROM_ACT)
    return list(dict.fromkeys(told))


def cells(book: Book, entry: Entry | CaseLine) -> list[str]:
    """The entry's values in the order of the register's columns, as the page shows them."""
    return [shown(field, entry.values.get(field.key)) for field in book.rule.fields]
