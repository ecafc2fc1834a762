"""Which providers may be bound: those whose calls were seen to leave by our own way out, once for each time we ask."""

from __future__ import annotations

OFFERED = (
    "openai", "anthropic", "azure", "azure_ai", "cerebras", "cohere", "cohere_chat", "deepseek", "fireworks_ai",
    "gemini", "github", "groq", "hosted_vllm", "huggingface", "litellm_proxy", "llamafile", "lm_studio", "mistral",
    "moonshot", "ollama", "ollama_chat", "openrouter", "perplexity", "together_ai", "xai",
)  # fmt: skip
"""as LiteLLM names them; a test sends a call of each through the guard"""


def provider_of(model: str) -> str:
    """The provider in a model's name: `openai` in `openai/gpt-5-mini`."""
    return model.partition("/")[0]
