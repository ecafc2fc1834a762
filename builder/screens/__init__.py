"""The screens: one file per noun, each with what it looks like and the state behind it.

A handler does four things: takes the actor, calls one operation, turns the answer into rows of plain values, tells what
happened. Rows hold only what this person may see, because they reach the browser. In reading order:

- `workflows`   home: the person's workflows; new, rename, duplicate, delete
- `runs`, `run` all runs; one run with its steps
- `models`      aliases and what stands behind them
- `account`     who I am, keys, appearance
- `not_found`   no such page
- `gallery`     every component in every state
"""
