"""What is drawn, and what it comes to, without a database, a clock or a network.

In reading order:
- the document: `document` (what a person draws), `plain` (the values in it), `edits` and `applying` (every change to
  it, with its inverse), `rebasing` (two people at once), `hashing`, `schema`
- the file: `parsing`, `upgrades` and `reading` (bytes to document), `ordering` and `writing` (document to text)
- references: `references` and `filters` (`{{ step.field | upper }}`), `marks` and `binding` (settings with values
  put in)
- compiling: `checking_steps`, `checking_edges` (with `network`) and `checking_references` find all `problems` at once,
  in words of `wording` and `naming`; `compiling` makes the `plan` of what is sound
- `explaining`: what a workflow does, in plain sentences
- two documents: `diffing` (what changed), `restoring` (the edits from one to the other),
  `rerunning` (what runs anew from a step on)
- data: `touching` (what a document names outside itself), `flowing` (what goes where) and `crossing` (one thing that
  does), `handing` (what a person gets word for word)
"""
