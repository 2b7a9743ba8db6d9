"""The records: each module owns a table or two, its SQL, its states, its rules.

A function takes ``db`` first, never commits and knows no other record; what is sealed comes in and goes out sealed.
"""
