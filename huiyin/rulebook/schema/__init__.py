"""The shape of ``rules.yaml``.

A rule begins with its kind and id (``clock: start-work``); ``cites`` names its clauses, the one it is shown under first. Unknown keys
are errors. ``huiyin rulebook schema`` prints the JSON Schema for editors.
"""

from huiyin.rulebook.schema.parts import RuleSheet, Scheme
from huiyin.rulebook.schema.sheets import SHEETS, HonourSheet

__all__ = ["SHEETS", "HonourSheet", "RuleSheet", "Scheme"]
