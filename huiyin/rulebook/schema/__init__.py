"""The shape of ``rules.yaml``.

A rule begins with its kind and id (``clock: start-work``); ``cites`` names its clauses, the one it is shown under first. Unknown keys
are errors. ``huiyin rulebook schema`` prints the JSON Schema for editors.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from huiyin.rulebook.schema.figures import StandardSheet
from huiyin.rulebook.schema.kinds import SHEETS
from huiyin.rulebook.schema.parts import RuleSheet, Scheme
from huiyin.rulebook.schema.registers import RegisterSheet

__all__ = ["SHEETS", "RegisterSheet", "RuleSheet", "Scheme", "StandardSheet", "json_schema"]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a whole ``rules.yaml``: a list of rules, each of one of the kinds."""
    kinds, shared = models_json_schema([(sheet, "validation") for sheet in SHEETS.values()])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rules.yaml",
        "type": "array",
        "items": {"oneOf": list(kinds.values())},
        **shared,
    }
