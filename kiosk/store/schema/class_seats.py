"""Table: assigned seats in sessions of classes."""

SQL = """
create table class_seats (
  submission_id text primary key references submissions (id),
  session text not null check (length(session) > 16)
) strict;
create index class_seats_by_session on class_seats (session);
"""
