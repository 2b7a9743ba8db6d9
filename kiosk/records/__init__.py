"""The records: each module owns a table or two, its SQL, its states, its rules.

A function gets `db` first, never commits and imports no other record. Sealed values come in and go out sealed.
"""
