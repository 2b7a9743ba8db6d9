"""Hashes of the matter that a form is about, and what an officer said of two forms that look like one matter."""

SQL = """
create table submission_matters (
  matter text not null check (length(matter) = 64),
  submission_id text not null references submissions (id),
  primary key (matter, submission_id)
) strict, without rowid;
create index submission_matters_by_submission on submission_matters (submission_id);
create table matter_answers (
  receipt_no text not null,
  other_receipt_no text not null check (other_receipt_no > receipt_no),
  answer text not null check (answer in ('different', 'mistaken')),
  actor text not null,
  at text not null check (length(at) = 24),
  primary key (receipt_no, other_receipt_no)
) strict, without rowid;
"""
