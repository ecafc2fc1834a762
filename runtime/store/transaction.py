"""What an operation writes and reads with, named here so that nobody else has to know the library."""

from sqlalchemy import Connection, Row

Tx = Connection
"""an open transaction (or one moment of reading)"""

SEEN = "seen"
"""key of `Tx.info`: what was read in the open transaction and holds until its end. The writer makes it, and empties it
whenever something is taken back; outside the writer there is none."""

__all__ = ["SEEN", "Row", "Tx"]
