"""The door: everything screens, HTTP and commands may ask for. In reading order: `actors` (who may do what), `door`
(permit → do → record), `runtime` (the parts an operation is given); then the verbs by their noun: `people`, `keys`,
`models`, `workflows`, `drafts`, `runs`, `traces`, `trying` (a file run once), `checking` (a file read, nothing run)."""
