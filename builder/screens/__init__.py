"""The screens: one file per noun, each with what it looks like and the state behind it.

A handler does four things: takes the actor, calls one operation, turns the answer into rows of plain values, tells what
happened. Rows hold only what this person may see, because they reach the browser. Where a screen is long, `x_view` is
what it looks like and `x` the state behind it. In reading order:

- `workflows`          home: the person's workflows; new, rename, duplicate, delete
- `library`, `template`   approved workflows to start from; one of them before one begins
- `apps`, `app`        what one may run; one app: form, result with sources, earlier runs
- `app_chat`           an app one chats with; `answer` how an answer comes and is read
- `app_manage`         looking after an app: releases, stop, keys (`app_schedules` and `app_limits` are its parts)
- `publish`            what an approval becomes: an app or a template
- `runs`, `run`        finding runs; one run with its steps (`run_step`: one of them in full; `run_trying`: trying out)
- `compare`            two runs side by side
- `knowledge`, `knowledge_base`, `passage`   knowledge bases, one with its documents, one passage of one
- `inbox`, `decide`    what waits for one's decision, and deciding it
- `reviews`, `review`  submissions; one of them (`review_shown`, `review_deciding`, `review_forms` are its parts)
- `models` (`models_local`: those of this machine), `connections`, `policies`, `people`, `audit`   oversight
- `account`            who I am, where I am signed in, keys, appearance
- `not_found`   no such page
- `gallery`     every component in every state
"""
