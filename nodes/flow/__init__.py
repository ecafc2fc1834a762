"""Flow: where a run starts, which way it goes, what it remembers and how it ends."""
