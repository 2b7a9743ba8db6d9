"""Kept details get another owner: a hash of number, name, birth date and day of issue, no longer of the number alone.

The earlier rows cannot be given the new owner, because no row has a name or a date. They are deleted: each could be
found by anybody who knew a person's number.
"""

SQL = """
delete from reuse;
"""
