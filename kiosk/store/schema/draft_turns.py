"""Table: whose turn it is to type in a draft that a desk has opened; a draft without a row belongs to its screen."""

SQL = """
create table draft_turns (
  draft_id text primary key references drafts (id) on delete cascade,
  turn integer not null check (turn >= 1),
  holder text not null check (holder in ('screen', 'desk')),
  officer text,
  counter integer,
  ask_no integer not null check (ask_no >= 0),
  is_asked integer not null check (is_asked in (0, 1)),
  check (officer is not null or (holder = 'screen' and is_asked = 0)),
  check (is_asked = 0 or holder = 'screen')
) strict;
"""
