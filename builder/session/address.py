"""Our own origins and hosts: what a browser that is really on our pages sends."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from runtime.settings import Settings

_DEFAULT_PORTS = {"https": ":443", "http": ":80"}


@dataclass(frozen=True)
class Address:
    """Where people reach us: every origin (`http://localhost:3000`) that is ours."""

    origins: frozenset[str]

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(urlsplit(origin).netloc for origin in self.origins)

    @property
    def is_https(self) -> bool:
        return all(origin.startswith("https://") for origin in self.origins)


def our_address(settings: Settings) -> Address:
    """The address of a server with these settings; `Misconfigured` where a cookie could travel in clear.

    A `__Host-` cookie needs https, and browsers make an exception only for the machine itself. A proxy that
    ends https in front of a loopback bind needs the public URL too, because that is what browsers then send.
    """
    settings.check()
    if settings.public_url:
        return Address(frozenset({_as_sent(settings.public_url)}))
    names = ("127.0.0.1", "localhost", "[::1]")
    return Address(frozenset(_as_sent(f"http://{name}:{settings.port}") for name in names))


def _as_sent(url: str) -> str:
    """An origin as browsers write it: lower case, without the port that goes without saying."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(_DEFAULT_PORTS[parts.scheme])}"
