"""Registers of certification: the register of copies gets three others beside it, each with numbers of its own."""

SQL = """
create table certifications (
  id text primary key,
  register text not null check (register in ('copies', 'signature', 'translation', 'transaction')),
  year integer not null,
  number integer not null check (number >= 1),
  receipt_no text not null,
  submission_id text not null,
  place integer not null check (place >= 0),
  day text not null check (length(day) = 10),
  pages integer not null check (pages between 1 and 999),
  declared_pages integer not null check (declared_pages between 1 and 999),
  copies integer not null check (copies between 1 and 99),
  amount integer check (amount >= 0),
  signer text not null,
  signer_title text not null,
  actor text not null,
  at text not null check (length(at) = 24),
  cancel_reason text check (cancel_reason in ('misprinted', 'not_wanted', 'mistaken', 'other')),
  cancel_actor text,
  cancelled_at text check (length(cancelled_at) = 24),
  check ((cancel_reason is null) = (cancelled_at is null)),
  check ((cancel_reason is null) = (cancel_actor is null)),
  unique (register, year, number)
) strict;
insert into certifications
  select id, 'copies', year, number, receipt_no, submission_id, place, day, pages, declared_pages, copies, amount,
         signer, signer_title, actor, at, cancel_reason, cancel_actor, cancelled_at
  from certified_copies;
drop table certified_copies;
alter table certifications rename to certified_copies;
create unique index certified_copies_in_force on certified_copies (receipt_no, place) where cancelled_at is null;
create index certified_copies_by_day on certified_copies (day);
"""
