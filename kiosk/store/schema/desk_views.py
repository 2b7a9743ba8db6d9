"""Table: how each member of the staff has the desk pages shown, light or dark and in which text size."""

SQL = """
create table desk_views (
  person text primary key references staff (code),
  theme text not null check (theme in ('light', 'dark')),
  size text not null check (size in ('normal', 'large', 'larger'))
) strict;
"""
