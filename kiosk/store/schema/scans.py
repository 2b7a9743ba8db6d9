"""Table: scans of papers, sealed in files beside the store.

A scan belongs to the receipt number, so a correction keeps it. The wrapped data key is only in the row: deleting the
row destroys the key.
"""

SQL = """
create table scans (
  id text primary key check (length(id) = 36),
  receipt_no text not null,
  paper text not null check (length(paper) between 1 and 80),
  name text not null unique check (length(name) = 64),
  key blob not null,
  sha256 text not null check (length(sha256) = 64),
  media text not null check (media in ('image/jpeg', 'application/pdf')),
  pages integer not null check (pages >= 1),
  bytes integer not null check (bytes >= 1),
  actor text not null,
  at text not null check (length(at) = 24),
  unique (receipt_no, paper, sha256)
) strict;
"""
