"""`python -m tests.conformance`: all of it, counted by kind, with one reason for each failure.

`--command` runs every whole workflow by `greenlane run` in a process of its own, as anybody would; else they run here,
which is the same but for the process and takes seconds."""

import sys
from collections.abc import Iterable

from tests.conformance import code_steps
from tests.conformance.material import WHY_NOT, corpus, is_there, listed
from tests.conformance.reading import Read, lint_verdict, read_all
from tests.conformance.single import verdict as single_verdict
from tests.conformance.whole import by_command, in_process
from tests.conformance.whole import verdict as whole_verdict


def main(arguments: list[str]) -> int:
    if not is_there():
        print(WHY_NOT)
        return 0
    whole = listed("cases")
    ran = [by_command(each) for each in whole] if "--command" in arguments else in_process(whole)
    results = {
        "whole workflows": [(each["id"], whole_verdict(each, one)) for each, one in zip(whole, ran, strict=True)],
        "single steps": [(f"{each['node']} {number}", single_verdict(each))
                         for number, each in enumerate(listed("node_cases"))],
        "linter files": [(each["file"], lint_verdict(each)) for each in listed("lint_cases")],
    }  # fmt: skip
    read = read_all(corpus())
    failed = sum(_told(name, each) for name, each in results.items())
    return min(1, failed + _told_of_files(read) + code_steps.main())


def _told(name: str, results: Iterable[tuple[str, str]]) -> int:
    results = list(results)
    wrong = [(case, reason) for case, reason in results if reason]
    print(f"{name}: {len(results) - len(wrong)}/{len(results)}")
    for case, reason in wrong:
        print(f"  {case}: {reason}")
    return len(wrong)


def _told_of_files(read: Read) -> int:
    fine = read.files - len(read.crashed) - len(read.without)
    print(f"real files: {fine}/{read.files} imported, {read.compiled} can run as they are")
    for each in (*read.crashed, *read.without, *read.forgotten):
        print(f"  {each}")
    for kind, counts in sorted(read.results.items()):
        print(f"  {kind}: " + ", ".join(f"{counts[each]} {each}" for each in ("mapped", "partly", "placeholder")
                                        if counts[each]))  # fmt: skip
    return len(read.crashed) + len(read.forgotten)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
