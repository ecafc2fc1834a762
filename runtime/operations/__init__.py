"""The door: everything screens, HTTP and commands may ask for. In reading order:

- the door itself: `actors` (who may do what), `door` (permit → do → record), `runtime` (the parts an operation is
  given), `reasons` and `naming` (what is written by hand, what is called how)
- people: `people`, `groups`, `invitations`, `passwords`, `sessions`, `keys`, `rights` (sharing), `notifications`
- drawing: `workflows`, `drafts`, `versions`, `test_cases`, `pictures`, `checking` (a file read, nothing run),
  `importing` (a file of another product), `taking_in` (of one that becomes a workflow), `calling` (workflows others
  may call), `trying` (a file run once), `tryouts` (one step, from a step on, a replay), `places` (of such steps),
  `acting` (what they would change outside) and `brought` (what they are given), `pinning` (of steps), `comparing` (two
  runs), `examples`
- running: `starting` (all of them begin there), `runs`, `traces` (with `happened`, `items` and `called`: what steps,
  items and called workflows did), `exploring`, `inbox` (what runs ask people), `conversations` (whose messages are
  runs), `continuing` (one that another version began), `sources` (what an answer rests on), `forms`, `files` and
  `previews`, `schedules` and their `calendar`, `limits` (of one app) and `shares` (how much one may run), `erasing`
  (of what runs were given)
- judging: `governance` (what goes where), `manifests` (what a workflow depends on), `titles`, `sheets` (the fact
  sheet), `submissions`, `seeing` (who may see one), `reviews`, `deciding`, `decisions` (whether one still holds)
- handing out: `publishing`, `apps`, `drifting` (something it was approved with has changed), `overseeing`, `stops`,
  `reaching` (whom an app would fail for), `templates`
- the house: `models`, `local_models` (those of this machine), `connections`, `connecting` (what is said of one),
  `credentials`, `connected` (who may use one), `probing` (testing one), `vault` (its master key), `policies`,
  `isolation` (of code), `doorbell` (between processes), `knowledge`, `passages`, `audit`, `chores` (what one process
  does for all), `database` (whether it answers)
"""
