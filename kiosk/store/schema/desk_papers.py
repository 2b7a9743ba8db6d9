"""Tables: inspected papers and officers' notes."""

SQL = """
create table inspections (
  submission_id text not null references submissions (id),
  paper text not null check (length(paper) between 1 and 80),
  is_seen integer not null check (is_seen in (0, 1)),
  is_copied integer not null check (is_copied in (0, 1)),
  actor text not null,
  at text not null check (length(at) = 24),
  primary key (submission_id, paper)
) strict;

create table desk_notes (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  text blob not null,
  actor text not null,
  at text not null check (length(at) = 24)
) strict;
create index desk_notes_by_submission on desk_notes (submission_id);
"""
