"""What reads texts of strangers in our own process, run here in a child with limits: a bomb that works bursts there."""

import json
import time

from runtime.graph.reading import read
from runtime.graph.references import parse_template
from tests.hostile.payloads import BOMBS, ESCAPES

DRESSES = ("TEXT", "greenlane: 1\nname: a\nmeaning:\n  steps:\n    a: TEXT\n", '{"greenlane": 1, "name": TEXT}')
"""as a whole file, inside a workflow, inside JSON"""


def main(_given: bytes) -> bytes:
    """Name → seconds of the slowest reading, and whatever was no clean answer."""
    told = {}
    texts = {f"reach {name}": text for name, text in ESCAPES.items()} | {
        f"bomb {name}": text for name, text in BOMBS.items()
    }
    for name, text in texts.items():
        slowest, wrong = 0.0, []
        for dress in DRESSES:
            began = time.process_time()
            reading = read(dress.replace("TEXT", text).encode("utf-8", "replace"))
            slowest = max(slowest, time.process_time() - began)
            if reading.document is None and not reading.problems:
                wrong.append("refused without a word")
            wrong += [each.sentence for each in reading.problems if "Traceback" in each.sentence]
        began = time.process_time()
        template = parse_template(text)
        slowest = max(slowest, time.process_time() - began)
        if any(each.root in {"cycler", "self", "config", "lipsum"} and each.filters for each in template.references):
            wrong.append("a reference does more than name a value")
        told[name] = [slowest, wrong]
    return json.dumps(told).encode()
