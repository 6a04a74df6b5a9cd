"""Sets an organisation up in a house and gives it cases by the product's own actions, their moments handed in.

`python -m tests.faults.seeding --soon 300 --long_ago 100`: the first limit of the `soon` cases passes within the next seconds; the
`long_ago` cases were handed over weeks before and nobody has looked since, so that a whole ladder of limits is due at once.
The last line that it prints is JSON: organisation, unit, api_key.
"""

from __future__ import annotations

import argparse
import json
import random
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from huiyin.core.moments import SHANGHAI
from huiyin.faces.cli.house import open_house

REGULATION = "group_platform"
FIRST_LIMIT_AFTER = timedelta(minutes=10)
SOON_FROM_SECONDS, SOON_UNTIL_SECONDS = 8, 100
LONG_AGO_DAYS = (2, 30)
CLASSES = ("customer_service", "engineering_repair", "public_order", "cleaning")


def main() -> None:
    """Seed and print what was made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soon", type=int, default=0)
    parser.add_argument("--long_ago", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    open_house()
    now = datetime.now(SHANGHAI)
    organisation, project, key = set_up(now)
    chance = random.Random(args.seed)
    ages = [_soon(chance) for _ in range(args.soon)]
    ages += [timedelta(days=chance.uniform(*LONG_AGO_DAYS)) for _ in range(args.long_ago)]
    for number, age in enumerate(sorted(ages, reverse=True)):
        register(organisation, project, now - age, number, chance)
    print(json.dumps({"organisation": str(organisation), "unit": project, "api_key": key}))


def _soon(chance: random.Random) -> timedelta:
    return FIRST_LIMIT_AFTER - timedelta(seconds=chance.uniform(SOON_FROM_SECONDS, SOON_UNTIL_SECONDS))


def set_up(now: datetime) -> tuple[UUID, str, str]:
    """An organisation with a company, a branch and a project that have adopted the regulation; its id, the project, a key for programs."""
    from huiyin.desk.adoptions.actions import adopt
    from huiyin.desk.journal.actions import By
    from huiyin.desk.people import actions as people
    from huiyin.desk.places import actions as places
    from huiyin.rulebook.load import regulation

    told: dict[str, Any] = {"by": By("admin"), "at": now - timedelta(days=60)}
    group = places.add_organisation("cuiyuan", "翠园集团", **told)
    company = places.add_unit(group.id, "WY", "property_company", "翠园物业公司", **told)
    branch = places.add_unit(group.id, "FG", "branch", "第一分公司", parent=company.id, **told)
    project = places.add_unit(group.id, "CY", "project", "翠园一期", parent=branch.id, households_count=604, **told)
    adopt(company, REGULATION, str(regulation(REGULATION).source["version"]), date(2020, 1, 1), **told)
    posts = (("liu", project, "unit_liaison"), ("wang", project, "project_manager"), ("chen", branch, "branch_head"))
    for login, unit, role in (*posts, ("zhao", company, "quality_dept")):
        staff = people.add_staff(group.id, login, login, **told)
        people.give_post(staff, unit, role, date(2020, 1, 1), **told)
    _, key = people.make_api_key(company, "faults", ("handover", "cases.read", "cases.write"), **told)
    return group.id, project.code, key


def register(organisation: UUID, unit: str, at: datetime, number: int, chance: random.Random) -> UUID:
    """A complaint that the call centre took in and handed over at that moment, as if it had been entered then."""
    from huiyin.desk.cases.actions import Registration, register

    form = Registration(
        record="complaint",
        unit=unit,
        channel="call_centre_400",
        story=f"电梯停运，无人处理（种子 {number}）",
        category={"GP": chance.choice(CLASSES)},
        severity={"GP": chance.choice(("general", "serious"))},
        contact_name="李女士",
        contact_phone=f"199{number:08d}",
        by_role="group_cc_operator",
        external_numbers={"seed": f"seed-{number}"},
    )
    return register(organisation, form, by=None, at=at, dispatch_to=unit).case_id


if __name__ == "__main__":
    main()
