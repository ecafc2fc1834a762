"""AI: steps that ask a model."""
