from dataclasses import replace

from runtime.operations.notifications import count_unseen, list_notifications, mark_seen
from runtime.store.notifications import notify


async def test_one_sees_and_marks_ones_own_and_nobody_elses(runtime, owner):
    await runtime.writer.write(lambda tx: notify(tx, [owner.id], "Your app was stopped.", "/apps/desk", 10.0))
    assert [(each.text, each.link, each.seen) for each in await list_notifications(runtime, owner)] == [
        ("Your app was stopped.", "/apps/desk", None)
    ]
    other = replace(owner, id="person_other")
    assert await list_notifications(runtime, other) == []
    assert await count_unseen(runtime, owner) == 1
    assert await mark_seen(runtime, owner, until=10.0) == 1
    assert await count_unseen(runtime, owner) == 0
