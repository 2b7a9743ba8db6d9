"""The address from which each touchscreen was enrolled: its cookie opens nothing from another one.

`refused` is the last other address that sent the cookie. A touchscreen of earlier releases has no address; it gets
that of its next request.
"""

SQL = """
alter table touchscreens add column address text;
alter table touchscreens add column refused text;
"""
