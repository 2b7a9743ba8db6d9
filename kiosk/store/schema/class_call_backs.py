"""Table: people who asked to be called when a class is near: calls so far, and how the request ended.

It holds no name: name and telephone number are in the sealed form. Forms of earlier releases that have no seat are
those of the list.
"""

SQL = """
create table class_call_backs (
  submission_id text primary key references submissions (id),
  added_at text not null check (length(added_at) = 24),
  tries integer not null default 0 check (tries >= 0),
  tried_at text,
  outcome text check (outcome in ('invited', 'declined')),
  settled_at text,
  check ((outcome is null) = (settled_at is null))
) strict;
insert into class_call_backs (submission_id, added_at)
  select id, completed_at from submissions
  where procedure = 'LOCAL-TAPHUAN' and body is not null
    and not exists (select 1 from class_seats where class_seats.submission_id = submissions.id)
    and not exists (select 1 from submissions later where later.supersedes = submissions.id);
"""
