"""What `runtime/gateway/litellm_route.py` touches when it loads LiteLLM; from there on it is `Any`. Without this page
each look at the types reads the eight hundred files of the real one."""

from typing import Any

suppress_debug_info: bool
disable_aiohttp_trust_env: bool
num_retries: int | None
drop_params: bool

def completion(model: str, messages: list[dict[str, str]], *, mock_response: str) -> Any: ...
