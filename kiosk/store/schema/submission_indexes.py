"""Indexes for what pages count and list of submissions, so that none reads every form of a long queue.

The start page counts use by procedure, the maintenance page versions in use, the desk the cases that are open.
"""

SQL = """
create index submissions_by_use on submissions (day, procedure) where revision = 1;
create index submissions_by_version on submissions (procedure, version) where body is not null;
create index submissions_open on submissions (desk, completed_at, id, receipt_no) where closed_at is null;
"""
