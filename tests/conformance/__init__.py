"""Files and cases of Dify, judged here: what is imported runs as it runs there. The material lies beside the repository
and is not part of it.

In reading order: `material` (where it lies), `mocking` (their mocks as our pins), `whole` (whole workflows, run),
`single` (single steps), `reading` (their linter's files, and real ones), `tally` (what is printed)."""
