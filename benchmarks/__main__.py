"""`python -m benchmarks NAME…`: runs the benchmarks with these names (default: all) and prints a table each.

Exit code 1 if one is beyond its limit, 2 for an unknown name.
"""

from __future__ import annotations

import importlib
import sys

NAMES = ("intake", "watch", "pages", "follow", "replay", "analysis", "topics", "pictures")


def main(words: list[str]) -> int:
    """Run them one after the other."""
    if unknown := [word for word in words if word not in NAMES]:
        print(f"benchmarks: found {', '.join(unknown)}, expected some of {', '.join(NAMES)}", file=sys.stderr)
        return 2
    codes: list[int] = [importlib.import_module(f"benchmarks.{name}").run() for name in words or NAMES]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
