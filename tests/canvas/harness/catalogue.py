"""Prints the real step types for the harness."""

import json
import sys

from nodes.catalogue import load

json.dump(load().describe(), sys.stdout)
