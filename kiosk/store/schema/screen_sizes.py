"""The size of each enrolled touchscreen; without one it has the size in the settings."""

SQL = """
alter table touchscreens add column width integer;
alter table touchscreens add column height integer;
alter table touchscreens add column diagonal_mm integer;
"""
