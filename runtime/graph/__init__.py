"""What is drawn, and what it comes to, without a database, a clock or a network.

In reading order: `document` (what a person draws), `edits` and `applying` (every change to it, with its inverse),
`rebasing` (two people at once), `reading`, `upgrades` and `writing` (bytes to document and back), `hashing`, `schema`,
`references` and `filters` (`{{ step.field }}`), `marks` and `binding` (settings with values put in), `compiling` with
`checking` (document and catalogue to `plan`, or `problems`), `explaining` (a document in plain sentences).
"""
