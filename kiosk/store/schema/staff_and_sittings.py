"""Tables: staff and their signed-in sessions."""

SQL = """
create table staff (
  code text primary key check (length(code) between 4 and 6),
  login text not null unique check (length(login) between 3 and 32),
  name text not null check (length(name) between 1 and 80),
  role text not null check (role in ('officer', 'lead', 'technician')),
  password text not null check (password like '$argon2id$%'),
  is_active integer not null default 1 check (is_active in (0, 1)),
  created_at text not null check (length(created_at) = 24)
) strict;

create table sittings (
  session text primary key references sessions (id) on delete cascade,
  person text not null references staff (code),
  counter integer check (counter between 1 and 30)
) strict;
create index sittings_by_person on sittings (person);
"""
