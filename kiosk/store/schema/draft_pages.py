"""Pages of papers that a citizen photographed: they go with the draft; a scan says what was measured on its picture."""

SQL = """
create table draft_pages (
  id text primary key check (length(id) = 36),
  draft_id text not null references drafts (id) on delete cascade,
  paper text not null check (length(paper) between 1 and 80),
  name text not null unique check (length(name) = 64),
  key blob not null,
  sha256 text not null check (length(sha256) = 64),
  bytes integer not null check (bytes >= 1),
  flaw text not null check (flaw in ('', 'dark', 'glare', 'blurred', 'small')),
  at text not null check (length(at) = 24),
  unique (draft_id, paper, sha256)
) strict;
alter table scans add column flaw text not null default '' check (flaw in ('', 'dark', 'glare', 'blurred', 'small'));
"""
