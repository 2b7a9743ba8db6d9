"""Table: counts of what happens on the pages of a form, in place of `turn_backs`; no person, and no time of day.

left, called   a form is left, an officer called, before this step is finished
time           the step is finished; `detail` is the longest time of its bucket in seconds, or `more`
check          the step is sent and a check stops it; `detail` is the question and the check
"""

SQL = """
create table page_counts (
  day text not null check (length(day) = 10),
  procedure text not null,
  version text not null,
  step text not null,
  kind text not null check (kind in ('left', 'called', 'time', 'check')),
  detail text not null default '',
  count integer not null check (count >= 1),
  primary key (day, procedure, version, step, kind, detail)
) strict, without rowid;
insert into page_counts (day, procedure, version, step, kind, count)
  select day, procedure, '', step, kind, count from turn_backs;
drop table turn_backs;
"""
