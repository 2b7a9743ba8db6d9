"""Index: acceptances by time, for the register of a day."""

SQL = """
create index decisions_accepted on decisions (at) where kind = 'accepted';
"""
