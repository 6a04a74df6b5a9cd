"""The clauses of the supervision standard that the live records can prove have their proof: none is taken away unseen."""

from huiyin.core.rules import StandardRule
from huiyin.rulebook.coverage import coverage
from huiyin.rulebook.load import regulation

PROVED = """
    2.1.1.2a 2.1.1.2b 2.1.1.3a 2.1.1.4a 2.1.1.4b 2.1.2.1a 2.1.2.3a 2.1.2.5c 2.1.3.1a 2.1.3.1b 2.1.3.1c 2.1.3.1d 2.1.3.2a 2.1.3.4a
    2.1.3.5a 2.1.3.5b 2.1.4.1b 2.1.4.1c 2.1.5.1a 2.1.5.1b 2.2.1.1a 2.2.1.1b 2.2.1.1c 2.2.2.1b 2.2.2.1c 2.3.0.1a 2.3.0.1c 2.4.0.1a
    2.4.0.2c 2.4.0.4a 2.4.0.4b 2.4.0.5a 2.4.0.5b 2.4.0.6b 3.1.1.1a 3.1.1.1b 3.1.1.4a 3.1.1.5a 3.1.2.1c 3.1.2.1d 3.1.2.2a 3.1.3.1a
    3.1.4.1c 3.2.1.1b 3.3.1.1a 3.3.1.1c 3.4.0.1b 3.5.0.1a 3.6.1.1b 3.6.2.1b 3.6.2.1c 3.6.3.1a 3.6.3.1b 4.1.1.1a 4.1.1.2 4.2.1.1b
    4.2.2.1a 4.2.3.1a 4.2.4.2 4.2.4.3 4.3.0.1a 4.3.0.2b 4.3.0.2a 4.3.0.3a 5.1.0.1a 5.2.0.1a 5.2.0.1c 5.3.0.1a 5.3.0.1b 6.1.1.1a
    6.1.1.1b 6.1.2.1a 6.1.2.2b 6.1.2.3b 6.1.2.4 6.1.2.5 6.1.2.6 6.1.2.7 6.2.0.1a 6.2.0.2a 6.2.0.3a 7.2.0.1a 7.3.0.1a 7.3.0.2c
    7.3.0.3b 7.3.0.4a 7.3.0.4b 7.3.0.4c 7.5.0.1a 7.5.0.2a 7.6.0.1a
"""


def test_every_clause_that_records_can_prove_has_its_proof() -> None:
    standards = [rule for rule in regulation("customer_relations").rules if isinstance(rule, StandardRule)]
    assert {proof.clause for rule in standards for proof in rule.proofs} == {f"CR-{number}" for number in PROVED.split()}


def test_a_clause_names_the_test_of_its_own_proof() -> None:
    shown = {one.clause: one.shown for one in coverage("customer_relations")}
    assert any(test.endswith("[CR:check-2-4-0-5/returned]") for test in shown["CR-2.4.0.5a"])
    assert not any("check-2-4-0-5" in test for test in shown["CR-2.4.0.6a"])


def test_what_only_a_person_sees_says_what_to_look_at() -> None:
    standards = {rule.cites[0]: rule for rule in regulation("customer_relations").rules if isinstance(rule, StandardRule)}
    only_seen = [clause for clause, rule in standards.items() if rule.on_site and not rule.proofs]
    assert only_seen == ["CR-1.1.0.1", "CR-2.1.1.1", "CR-7.4.0.1"]
