"""Auditors, a PIN for each person, sessions that lock and belong to one workstation, and enrolled touchscreens."""

# A check clause cannot be changed, so both tables are created again. Signed-in staff must sign in again.
SQL = """
alter table sittings rename to old_sittings;
alter table staff rename to old_staff;

create table staff (
  code text primary key check (length(code) between 4 and 6),
  login text not null unique check (length(login) between 3 and 32),
  name text not null check (length(name) between 1 and 80),
  role text not null check (role in ('officer', 'lead', 'technician', 'auditor')),
  password text not null check (password like '$argon2id$%'),
  is_active integer not null default 1 check (is_active in (0, 1)),
  created_at text not null check (length(created_at) = 24),
  is_temporary integer not null default 0 check (is_temporary in (0, 1)),
  pin text check (pin like '$argon2id$%')
) strict;

create table sittings (
  session text primary key references sessions (id) on delete cascade,
  person text not null references staff (code),
  counter integer check (counter between 1 and 30),
  workstation text not null,
  is_locked integer not null default 0 check (is_locked in (0, 1)),
  misses integer not null default 0 check (misses between 0 and 5)
) strict;

insert into staff (code, login, name, role, password, is_active, created_at)
  select code, login, name, role, password, is_active, created_at from old_staff;
delete from sessions where id in (select session from old_sittings);
drop table old_sittings;
drop table old_staff;
create index sittings_by_person on sittings (person);

create table touchscreens (
  id text primary key check (length(id) = 36),
  name text not null check (length(name) between 1 and 40),
  made_by text not null,
  made_at text not null check (length(made_at) = 24),
  code text check (length(code) = 64),
  misses integer not null default 0 check (misses between 0 and 5),
  token text unique check (length(token) = 64),
  enrolled_at text check (length(enrolled_at) = 24),
  revoked_at text check (length(revoked_at) = 24),
  check ((token is null) = (enrolled_at is null)),
  check (code is null or token is null)
) strict;
"""
