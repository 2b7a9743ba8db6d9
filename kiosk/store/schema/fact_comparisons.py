"""Table: comparisons of the facts of a procedure with official texts, the ward's own and those of other wards."""

SQL = """
create table comparisons (
  procedure text not null check (length(procedure) between 1 and 40),
  digest text not null check (length(digest) = 64),
  ward text not null check (length(ward) <= 40),
  ward_name text not null check (length(ward_name) <= 80),
  fact text not null check (length(fact) between 1 and 80),
  result text not null check (result in ('same', 'differs')),
  note text not null check (length(note) <= 300),
  actor text not null check (length(actor) between 1 and 80),
  at text not null check (length(at) = 24),
  is_settled integer not null default 0 check (is_settled in (0, 1)),
  primary key (procedure, digest, ward),
  check (result = 'same' or note <> ''),
  check ((ward = '') = (ward_name = ''))
) strict, without rowid;
create index comparisons_by_ward on comparisons (ward);
"""
