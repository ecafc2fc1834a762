"""Models behind aliases, in reading order: `binding` (what an alias stands for), `gateway` (asks, retries, falls back),
`call` (one try at one binding), its two routes `litellm_route` and `fast_route`, `grammar` (a schema for small models),
`veil` (our key is in no text), `failures` (errors in words), `prices` (cost, and the most a call may use) and
`providers` (whose models may be bound). The only owner of LiteLLM."""

from runtime.gateway.binding import Binding
from runtime.gateway.gateway import Gateway
from runtime.gateway.litellm_route import warm
from runtime.gateway.prices import Estimate, estimate
from runtime.gateway.providers import OFFERED, provider_of

__all__ = ["OFFERED", "Binding", "Estimate", "Gateway", "estimate", "provider_of", "warm"]
