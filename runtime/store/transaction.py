"""What an operation writes and reads with, named here so that nobody else has to know the library."""

from sqlalchemy import Connection, Row

Tx = Connection
"""an open transaction (or one moment of reading)"""

__all__ = ["Row", "Tx"]
