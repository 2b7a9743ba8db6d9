"""Table: series, counters and opening hours as a lead saved them on the page."""

SQL = """
create table service_plans (
  revision integer primary key check (revision >= 1),
  parts text not null check (json_type(parts) = 'array'),
  plan text not null check (json_type(plan) = 'object'),
  actor text not null,
  at text not null check (length(at) = 24)
) strict;
"""
