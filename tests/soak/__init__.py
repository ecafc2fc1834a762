"""Lets one process of the product live, work and be restarted for minutes, and looks for what wears out.

`moods` (a model server with good and bad days) · `lives` (what is done in one life: runs are started, followed,
cancelled, and the engine is closed in their midst) · `footprint` (memory, files, threads, tasks) · `verdict` (what the
logs say of every run afterwards). `python -m tests.soak --lives 25 --runs 800`. What is run is the workflow of
`tests.kill`, which also says what must come out of it."""
