"""What the administrator's forms offer: the units as a tree, and the posts of the regulations in force, by their words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.rules import Rule, StepRule
from huiyin.desk.adoptions.queries import adoptions
from huiyin.desk.matters.steps import schemes
from huiyin.desk.people.access import OFFICES, does_something
from huiyin.desk.people.models import Post
from huiyin.desk.places import queries as places
from huiyin.faces.console.acts import unit_names
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.load import regulation
from huiyin.rulebook.words import is_chinese, role_name

_OUTSIDE: Final = "outside"
Choices = list[tuple[str, Any]]


def tree_of(who: Acting) -> list[tuple[str, int, str]]:
    """The units in reach as a tree: code, depth and name, each below the one it belongs to."""
    units, names = places.units(who.organisation_id), unit_names(who)

    def walk(code: str, depth: int) -> Iterator[tuple[str, int, str]]:
        if code in names:
            yield code, depth, names[code]
        for below in units.children.get(code, ()):
            yield from walk(below, depth + 1)

    tops = (unit.code for unit in units.by_code.values() if unit.parent not in units.by_code)
    return [one for top in tops for one in walk(top, 0)]


def unit_choices(who: Acting) -> Choices:
    """The units in reach for a list to choose from, indented as the tree is."""
    return [(code, "　" * depth + f"{name}（{code}）") for code, depth, name in tree_of(who)]


def role_choices(who: Acting, day: date, *, offices: bool = True) -> Choices:
    """The posts of the regulations that are adopted and not ended, under the name of each; those of every office first."""
    words, given = language(), set(OFFICES)
    found: Choices = [(_("通用岗位"), [(role, role_name(role, words)) for role in OFFICES])] if offices else []
    rows = adoptions(who.organisation_id)
    for stem in dict.fromkeys(row.regulation for row in rows if row.until_on is None or row.until_on >= day):
        of = regulation(stem)
        roles = [role for role in of.role_names if role not in given and of.role_levels.get(role) != _OUTSIDE and does_something(role)]
        given |= set(roles)
        if roles:
            found.append((of.title[0 if is_chinese(words) else 1], [(role, role_name(role, words, (stem,))) for role in roles]))
    return found


def class_choices(who: Acting, post: Post) -> Choices:
    """The classes that the holder of a post may be responsible for: of each regulation in force that has this post and lets cases be
    assigned to a person."""
    day, words = timezone.localdate(), language()
    rows = adoptions(who.organisation_id)
    stems = dict.fromkeys(row.regulation for row in rows if row.until_on is None or row.until_on >= day)
    found = [one for one in map(regulation, stems) if post.role in one.role_names and any(map(_assigns, one.rules))]
    chinese = is_chinese(words)
    return [
        (group.title[0 if chinese else 1], [(f"{group.prefix}:{one.key}", one.name[0 if chinese else 1]) for one in group.choices])
        for group in schemes(found, "category")
    ]


def _assigns(rule: Rule) -> bool:
    return isinstance(rule, StepRule) and "assignee" in rule.asks
