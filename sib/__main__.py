"""`python -m sib` is the command line."""

import sys

from sib.cli import main

sys.exit(main())
