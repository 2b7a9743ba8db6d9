"""The first tables: drafts, submissions, tickets, sessions, calls, reuse, audit."""

SQL = """
create table marks (
  key text primary key,
  value text not null
) strict;

create table drafts (
  id text primary key check (length(id) = 36),
  session text not null,
  procedure text not null,
  version text not null,
  body blob not null,
  claim text,
  created_at text not null check (length(created_at) = 24),
  touched_at text not null check (length(touched_at) = 24)
) strict;
create unique index drafts_by_claim on drafts (claim) where claim is not null;

create table receipts (
  day text primary key check (length(day) = 10),
  last integer not null check (last between 0 and 9999)
) strict;

create table submissions (
  id text primary key check (length(id) = 36),
  receipt_no text not null,
  revision integer not null check (revision >= 1),
  supersedes text references submissions (id),
  procedure text not null,
  version text not null,
  unit text not null,
  day text not null check (length(day) = 10),
  seq integer not null check (seq between 1 and 9999),
  completed_at text not null check (length(completed_at) = 24),
  clock_trusted integer not null check (clock_trusted in (0, 1)),
  digest text not null check (length(digest) = 64),
  applicant_hash text,
  lookup_hash text,
  delivery text check (delivery in ('held', 'queued', 'sent', 'confirmed', 'quarantined', 'withdrawn')),
  desk text not null default 'waiting'
    check (desk in ('waiting', 'accepted', 'supplement', 'refused', 'stopped', 'handed_out')),
  portal_code integer check (portal_code between 1 and 10),
  portal_revision integer not null default 0 check (portal_revision >= 0),
  portal_at text check (length(portal_at) = 24),
  official_no text,
  due_at text check (length(due_at) = 24),
  portal_note blob,
  body blob,
  touched_at text not null check (length(touched_at) = 24),
  closed_at text check (length(closed_at) = 24),
  unique (receipt_no, revision),
  unique (day, seq, revision),
  check ((revision = 1) = (supersedes is null))
) strict;
create unique index submissions_by_supersedes on submissions (supersedes) where supersedes is not null;
create index submissions_by_lookup on submissions (lookup_hash);
create index submissions_by_applicant on submissions (applicant_hash);
create index submissions_by_delivery on submissions (delivery);

create table tickets (
  id text primary key check (length(id) = 36),
  day text not null check (length(day) = 10),
  series text not null check (length(series) between 1 and 3),
  number integer not null check (number >= 1),
  state text not null default 'waiting'
    check (state in ('waiting', 'called', 'serving', 'absent', 'done', 'closed')),
  submission_id text references submissions (id),
  priority text check (priority in ('elderly', 'disabled', 'pregnant', 'infant', 'merit', 'returning', 'declared')),
  drawn_at text not null check (length(drawn_at) = 24),
  unique (day, series, number)
) strict;
create index tickets_by_submission on tickets (submission_id);

create table ticket_events (
  seq integer primary key autoincrement,
  ticket_id text not null references tickets (id) on delete cascade,
  at text not null check (length(at) = 24),
  event text not null,
  actor text
) strict;
create index ticket_events_by_ticket on ticket_events (ticket_id);

create table sessions (
  id text primary key,
  audience text not null check (audience in ('citizen', 'officer', 'technician', 'display')),
  settings text not null default '{}' check (json_type(settings) = 'object'),
  created_at text not null check (length(created_at) = 24),
  seen_at text not null check (length(seen_at) = 24),
  draft_id text references drafts (id) on delete set null,
  submission_id text references submissions (id) on delete set null
) strict;
create index sessions_by_draft on sessions (draft_id) where draft_id is not null;
create index sessions_by_submission on sessions (submission_id) where submission_id is not null;
create index sessions_by_seen on sessions (seen_at);

create table calls (
  id integer primary key autoincrement,
  session text not null,
  place text not null,
  since text not null check (length(since) = 24),
  answered_at text check (length(answered_at) = 24)
) strict;
create unique index calls_one_open on calls (session) where answered_at is null;

create table reuse (
  owner text primary key,
  body blob not null,
  consented_at text not null check (length(consented_at) = 24),
  expires_at text not null check (length(expires_at) = 24)
) strict;

create table audit (
  seq integer primary key autoincrement,
  at text not null check (length(at) = 24),
  act text not null,
  actor text not null,
  subject text not null,
  facts text not null check (json_type(facts) = 'object'),
  mac text not null check (length(mac) = 64)
) strict;

create table tries (
  seq integer primary key autoincrement,
  purpose text not null check (purpose in ('lookup', 'claim')),
  subject text not null,
  screen text not null,
  at text not null check (length(at) = 24)
) strict;
create index tries_by_subject on tries (purpose, subject);
create index tries_by_screen on tries (purpose, screen);
"""
