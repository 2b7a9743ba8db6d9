"""Tables: posts of desk pages that took effect, who opened which session, and typed text that waits for its officer."""

SQL = """
create table answered_posts (
  key text primary key check (length(key) = 36),
  session text not null,
  at text not null check (length(at) = 24),
  page blob
) strict, without rowid;
create index answered_posts_by_age on answered_posts (at);
create table opened_sessions (
  session text primary key,
  person text not null references staff (code),
  workstation text not null,
  at text not null check (length(at) = 24)
) strict, without rowid;
create index opened_sessions_by_age on opened_sessions (at);
create table unsent_posts (
  id text primary key,
  person text not null references staff (code),
  at text not null check (length(at) = 24),
  content blob not null
) strict;
create index unsent_posts_by_person on unsent_posts (person, at);
"""
