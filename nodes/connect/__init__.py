"""Steps that reach systems outside."""
