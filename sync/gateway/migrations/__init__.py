"""Alembic migrations of the gateway's tables; a released migration is never edited.

`versions` contains one module for each. A database from before the first one is treated as being at `v0001`.
"""
