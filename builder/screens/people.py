"""People and groups: who is here, what they are, how they come in. How it looks is in `people_view`."""

from typing import Literal, TypedDict

import reflex as rx

from builder.components.asking import Asking
from builder.components.narrow import Narrowed, narrowed
from builder.components.toast import told
from builder.session import current_actor, internal, requires
from builder.texts import count
from builder.wiring import runtime
from runtime.operations import groups, invitations, people
from runtime.operations.actors import ROLES
from runtime.operations.groups import GroupCard
from runtime.operations.people import PersonCard

GIVEN_BY_ALL = "member"
"""the role nobody has to be given"""


class Row(TypedDict):
    """Somebody in the table."""

    id: str
    name: str
    email: str
    roles: str
    groups: str
    state: str
    seen: float
    disabled: bool
    invited: bool
    me: bool


class Group(TypedDict):
    """A group in its list."""

    id: str
    name: str
    about: str
    members: str
    names: str


class Option(TypedDict):
    """Something to tick."""

    id: str
    name: str
    about: str
    on: bool


ROLE_WORDS = {
    "owner": "Looks after people, models and rules. Sees no contents by that alone.",
    "reviewer": "Decides what is published, and can stop it.",
    "analyst": "Draws workflows and submits them for review.",
    "auditor": "Reads what happened, changes nothing.",
}


class People(Asking, Narrowed, rx.State):
    """Both lists, and the dialog that is open."""

    tab: Literal["people", "groups"] = "people"
    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    groups: rx.Field[list[Group]] = rx.field(default_factory=list)
    loaded: bool = False
    may_own: bool = False
    """whether this person may change roles and groups"""
    chosen: str = ""
    name: str = ""
    about: str = ""
    link: str = ""
    link_for: str = ""
    roles: rx.Field[list[Option]] = rx.field(default_factory=list)
    ticks: rx.Field[list[Option]] = rx.field(default_factory=list)
    """groups for somebody new, people for a group"""
    _people: dict[str, PersonCard]
    _groups: dict[str, GroupCard]

    @rx.var
    def shown(self) -> list[Row]:
        """The people that match what was typed."""
        return narrowed(self.rows, self.wanted, "name", "email", "groups")

    @internal
    async def load(self) -> None:
        self.asking = ""
        async with told(self):
            await self._refresh()

    async def _refresh(self) -> None:
        actor = current_actor()
        self._people = {each.id: each for each in await people.list_people(runtime(), actor)}
        self._groups = {each.id: each for each in await groups.list_groups(runtime(), actor)}
        self.may_own, self.loaded = "owner" in actor.roles, True
        self.rows = [self._row(each, actor.id) for each in self._people.values()]
        self.groups = [self._group(each) for each in self._groups.values()]

    def _row(self, card: PersonCard, me: str) -> Row:
        named = [self._groups[group].name for group in card.groups if group in self._groups]
        state = "Disabled" if card.disabled else "Invited" if card.invited else ""
        return Row(
            id=card.id, name=card.name, email=card.email, roles=", ".join(ROLES[role] for role in card.roles),
            groups=", ".join(sorted(named)), state=state, seen=card.seen or 0.0, disabled=bool(card.disabled),
            invited=card.invited, me=card.id == me,
        )  # fmt: skip

    def _group(self, card: GroupCard) -> Group:
        names = sorted(self._people[person].name for person in card.members if person in self._people)
        return Group(
            id=card.id, name=card.name, about=card.description, members=count(len(card.members), "person", "people"),
            names=", ".join(names),
        )  # fmt: skip

    @requires("page.see")
    async def show(self, tab: Literal["people", "groups"]) -> None:
        self.tab = tab

    @requires("page.see")
    async def close(self) -> None:
        self.asking, self.link = "", ""

    @requires("person.invite")
    async def ask_invite(self) -> None:
        self.roles = _role_options({"analyst"}, all_of_them=self.may_own)
        self.ticks = [Option(id=each["id"], name=each["name"], about="", on=False) for each in self.groups]
        self.asking = "invite"

    @requires("person.invite")
    async def invite(self, form: dict[str, str | bool]) -> None:
        async with told(self):
            made = await invitations.invite_person(
                runtime(), current_actor(), name=str(form.get("name", "")), email=str(form.get("email", "")),
                roles=_ticked(form, "role"), groups=_ticked(form, "tick"),
            )  # fmt: skip
            await self._refresh()
            self._show_link(made)

    @requires("person.invite")
    async def invite_again(self, person: str) -> None:
        async with told(self):
            self._show_link(await invitations.invite_again(runtime(), current_actor(), person=person))

    @requires("person.reset")
    async def make_link(self, person: str) -> None:
        async with told(self):
            self._show_link(await invitations.reset_link(runtime(), current_actor(), person=person))

    def _show_link(self, made: invitations.Invitation) -> None:
        self.link = f"{runtime().settings.origin}/sign-in?code={made.code}"
        self.link_for, self.asking = self._people[made.person].name, "link"

    @requires("person.roles")
    async def ask_roles(self, person: str) -> None:
        if card := self._people.get(person):
            self.chosen, self.name, self.asking = person, card.name, "roles"
            self.roles = _role_options(set(card.roles), all_of_them=True)

    @requires("person.roles")
    async def set_roles(self, form: dict[str, str | bool]) -> None:
        async with told(self):
            await people.set_roles(runtime(), current_actor(), person=self.chosen, roles=_ticked(form, "role"))
            await self._done("Roles changed", "Who lost one has to sign in again.")

    @requires("person.disable")
    async def ask_disable(self, person: str) -> None:
        if card := self._people.get(person):
            self.chosen, self.name, self.asking = person, card.name, "disable"

    @requires("person.disable")
    async def disable(self) -> None:
        async with told(self):
            stopped = await people.disable_person(runtime(), current_actor(), person=self.chosen)
            await self._done(f"{self.name} is disabled", f"{count(stopped, 'run')} stopped." if stopped else "")

    @requires("person.enable")
    async def enable(self, person: str) -> None:
        async with told(self):
            await people.enable_person(runtime(), current_actor(), person=person)
            await self._done("Enabled", "They sign in as before.")

    @requires("group.create")
    async def ask_group(self) -> None:
        self.chosen, self.name, self.about, self.asking = "", "", "", "group"
        self.ticks = self._members(set())

    @requires("group.change")
    async def ask_change(self, group: str) -> None:
        if card := self._groups.get(group):
            self.chosen, self.name, self.about, self.asking = group, card.name, card.description, "group"
            self.ticks = self._members(set(card.members))

    def _members(self, inside: set[str]) -> list[Option]:
        return [
            Option(id=each.id, name=each.name, about=each.email, on=each.id in inside)
            for each in self._people.values()
            if not each.disabled or each.id in inside
        ]

    @requires("group.change")
    async def keep_group(self, form: dict[str, str | bool]) -> None:
        name, about = str(form.get("name", "")), str(form.get("about", ""))
        async with told(self):
            group = self.chosen
            if group:
                await groups.rename_group(runtime(), current_actor(), group=group, name=name, description=about)
            else:
                group = await groups.create_group(runtime(), current_actor(), name=name, description=about)
            await groups.set_members(runtime(), current_actor(), group=group, people=_ticked(form, "tick"))
            self.asking = ""
            await self._refresh()

    @requires("group.remove")
    async def ask_remove(self, group: str) -> None:
        if card := self._groups.get(group):
            self.chosen, self.name, self.asking = group, card.name, "remove"

    @requires("group.remove")
    async def remove(self) -> None:
        async with told(self):
            await groups.remove_group(runtime(), current_actor(), group=self.chosen)
            await self._done("Group removed", self.name)


def _role_options(on: set[str], *, all_of_them: bool) -> list[Option]:
    offered = [role for role in ROLES if role != GIVEN_BY_ALL and (all_of_them or role == "analyst")]
    return [Option(id=role, name=ROLES[role], about=ROLE_WORDS[role], on=role in on) for role in offered]


def _ticked(form: dict[str, str | bool], kind: str) -> list[str]:
    """What was ticked among the boxes named `kind:id`."""
    return [name.partition(":")[2] for name, on in form.items() if on and name.startswith(f"{kind}:")]
