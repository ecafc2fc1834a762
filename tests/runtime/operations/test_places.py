"""A step inside a container is tried out in an item or a round that an earlier run really had."""

import pytest

from runtime.errors import BadInput, NotFound
from runtime.operations import tryouts
from tests.runtime.operations import test_tryouts
from tests.runtime.operations.test_tryouts import ended

ran, workflow = test_tryouts.ran, test_tryouts.workflow


@pytest.mark.parametrize("path", ["all[9]", "all[-1]", "all[x]", "all[]", "all[0", "all", "all[ 1]", "all[1_0]"])
async def test_an_item_that_is_none_is_refused_before_anything_runs(runtime, owner, workflow, ran, path):
    for run in (ran, ""):
        with pytest.raises(BadInput):
            await tryouts.run_step(runtime, owner, workflow=workflow, step="name", run=run, path=path)
    with pytest.raises(BadInput, match="only a run knows"):
        await tryouts.run_step(runtime, owner, workflow=workflow, step="name", path="all[0]")


async def test_a_step_in_no_container_has_no_items(runtime, owner, workflow, ran):
    with pytest.raises(BadInput, match="lies in no container"):
        await tryouts.run_step(runtime, owner, workflow=workflow, step="first", run=ran, path="all[0]")
    with pytest.raises(BadInput, match="say with which item"):
        await tryouts.run_step(runtime, owner, workflow=workflow, step="name", run=ran)
    with pytest.raises(NotFound):
        await tryouts.run_step(runtime, owner, workflow=workflow, step="gone", run=ran)
    started = await tryouts.run_step(runtime, owner, workflow=workflow, step="name", run=ran, path="all[1]")
    assert (await ended(runtime, owner, started))["status"] == "succeeded"
