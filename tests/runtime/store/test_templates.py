import pytest

from runtime.store import templates
from runtime.store.people import insert_person
from runtime.store.rights import give_right
from runtime.store.runs import keep_content
from tests.runtime.store.approving import ada, approve


@pytest.fixture
def published(writer):
    """The template `greeting`, which Bob may use."""

    def work(tx) -> None:
        ada(tx)
        decision = approve(tx)
        keep_content(tx, "h1", b'{"steps":{"start":{},"finish":{}}}')
        insert_person(tx, person="bob", name="Bob", roles=["analyst"], now=1.0)
        templates.insert_template(
            tx, template="t_1", name="greeting", title="Greeting", description="Says hello.", icon="smile",
            workflow="w", version="v1", decision=decision, owner="ada", now=1.0,
        )  # fmt: skip
        give_right(tx, "t_1", "bob", "see")

    writer.offer(work).result(5)


def test_a_template_names_its_owner_and_counts_the_drafts_that_began_as_it(writer, reader, published):
    writer.offer(
        lambda tx: tx.exec_driver_sql(
            "INSERT INTO workflow (id, name, owner, created, template) VALUES ('w_2', 'mine', 'bob', 1.0, 't_1')"
        )
    ).result(5)
    for name in ("greeting", "t_1"):
        found = reader.now(lambda tx, name=name: templates.find_template(tx, name))
        assert (found.title, found.who, found.version, found.used, found.steps) == ("Greeting", "Ada", "v1", 1, 2)


def test_only_whoever_holds_a_right_has_it_in_their_list(reader, published):
    assert [each.name for each in reader.now(lambda tx: templates.templates_for(tx, "bob"))] == ["greeting"]
    assert reader.now(lambda tx: templates.templates_for(tx, "ada")) == []


def test_a_withdrawn_template_is_gone_for_everybody_and_its_name_stays_taken(writer, reader, published):
    assert writer.offer(lambda tx: templates.withdraw_template(tx, "t_1", 5.0)).result(5)
    assert not writer.offer(lambda tx: templates.withdraw_template(tx, "t_1", 6.0)).result(5)
    assert reader.now(lambda tx: templates.find_template(tx, "greeting")) is None
    assert reader.now(lambda tx: templates.templates_for(tx, "bob")) == []
    assert reader.now(lambda tx: templates.taken_template_names(tx, "gree")) == {"greeting"}
    assert reader.now(lambda tx: templates.taken_template_names(tx, "other")) == set()
