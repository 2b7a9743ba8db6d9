"""Table: the portal's refusals of forms and desk acts: attempt, fields and sealed words."""

SQL = """
create table refusals (
  no integer primary key autoincrement,
  subject text not null,
  attempt integer,
  at text not null check (length(at) = 24),
  fields text not null default '[]' check (json_valid(fields)),
  words blob
) strict;
create index refusals_by_subject on refusals (subject, no);
"""
