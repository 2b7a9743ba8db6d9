"""The versions of procedures that forms were begun with, whole: a form outlives the file that its version was in."""

SQL = """
create table procedure_versions (
  code text not null,
  version text not null,
  content text not null check (json_valid(content)),
  kept_at text not null check (length(kept_at) = 24),
  primary key (code, version)
) strict, without rowid;
"""
