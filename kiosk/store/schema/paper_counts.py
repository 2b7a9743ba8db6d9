"""The number of sheets of a paper that the desk has received, as form 01 lists it."""

SQL = """
alter table inspections add column count integer not null default 1 check (count between 1 and 99);
"""
