"""Payment notices of the bank, and when a notice confirmed a fee or a service."""

SQL = """
alter table fees add column bank_at text check (length(bank_at) = 24);
alter table services add column bank_at text check (length(bank_at) = 24);
create table payment_notices (
  account text not null check (length(account) = 16),
  reference text not null check (length(reference) between 1 and 64),
  direction text not null check (direction in ('in', 'out')),
  amount integer not null check (amount > 0),
  booked_at text not null check (length(booked_at) = 24),
  received_at text not null check (length(received_at) = 24),
  source text not null check (source in ('notice', 'statement')),
  payment_key text check (length(payment_key) between 1 and 64),
  hint text check (length(hint) between 1 and 64),
  day text not null check (day glob '2[0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  recorded_at text not null check (length(recorded_at) = 24),
  settled_at text check (length(settled_at) = 24),
  subject text check (length(subject) between 1 and 64),
  primary key (account, reference)
) strict;
create index payment_notices_by_subject on payment_notices (subject);
create index payment_notices_by_day on payment_notices (day);
create index payment_notices_unsettled on payment_notices (recorded_at) where settled_at is null;
"""
