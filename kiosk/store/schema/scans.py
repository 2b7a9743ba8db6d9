"""Which scans of papers lie sealed beside the store.

They belong to the receipt number, so that a correction has them too. The wrapped data key is here and not in the file:
with the row goes the file's only key.
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
