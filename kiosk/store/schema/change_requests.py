"""Changes of what decides who can read forms: asked for by a technician, or found in kiosk.toml, and the answer."""

SQL = """
create table change_requests (
  id text primary key,
  kind text not null check (kind in ('settings', 'recovery', 'standby', 'found')),
  actor text not null,
  made_at text not null check (length(made_at) = 24),
  changes text not null check (json_valid(changes)),
  content blob,
  state text not null default 'open' check (state in ('open', 'agreed', 'refused', 'replaced', 'seen')),
  decided_by text,
  decided_at text check (length(decided_at) = 24),
  check ((state = 'open') = (decided_at is null)),
  check (state = 'open' or content is null)
) strict;
"""
