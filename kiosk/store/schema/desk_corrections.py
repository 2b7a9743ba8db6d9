"""Table: drafts in which officers correct dossiers."""

SQL = """
create table corrections (
  draft_id text primary key references drafts (id) on delete cascade,
  receipt_no text not null,
  revision integer not null check (revision >= 1),
  actor text not null,
  unique (receipt_no, actor)
) strict;
"""
