"""State at the system behind the gateway, beside the portal's own, and the state before it, each with its time."""

SQL = """
alter table submissions add column system_code integer check (system_code between 1 and 10);
alter table submissions add column system_at text check (length(system_at) = 24);
alter table submissions add column system_former_code integer check (system_former_code between 1 and 10);
alter table submissions add column system_former_at text check (length(system_former_at) = 24);
"""
