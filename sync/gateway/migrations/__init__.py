"""Alembic migrations of the gateway's tables; a released migration is never edited.

`versions` contains one module for each, from the first release on. A change of `tables.py` needs a new one, which
migrates the databases of the release before; a new database gets `tables.py` as it is.
"""
