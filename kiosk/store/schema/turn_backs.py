"""Table: counts of forms that citizens left, and of calls for an officer, by day, procedure and step; no person."""

SQL = """
create table turn_backs (
  day text not null check (length(day) = 10),
  procedure text not null,
  step text not null,
  kind text not null check (kind in ('left', 'called')),
  count integer not null check (count >= 1),
  primary key (day, procedure, step, kind)
) strict;
"""
