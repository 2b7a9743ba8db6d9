"""Table: drafts that an officer fills in at the desk together with the citizen.

A row goes with its draft. Answers, the reason for the help and what was read back are in the sealed draft; `ticket_id`
is the number that the submitted form belongs to, `origin` the words for where the draft was begun ("Máy 2, cạnh cửa").
"""

SQL = """
create table draft_desk (
  draft_id text primary key references drafts (id) on delete cascade,
  actor text not null,
  ticket_id text references tickets (id) on delete set null,
  begun text not null check (begun in ('desk', 'screen', 'kept')),
  origin text not null default '',
  opened_at text not null
) strict;
create index draft_desk_actor on draft_desk (actor);
create index draft_desk_ticket on draft_desk (ticket_id);
"""
