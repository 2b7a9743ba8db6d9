"""Table: wrong passwords and codes, counted by subject and address."""

SQL = """
create table wrong_guesses (
  subject text not null check (length(subject) = 64),
  address text not null check (length(address) <= 64),
  count integer not null check (count >= 1),
  at text not null check (length(at) = 24),
  primary key (subject, address)
) strict, without rowid;
create index wrong_guesses_by_age on wrong_guesses (at);
"""
