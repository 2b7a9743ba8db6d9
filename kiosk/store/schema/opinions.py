"""Tables: citizens' opinions as counts, sealed texts apart from them, and the services that a screen asked about.

No row of `opinions` is one person's: equal opinions of a day are one count. The tables are `without rowid`, so that the
order of rows is that of their keys, which says nothing of the time; the key of a text is random.
"""

SQL = """
create table opinions (
  day text not null check (length(day) = 10),
  procedure text not null,
  counter integer not null check (counter between 0 and 30),
  face integer not null check (face between 0 and 5),
  words text not null default '',
  count integer not null check (count >= 1),
  primary key (day, procedure, counter, face, words)
) strict, without rowid;

create table opinion_texts (
  id text primary key check (length(id) = 32),
  day text not null check (length(day) = 10),
  procedure text not null,
  face integer not null check (face between 1 and 5),
  body blob not null
) strict, without rowid;

create table opinion_turns (
  counter integer not null check (counter between 1 and 30),
  ended_at text not null check (length(ended_at) = 24),
  primary key (counter, ended_at)
) strict, without rowid;

alter table touchscreens add column counter integer check (counter between 1 and 30);
create index decisions_handed_out on decisions (at) where kind = 'handed_out';
"""
