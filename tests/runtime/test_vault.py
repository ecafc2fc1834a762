"""The vault: what is sealed opens in its own place, with its own key, and nowhere else."""

import base64
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from runtime.errors import Misconfigured
from runtime.vault import KEY_FILE, NEXT_FILE, Locked, Vault, key_of

PLACE = "con_1\ndesk.example.com"


@pytest.fixture
def vault(tmp_path):
    found = Vault(tmp_path)
    found.make()
    return found


def sealed_with(vault: Vault, text: str = "s3cret") -> bytes:
    return vault.seal(vault.make().id, text, PLACE)


@pytest.mark.parametrize("secret", ["s3cret", "", "ä\u2603" * 2000])
def test_what_was_sealed_is_opened_again_in_its_place(vault, secret):
    assert vault.open(sealed_with(vault, secret), PLACE) == secret


def test_a_sealed_secret_shows_nothing_and_is_never_sealed_alike_twice(vault):
    first, second = sealed_with(vault), sealed_with(vault)
    assert first != second
    assert b"s3cret" not in first
    assert "s3cret" not in repr(vault.make())
    assert vault.make().text not in repr(vault.make())


@pytest.mark.parametrize("place", ["con_1\nevil.example.com", "con_2\ndesk.example.com", ""])
def test_a_copied_secret_opens_nowhere_else(vault, place):
    with pytest.raises(Locked, match="another place"):
        vault.open(sealed_with(vault), place)


def test_a_changed_secret_does_not_open_wherever_it_was_changed(vault):
    sealed = sealed_with(vault)
    for at in range(len(sealed)):
        with pytest.raises(Locked):
            vault.open(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], PLACE)
    for end in range(len(sealed)):
        with pytest.raises(Locked):
            vault.open(sealed[:end], PLACE)


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path):
    assert Vault(tmp_path).own() is None
    key = Vault(tmp_path).make()
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert Vault(tmp_path).make() == key, "the next start finds it"
    assert sorted(each.name for each in tmp_path.iterdir()) == [KEY_FILE]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_that_others_could_read_is_refused(tmp_path, mode):
    Vault(tmp_path).make()
    (tmp_path / KEY_FILE).chmod(mode)
    with pytest.raises(Misconfigured, match="Others may read") as refusal:
        Vault(tmp_path)
    assert "chmod 600" in refusal.value.hint


def test_a_key_that_is_a_link_is_refused(tmp_path):
    Vault(tmp_path / "there").make()
    (tmp_path / KEY_FILE).symlink_to(tmp_path / "there" / KEY_FILE)
    with pytest.raises(Misconfigured):
        Vault(tmp_path)


@pytest.mark.parametrize("text", ["short", base64.b64encode(b"31 bytes" * 4)[:-4].decode(), "ä" * 44, "A" * 45])
def test_what_is_no_key_is_refused_without_being_repeated(tmp_path, text):
    with pytest.raises(Misconfigured, match="32 bytes") as refusal:
        Vault(tmp_path, text)
    assert text not in refusal.value.sentence + refusal.value.hint


def test_a_key_of_the_environment_comes_before_the_file_and_makes_none(tmp_path):
    text = base64.b64encode(secrets.token_bytes(32)).decode()
    vault = Vault(tmp_path, text)
    assert vault.make().text == text
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Misconfigured, match="no next one"):
        vault.make_following()


def test_without_its_key_a_secret_stays_closed_and_the_sentence_says_what_to_do(tmp_path, vault):
    sealed = sealed_with(vault)
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(Locked, match="not here") as refusal:
        Vault(tmp_path).open(sealed, PLACE)
    assert "vault reset" in refusal.value.hint


def test_both_keys_open_while_one_takes_over_and_another_process_notices_by_itself(tmp_path, vault):
    neighbour = Vault(tmp_path)
    old = sealed_with(vault)
    following = vault.make_following()
    assert Vault(tmp_path).make_following() == following, "an exchange that was begun goes on with the same key"
    new = vault.seal(following.id, "s3cret", PLACE)
    assert neighbour.open(new, PLACE) == neighbour.open(old, PLACE) == "s3cret"
    assert not vault.settle(key_of(old)), "the old key stays as long as it is in use"
    assert vault.settle(following.id)
    assert not (tmp_path / NEXT_FILE).exists()
    assert Vault(tmp_path).open(new, PLACE) == "s3cret"
    with pytest.raises(Locked):
        Vault(tmp_path).open(old, PLACE)


def test_many_processes_that_come_first_make_one_key(tmp_path):
    vaults = [Vault(tmp_path) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda each: each.make().id, vaults))
    assert made == {Vault(tmp_path).make().id}


def test_many_processes_that_settle_at_once_agree(tmp_path, vault):
    for _ in range(20):
        following = vault.make_following()
        vaults = [Vault(tmp_path) for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            assert any(pool.map(lambda each, used=following.id: each.settle(used), vaults))
        assert Vault(tmp_path).make().id == following.id
