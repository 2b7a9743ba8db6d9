"""Tables: drafts that are kept for later, and the queue number that a visit has drawn.

A kept draft stays in `drafts`; its row here says how it is opened again and until when. `sealed` holds the code of the
slip and what opens the draft besides it; null once the draft is gone. A row without a draft answers for its slip that
the form was submitted or has expired.
"""

SQL = """
create table kept_drafts (
  draft_id text primary key check (length(draft_id) = 36),
  code_hash text not null unique check (length(code_hash) = 64),
  sealed blob,
  procedure text not null,
  version text not null,
  steps_done integer not null check (steps_done >= 0),
  steps integer not null check (steps >= steps_done),
  screen text not null,
  kept_at text not null check (length(kept_at) = 24),
  kept_until text not null check (length(kept_until) = 10),
  times integer not null default 1 check (times >= 1),
  misses integer not null default 0 check (misses >= 0),
  ticket_id text
) strict;
create index kept_drafts_by_end on kept_drafts (kept_until);

create table visit_tickets (
  session text primary key references sessions (id) on delete cascade,
  ticket_id text not null
) strict;
"""
