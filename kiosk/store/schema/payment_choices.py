"""When a lead chose the case of a payment without a key, so that the choice can be undone for some seconds."""

SQL = """
alter table payment_notices add column chosen_at text check (length(chosen_at) = 24);
"""
