"""Tables: name hashes of submissions, openings of cases away from the counter; indexes for look-ups."""

SQL = """
create table submission_names (
  name text not null check (length(name) = 64),
  submission_id text not null references submissions (id),
  primary key (name, submission_id)
) strict, without rowid;
create index submission_names_by_submission on submission_names (submission_id);

create table openings (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  session text not null,
  actor text not null,
  reason text not null check (reason in ('hand_out', 'asked', 'paper', 'check', 'authority', 'other')),
  words blob,
  opened_at text not null check (length(opened_at) = 24),
  closes_at text not null check (length(closes_at) = 24),
  check (opened_at <= closes_at)
) strict;
create index openings_by_session on openings (session, closes_at);
create index openings_by_time on openings (opened_at);

create index submissions_by_official on submissions (official_no) where official_no is not null;
create index submissions_by_closed on submissions (closed_at) where closed_at is not null;
create index submissions_by_desk_official on submissions (desk_official_no) where desk_official_no is not null;
create index submissions_by_due on submissions (coalesce(desk_due_at, due_at)) where closed_at is null;
"""
