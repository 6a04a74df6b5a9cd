"""``python -m tests.oracle [HOW_MANY] [SEED]``: how many random limits the product and the oracle agree on.

Exit 0 when they agree on all, 1 when they differ on one, 2 when there is nothing to compare with.
"""

from __future__ import annotations

import sys

from tests.oracle.comparing import SEED, disagreements

MOST_SHOWN = 20


def main(words: list[str]) -> int:
    """Compare, print the differences and the count, and give the exit code."""
    if not all(word.isdecimal() for word in words) or len(words) > 2:
        print(f"found {' '.join(words)!r}, expected: python -m tests.oracle [HOW_MANY] [SEED], both whole numbers", file=sys.stderr)
        return 2
    numbers = [int(word) for word in words]
    times, seed = (*numbers, *(2_000, SEED)[len(numbers) :])
    try:
        found = list(disagreements(times, seed))
    except FileNotFoundError as missing:
        print(missing, file=sys.stderr)
        return 2
    for line in found[:MOST_SHOWN]:
        print(line)
    print(f"{times - len(found)} of {times} limits agree (seed {seed})")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
