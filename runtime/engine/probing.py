"""One request to a connection's own address, to see whether it answers and takes the credential."""

from __future__ import annotations

from urllib.parse import quote

from nodes.sdk import StepFailed
from runtime.egress import Barred, Dropped, Lookup, NotReached, Outlet, Refused, TooLarge, Zone
from runtime.engine.keys import Keys, worn
from runtime.engine.outside import zone_of
from runtime.store.connections import ConnectionRow

PATIENCE_S = 10.0
KEY_HEADERS = {"anthropic": "x-api-key", "azure": "api-key", "azure_ai": "api-key", "gemini": "x-goog-api-key"}
"""where providers look for their key that do not take a bearer token"""


async def probe(row: ConnectionRow, keys: Keys, lookup: Lookup) -> tuple[int, str]:
    """The status of the answer, or why there is none, in a sentence. The body is not read; nobody is sent elsewhere."""
    if row.stopped is not None:
        return 0, f"The connection “{row.name}” is switched off; nothing leaves over it."
    outlet: Outlet | None = None
    try:
        address, headers = _request(row, keys.of(row))
        outlet = Outlet(f"{address.partition('?')[0]}", zone=_zone(row), lookup=lookup)
        reply = await outlet.open("GET", address, None, headers, deadline_s=PATIENCE_S, largest=0)
        reply.close()
        return reply.status, ""
    except StepFailed as error:
        return 0, f"{error.message} {error.hint}".strip()
    except (Refused, Barred):
        return 0, f"{row.host} leads to an address that nothing may be sent to."
    except NotReached:
        return 0, f"{row.host} cannot be reached: nobody answers there."
    except (Dropped, TooLarge):
        return 0, f"{row.host} breaks off in the middle of its answer."
    except TimeoutError:
        return 0, f"{row.host} did not answer within {PATIENCE_S:g} seconds."
    finally:
        if outlet is not None:
            await outlet.close()


def _request(row: ConnectionRow, secret: str) -> tuple[str, dict[str, str]]:
    """Where to look, and with which headers."""
    if row.kind == "model":
        base = row.base_url.rstrip("/")
        if not secret:
            return f"{base}/models", {}
        header = KEY_HEADERS.get(row.provider)
        extra = {"anthropic-version": "2023-06-01"} if row.provider == "anthropic" else {}
        return f"{base}/models", extra | ({header: secret} if header else {"Authorization": f"Bearer {secret}"})
    credential = worn(row, secret)
    address = f"{'http' if row.plain else 'https'}://{row.host}{row.probe}"
    if credential.query:
        sign = "&" if "?" in address else "?"
        address += f"{sign}{quote(credential.query, safe='')}={quote(credential.value, safe='')}"
    return address, {credential.header: credential.value} if credential.header else {}


def _zone(row: ConnectionRow) -> Zone:
    match row.hosting:
        case "here" | "company" as inner if row.kind == "model":
            return inner
        case _:
            return zone_of(row)
