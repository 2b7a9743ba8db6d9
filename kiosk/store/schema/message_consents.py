"""Consents to messages are desk events, of the kind `messages`."""

SQL = """
create table new_decisions (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  receipt_no text not null,
  seq integer not null check (seq >= 1),
  kind text not null check (kind in ('accepted', 'supplement', 'refused', 'extended', 'stopped', 'handed_out',
    'document', 'fee', 'withdrawn', 'reopened', 'numbered', 'messages')),
  actor text not null,
  at text not null check (length(at) = 24),
  facts text not null default '{}' check (json_type(facts) = 'object'),
  detail blob,
  event blob,
  digest text check (length(digest) = 64),
  delivery text check (delivery in ('queued', 'confirmed', 'quarantined')),
  before text not null default '{}' check (json_type(before) = 'object'),
  undo_until real,
  undone_at text check (length(undone_at) = 24),
  undone_by text,
  unique (receipt_no, seq),
  check ((digest is null) = (delivery is null)),
  check ((undone_at is null) = (undone_by is null)),
  check (undone_at is null or delivery is null)
) strict;
insert into new_decisions
  select id, submission_id, receipt_no, seq, kind, actor, at, facts, detail, event, digest, delivery, before,
         undo_until, undone_at, undone_by
  from decisions;
drop table decisions;
alter table new_decisions rename to decisions;
create index decisions_by_submission on decisions (submission_id);
create index decisions_refused on decisions (delivery) where delivery = 'quarantined';
create index decisions_accepted on decisions (at) where kind = 'accepted';
create index decisions_to_undo on decisions (undo_until) where undo_until is not null and undone_at is null;
create index decisions_handed_out on decisions (at) where kind = 'handed_out';
"""
