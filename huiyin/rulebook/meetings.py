"""Where regulations speak of one matter: which clauses meet, and what holds where several are adopted (``meetings.yaml``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from huiyin.plumbing.strict_yaml import read_yaml
from huiyin.rulebook.load import FOLDER, BadRulebook, regulation, stems
from huiyin.rulebook.words import regulation_of

FILE = FOLDER / "meetings.yaml"


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(pattern=r"^X[0-9]+$")
    zh: str = Field(min_length=2)
    en: str = Field(min_length=2)
    clauses: list[str] = Field(min_length=1)
    how_zh: str = Field(min_length=4)
    how_en: str = Field(min_length=4)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One matter: its number in the catalogue, its name, its clauses by the stem of their regulation, and what holds where they meet."""

    source: str
    name: tuple[str, str]
    clauses: dict[str, tuple[str, ...]]
    how: tuple[str, str]

    def among(self, adopted: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The clauses of the ``adopted`` regulations, by stem, where two of them meet here; none where only one speaks of the matter.

        A matter of one regulation alone (which text stands above the others) is met by whatever else is adopted.
        """
        names = set(adopted)
        found = {stem: own for stem, own in self.clauses.items() if stem in names}
        return found if found and (len(found) > 1 or (len(self.clauses) == 1 and len(names) > 1)) else {}


@lru_cache(maxsize=1)
def meetings() -> tuple[Meeting, ...]:
    """All of them in the order of the catalogue. Raises BadRulebook for a file that does not fit or names an unknown clause."""
    value = read_yaml(FILE).value
    try:
        sheets = [_Sheet.model_validate(one) for one in value]
    except (TypeError, ValidationError) as error:
        raise BadRulebook([f"{FILE.name}: {error}"]) from None
    known = {clause for stem in stems() for clause in regulation(stem).clauses}
    if wrong := [
        f"{FILE.name}: {one.source} names {each}; no regulation has it" for one in sheets for each in one.clauses if each not in known
    ]:
        raise BadRulebook(wrong)
    return tuple(Meeting(one.source, (one.zh, one.en), _by_stem(one.clauses), (one.how_zh, one.how_en)) for one in sheets)


def _by_stem(clauses: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for clause in clauses:
        owner = regulation_of(clause)
        assert owner is not None
        found[owner.stem] = (*found.get(owner.stem, ()), clause)
    return found
