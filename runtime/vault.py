"""The vault: secrets sealed so that only this product, in the place they were sealed for, opens them again.

Envelope encryption with AES-256-GCM of `cryptography`: each secret has a key of its own, and that key is sealed with
the master key. Both are bound to the place the secret belongs to, so that a sealed value copied to another place opens
nowhere. The master key is `GREENLANE_VAULT_KEY` (32 bytes in base64) or a file that only its owner may read, made at
the first start. Who loses it enters the credentials again: nothing else opens them.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from runtime.errors import GreenlaneError, Misconfigured

KEY_FILE, NEXT_FILE = "vault.key", "vault.key.next"
KEY_ENV, NEXT_ENV = "GREENLANE_VAULT_KEY", "GREENLANE_VAULT_KEY_NEXT"
FORMAT = b"\x01"
_ID, _NONCE, _KEY, _TAG = 8, 12, 32, 16
"""lengths in bytes"""


class Locked(GreenlaneError):
    """A sealed secret cannot be opened: its master key is not at hand, or it was sealed for another place."""

    code, status = "vault_locked", 500


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A master key; its `id` may be shown and kept beside what it sealed."""

    raw: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Which key it is, without telling it."""
        return sha256(b"greenlane vault key\0" + self.raw).digest()[:_ID].hex()

    @property
    def text(self) -> str:
        """As it stands in the environment or the file."""
        return base64.b64encode(self.raw).decode()


class Vault:
    """The master keys at hand: the one in use and, while it is being exchanged, the next. They are read again when a
    key is asked for that is not among them, since another process may have exchanged it."""

    def __init__(self, folder: Path, key: str = "", following: str = "") -> None:
        self._folder, self._key, self._following = folder, key, following
        self._ring: dict[str, MasterKey] = {}
        self._read()

    @property
    def by_environment(self) -> bool:
        """Whether the master key comes from the environment, so that no file is made."""
        return bool(self._key)

    def own(self) -> MasterKey | None:
        """The key this process is set up with; None where there is none."""
        if self._key:
            return _key(self._key, KEY_ENV)
        return _key_in(self._folder / KEY_FILE)

    def following(self) -> MasterKey | None:
        """The key that is to be used from the next exchange on."""
        if self._following:
            return _key(self._following, NEXT_ENV)
        return None if self.by_environment else _key_in(self._folder / NEXT_FILE)

    def make(self) -> MasterKey:
        """A key for a product that has none: the one it is set up with, or a new file. The first of several processes
        makes it."""
        if (found := self.own()) is None:
            _write(self._folder / KEY_FILE)
            found = self.own()
        assert found is not None, "the file was written just now"
        self._ring[found.id] = found
        return found

    def make_following(self) -> MasterKey:
        """The next key: the one of an exchange that was begun, or a new one. Raises `Misconfigured` where the key comes
        from the environment and no next one does."""
        found = self.following()
        if found is None and self.by_environment:
            raise Misconfigured(
                f"The master key comes from {KEY_ENV}, and there is no next one.",
                hint=f"Set {NEXT_ENV} beside it to 32 new random bytes in base64, on every machine, and try again.",
            )
        if found is None:
            _write(self._folder / NEXT_FILE)
            found = self.following()
        assert found is not None, "the file was written just now"
        self._ring[found.id] = found
        return found

    def settle(self, used: str) -> bool:
        """Give up the old key once `used` (an id) is the next one and everything is sealed with it; whether that was
        done now. Of keys in the environment their owner takes care."""
        found = _key_in(self._folder / NEXT_FILE)
        if found is None or found.id != used or self.by_environment:
            return False
        with suppress(FileNotFoundError):  # another process was faster
            (self._folder / NEXT_FILE).replace(self._folder / KEY_FILE)
        _sync(self._folder)
        self._read()
        return True

    def holds(self, key: str) -> bool:
        """Whether the key of this id is at hand."""
        if key not in self._ring:
            self._read()
        return key in self._ring

    def seal(self, key: str, secret: str, place: str) -> bytes:
        """Seal a secret for a place with the key of this id. Raises `Locked`."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # who has no secret does not wait for it

        master, bound, once = self._master(key), _bound(place), AESGCM.generate_key(256)
        first, second = secrets.token_bytes(_NONCE), secrets.token_bytes(_NONCE)
        wrapped = AESGCM(master.raw).encrypt(first, once, bound)
        return (
            FORMAT
            + bytes.fromhex(key)
            + first
            + wrapped
            + second
            + AESGCM(once).encrypt(second, secret.encode(), bound)
        )

    def open(self, sealed: bytes, place: str) -> str:
        """The secret. Raises `Locked` when its key is not at hand, or when it was sealed for another place."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        bound = _bound(place)
        rest = sealed[1 + _ID :]
        first, rest = rest[:_NONCE], rest[_NONCE:]
        wrapped, rest = rest[: _KEY + _TAG], rest[_KEY + _TAG :]
        if sealed[:1] != FORMAT or len(rest) < _NONCE + _TAG:
            raise Locked("A sealed secret is damaged.", hint="Enter the credential again.")
        master = self._master(key_of(sealed))
        try:
            once = AESGCM(master.raw).decrypt(first, wrapped, bound)
            return AESGCM(once).decrypt(rest[:_NONCE], rest[_NONCE:], bound).decode()
        except InvalidTag:
            raise Locked(
                "A sealed secret was changed, or sealed for another place.", hint="Enter the credential again."
            ) from None

    def _master(self, key: str) -> MasterKey:
        if not self.holds(key):
            raise Locked(
                "The master key that sealed this credential is not here.",
                hint=f"Put {KEY_FILE} back into the data folder, or set {KEY_ENV}, as it was. When it is lost for good,"
                " `greenlane vault reset` begins a new one, and the credentials are entered again.",
            )
        return self._ring[key]

    def _read(self) -> None:
        self._ring = {each.id: each for each in (self.own(), self.following()) if each is not None}


def key_of(sealed: bytes) -> str:
    """Id of the master key a value is sealed with."""
    return sealed[1 : 1 + _ID].hex()


def _bound(place: str) -> bytes:
    return b"greenlane secret 1\0" + place.encode()


def _key(text: str, where: str) -> MasterKey:
    with suppress(binascii.Error, ValueError):
        raw = base64.b64decode(text.strip(), validate=True)
        if len(raw) == _KEY:
            return MasterKey(raw)
    raise Misconfigured(
        f"{where} is not a master key: it has to be 32 bytes in base64.",
        hint="Make one with: python -c 'import os, base64; print(base64.b64encode(os.urandom(32)).decode())'",
    )


def _key_in(path: Path) -> MasterKey | None:
    """The key in a file; none where there is no file. Raises `Misconfigured` when others could read it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Misconfigured(
            f"The master key {path} cannot be read: {error.strerror}.", hint="It has to be a file of this user's own."
        ) from error
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode & 0o777
        if mode & 0o077:
            raise Misconfigured(
                f"Others may read the master key {path} (mode {mode:04o}).",
                hint=f"Take that away with: chmod 600 {path}. If somebody may have read it, run `greenlane vault"
                " rotate` and give the credentials new values at their hosts.",
            )
        return _key(file.read(200).decode("ascii", "replace"), str(path))


def _write(path: Path) -> None:
    """A new key in a file, whole or not at all, never over one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(MasterKey(secrets.token_bytes(_KEY)).text + "\n")
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(fresh, path)  # fails where another process was first
    finally:
        fresh.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
