"""`python -m huiyin`: the command line."""

import sys

from huiyin.faces.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
