"""Works every open clock of an organisation out afresh and prints each difference and orphan; verifies its journal to the last entry.

`python -m tests.faults.reconciling ORGANISATION` exits 1 if anything is found.
"""

from __future__ import annotations

import sys
from datetime import datetime
from uuid import UUID

from huiyin.core.moments import SHANGHAI
from huiyin.faces.cli.house import open_house


def main() -> int:
    """0 when nothing differs."""
    open_house()
    from huiyin.desk.clocks.watch import reconcile
    from huiyin.desk.journal.queries import verify

    organisation = UUID(sys.argv[1])
    differences = reconcile(organisation, datetime.now(SHANGHAI))
    verdict = verify(organisation)
    for one in differences:
        print(one)
    print(verdict)
    return 0 if verdict.ok and not differences else 1


if __name__ == "__main__":
    sys.exit(main())
