"""Table `tries`: queue numbers are counted too, and a screen is a touchscreen, no longer a visit.

The earlier rows count visits and are at most a day of interest, so they are deleted.
"""

SQL = """
drop table tries;
create table tries (
  seq integer primary key autoincrement,
  purpose text not null check (purpose in ('lookup', 'ticket')),
  subject text not null,
  screen text not null,
  at text not null check (length(at) = 24)
) strict;
create index tries_by_subject on tries (purpose, subject, at);
create index tries_by_screen on tries (purpose, screen, at);
create index tries_by_time on tries (at);
"""
