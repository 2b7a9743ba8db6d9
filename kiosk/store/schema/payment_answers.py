"""Money that has to be paid back, and the case that a lead chose for a payment without a key."""

SQL = """
alter table payment_notices add column chosen_by text;
alter table payment_notices add column reason text check (length(reason) between 1 and 200);
create table payment_refunds (
  id text primary key check (length(id) = 36),
  subject text not null check (length(subject) between 1 and 128),
  amount integer not null check (amount > 0),
  day text not null check (day glob '2[0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  actor text not null,
  at text not null check (length(at) = 24),
  undone_at text check (length(undone_at) = 24)
) strict;
create index payment_refunds_by_subject on payment_refunds (subject);
"""
