"""Table: decisions of the desk, one row an act; columns: the desk's own number and due date of a case."""

SQL = """
create table decisions (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  receipt_no text not null,
  seq integer not null check (seq >= 1),
  kind text not null check (kind in ('accepted', 'supplement', 'refused', 'extended', 'stopped', 'handed_out',
    'document', 'fee', 'withdrawn')),
  actor text not null,
  at text not null check (length(at) = 24),
  facts text not null default '{}' check (json_type(facts) = 'object'),
  detail blob,
  event blob,
  digest text check (length(digest) = 64),
  delivery text check (delivery in ('queued', 'confirmed', 'quarantined')),
  unique (receipt_no, seq),
  check ((digest is null) = (delivery is null))
) strict;
create index decisions_by_submission on decisions (submission_id);
create index decisions_refused on decisions (delivery) where delivery = 'quarantined';

alter table submissions add column desk_official_no text;
alter table submissions add column desk_due_at text check (desk_due_at is null or length(desk_due_at) = 24);
"""
