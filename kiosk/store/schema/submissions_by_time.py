"""Index: submissions of a day by time, for the time of the newest one."""

SQL = """
create index submissions_by_time on submissions (day, completed_at);
"""
