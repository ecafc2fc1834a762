"""A cage that is weakened on purpose: for each way to do that, a fact that was read from it no longer holds, and doctor
says so where a process inside can see it. Otherwise the facts would prove nothing."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from runtime.operations.isolation import how_code_is_kept
from runtime.sandbox import cage as cage_module
from runtime.sandbox import limited, workers
from runtime.sandbox.cage import cage
from runtime.settings import Settings
from tests.hostile import test_cage
from tests.hostile.test_cage import asked_once

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not cage().works, reason="no cage can be built here")]
Command = list[str]


@dataclass(frozen=True)
class Weakness:
    """What is done to the command of a cage, and which facts notice it."""

    weaken: Callable[[Command, Path], Command]
    noticed: Callable[[list[int]], None]
    """from outside"""
    doctor: str = ""
    """what doctor says of it; nothing where nobody inside can see it"""


def without(*words: str) -> Callable[[Command, Path], Command]:
    """A command that lacks some words, which stand one behind the other."""

    def weaken(command: Command, _: Path) -> Command:
        at = next(i for i in range(len(command)) if tuple(command[i : i + len(words)]) == words)
        return command[:at] + command[at + len(words) :]

    return weaken


def along(*words: str) -> Callable[[Command, Path], Command]:
    """A command with more words."""

    def weaken(command: Command, _: Path) -> Command:
        at = command.index("--chdir")
        return [*command[:at], *words, *command[at:]]

    return weaken


def unfiltered(command: Command, _: Path) -> Command:
    at = command.index("--seccomp")
    return command[:at] + command[at + 2 :]


def sharing_processes(command: Command, _: Path) -> Command:
    at = command.index("--unshare-all")
    return [*command[:at], *(f"--unshare-{each}" for each in ("user", "ipc", "net", "uts")), *command[at + 1 :]]


def with_capabilities(command: Command, _: Path) -> Command:
    at = command.index("--cap-drop")
    return [*command[:at], "--cap-add", *command[at + 1 :]]


def writable(command: Command, folder: Path) -> Command:
    at = command.index("--ro-bind")  # first, because what is bound to read may lie in it
    return [*command[:at], "--bind", str(folder), "/tmp", *command[at:]]


def as_root(command: Command, _: Path) -> Command:
    return ["0" if each == cage_module.NOBODY else each for each in command]


WEAKNESSES = {
    "a variable of the environment": Weakness(
        along("--setenv", "GREENLANE_KEY", "x"), test_cage.test_its_environment_is_empty, "environment"
    ),
    "the network of the machine": Weakness(along("--share-net"), test_cage.test_it_has_a_network_without_a_way_out),
    "the names of the machine's network": Weakness(along("--share-net"), test_cage.test_it_has_namespaces_of_its_own),
    "processes of the machine": Weakness(sharing_processes, test_cage.test_it_has_namespaces_of_its_own, "processes"),
    "a folder to write to": Weakness(
        writable, test_cage.test_it_sees_programs_and_libraries_to_read_and_nothing_else, "write files"
    ),
    "a root that can be written to": Weakness(
        without("--remount-ro", "/"), test_cage.test_it_sees_programs_and_libraries_to_read_and_nothing_else, "write"
    ),
    "a folder beside ours to read": Weakness(
        along("--ro-bind", "/etc", "/etc"),
        test_cage.test_it_sees_programs_and_libraries_to_read_and_nothing_else,
        "sees files",
    ),
    "no filter of system calls": Weakness(
        unfiltered, test_cage.test_a_worker_for_code_has_shut_itself_in_a_second_time, "filter"
    ),
    "capabilities": Weakness(with_capabilities, test_cage.test_it_has_no_capability_and_can_gain_none, "capabilities"),
    "another user": Weakness(as_root, test_cage.test_its_user_is_nobody_in_the_cage, "user with rights"),
}


@contextmanager
def weakened(weaken: Callable[[Command, Path], Command], folder: Path, monkeypatch) -> Iterator[None]:
    built = cage_module.caged

    def weak(bwrap, command, **options):
        made, descriptor = built(bwrap, command, **options)
        return weaken(made, folder), descriptor

    with monkeypatch.context() as patch:
        patch.setattr(cage_module, "caged", weak)
        yield


@pytest.mark.parametrize("name", WEAKNESSES)
def test_a_weakened_cage_is_noticed(name, tmp_path, monkeypatch):
    weakness = WEAKNESSES[name]
    some = workers.Workers(1)
    try:
        weakness.noticed(asked_once(some, "javascript"))  # as it is, it holds
        some.close()
        some = workers.Workers(1)
        with weakened(weakness.weaken, tmp_path, monkeypatch):
            with pytest.raises(AssertionError):
                weakness.noticed(asked_once(some, "javascript"))
            kept = how_code_is_kept(Settings(data=tmp_path))
    finally:
        some.close()
    assert kept.works == (not weakness.doctor)
    assert weakness.doctor in kept.words


def test_a_file_of_ours_that_is_open_inside_is_noticed(tmp_path, monkeypatch):
    descriptor = os.open(tmp_path, os.O_RDONLY)
    closed_in = cage_module.closed_in

    @contextmanager
    def handing_on(command, **options):
        with closed_in(command, **options) as (closed, descriptors):
            yield closed, (*descriptors, descriptor)

    some = workers.Workers(1)
    try:
        with monkeypatch.context() as patch:
            for where in (workers, limited):
                patch.setattr(where, "closed_in", handing_on)
            inside = asked_once(some, "javascript")
            with pytest.raises(AssertionError):
                test_cage.test_none_of_our_files_is_open_in_it(inside)
            with pytest.raises(AssertionError):
                test_cage.test_what_a_process_inside_sees()
            assert "descriptors" in how_code_is_kept(Settings(data=tmp_path)).words
    finally:
        some.close()
        os.close(descriptor)
