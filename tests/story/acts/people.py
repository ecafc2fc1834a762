"""Everybody comes in."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.story.stage import Stage, choose_tab


def people(stage: Stage) -> None:
    """The owner comes in by the one-time link, chooses a password, makes two departments and invites everybody."""
    server = stage.server
    with stage.step("the owner comes in by the link the server printed and sets a password"):
        owner = stage.person("owner")
        owner.goto(server.link)
        owner.get_by_role("button", name="Sign in").click()
        expect(owner.get_by_role("heading", name="Workflows")).to_be_visible()
        stage.go("owner", "/account")
        stage.shoot(owner, "account")
    with stage.step("departments"):
        for name in ("Human resources", "Sales"):
            stage.go("owner", "/people")
            choose_tab(owner, "Groups")
            owner.get_by_role("button", name="New group").first.click()
            owner.get_by_label("Name").fill(name)
            owner.get_by_role("dialog").get_by_role("button").last.click()
            expect(owner.get_by_text(name)).to_be_visible()
    for who, roles, group in (
        ("Rita Reviewer", ["IT reviewer"], None),
        ("Anna Analyst", ["Analyst"], "Human resources"),
        ("Sam Seller", ["Analyst"], "Sales"),
        ("Max Member", [], "Human resources"),
        ("Otto Outsider", [], "Sales"),
        ("Ada Auditor", ["Auditor"], None),
    ):
        with stage.step(f"{who} is invited and comes in"):
            invite(stage, who, roles, group)


def invite(stage: Stage, who: str, roles: list[str], group: str | None) -> None:
    """The owner makes a link; the person opens it."""
    owner = stage.go("owner", "/people")
    choose_tab(owner, "People")
    owner.get_by_role("button", name="Invite a person").click()
    form = owner.get_by_role("dialog")
    form.get_by_label("Name").fill(who)
    form.get_by_label("E-mail").fill(f"{who.split()[0].lower()}@example.com")
    for each in ("Platform owner", "IT reviewer", "Analyst", "Auditor", *([group] if group else [])):
        box = form.locator("label").filter(has=owner.get_by_text(each, exact=True)).get_by_role("switch")
        box.set_checked(each in (*roles, group))
    form.get_by_role("button", name="Make the link").click()
    link = owner.get_by_role("dialog").locator("code").inner_text()
    stage.shoot(owner, "invitation") if who.startswith("Rita") else None
    page = stage.come_in(who.split()[0].lower(), link)
    if who.startswith("Max"):
        stage.shoot(page, "home-of-a-member")
