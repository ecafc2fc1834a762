"""`python -m builder.command`: the command without its entry point."""

import sys

from builder.command import main

sys.exit(main())
