"""Steps that ask people."""
