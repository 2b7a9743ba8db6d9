"""A page of a draft, and a scan, say whether a paper scanner gave them: else a camera, or a file of the desk."""

SQL = """
alter table draft_pages add column is_scanned integer not null default 0 check (is_scanned in (0, 1));
alter table scans add column is_scanned integer not null default 0 check (is_scanned in (0, 1));
"""
