-- Tables of the kiosk's own, as the first release creates them. A released step is never edited: the next change is a
-- step of its own beside this file (see __init__.py).
-- Tables are strict and states have check clauses, so that the store itself refuses invalid values. Times are texts of
-- `clock.timestamp`, days are YYYY-MM-DD of the ward, hashes are hex.

-- The store itself, and the audit trail.

create table marks (
  key text primary key,
  value text not null
) strict;

create table audit (
  seq integer primary key autoincrement,
  at text not null check (length(at) = 24),
  act text not null,
  actor text not null,
  subject text not null,
  facts text not null check (json_type(facts) = 'object'),
  mac text not null check (length(mac) = 64)
) strict;

-- Forms: drafts, receipt numbers, submissions with their name hashes, versions of procedures.

create table drafts (
  id text primary key check (length(id) = 36),
  session text not null,
  procedure text not null,
  version text not null,
  body blob not null,
  claim text,
  created_at text not null check (length(created_at) = 24),
  touched_at text not null check (length(touched_at) = 24)
) strict;
create unique index drafts_by_claim on drafts (claim) where claim is not null;

create table receipts (
  day text primary key check (length(day) = 10),
  last integer not null check (last between 0 and 9999)
) strict;

create table submissions (
  id text primary key check (length(id) = 36),
  receipt_no text not null,
  revision integer not null check (revision >= 1),
  supersedes text references submissions (id),
  procedure text not null,
  version text not null,
  unit text not null,
  day text not null check (length(day) = 10),
  seq integer not null check (seq between 1 and 9999),
  completed_at text not null check (length(completed_at) = 24),
  clock_trusted integer not null check (clock_trusted in (0, 1)),
  digest text not null check (length(digest) = 64),
  applicant_hash text,
  lookup_hash text,
  delivery text check (delivery in ('held', 'queued', 'sent', 'confirmed', 'quarantined', 'withdrawn')),
  desk text not null default 'waiting'
    check (desk in ('waiting', 'accepted', 'supplement', 'refused', 'stopped', 'handed_out')),
  portal_code integer check (portal_code between 1 and 10),
  portal_revision integer not null default 0 check (portal_revision >= 0),
  portal_at text check (length(portal_at) = 24),
  official_no text,
  due_at text check (length(due_at) = 24),
  portal_note blob,
  body blob,
  touched_at text not null check (length(touched_at) = 24),
  closed_at text check (length(closed_at) = 24),
  desk_official_no text,
  desk_due_at text check (desk_due_at is null or length(desk_due_at) = 24),
  unique (receipt_no, revision),
  unique (day, seq, revision),
  check ((revision = 1) = (supersedes is null))
) strict;
create unique index submissions_by_supersedes on submissions (supersedes) where supersedes is not null;
create index submissions_by_lookup on submissions (lookup_hash);
create index submissions_by_applicant on submissions (applicant_hash);
create index submissions_by_delivery on submissions (delivery);
create index submissions_by_official on submissions (official_no) where official_no is not null;
create index submissions_by_closed on submissions (closed_at) where closed_at is not null;
create index submissions_by_desk_official on submissions (desk_official_no) where desk_official_no is not null;
create index submissions_by_due on submissions (coalesce(desk_due_at, due_at)) where closed_at is null;
create index submissions_by_time on submissions (day, completed_at);

create table submission_names (
  name text not null check (length(name) = 64),
  submission_id text not null references submissions (id),
  primary key (name, submission_id)
) strict, without rowid;
create index submission_names_by_submission on submission_names (submission_id);

-- A form outlives the file that its version was in.
create table procedure_versions (
  code text not null,
  version text not null,
  content text not null check (json_valid(content)),
  kept_at text not null check (length(kept_at) = 24),
  primary key (code, version)
) strict, without rowid;

-- Screens: sessions, enrolled touchscreens, help calls, covered screens, limits of tries.

create table sessions (
  id text primary key,
  audience text not null check (audience in ('citizen', 'officer', 'technician', 'display')),
  settings text not null default '{}' check (json_type(settings) = 'object'),
  created_at text not null check (length(created_at) = 24),
  seen_at text not null check (length(seen_at) = 24),
  draft_id text references drafts (id) on delete set null,
  submission_id text references submissions (id) on delete set null,
  screen text not null default ''
) strict;
create index sessions_by_draft on sessions (draft_id) where draft_id is not null;
create index sessions_by_submission on sessions (submission_id) where submission_id is not null;
create index sessions_by_seen on sessions (seen_at);

-- A cookie opens nothing from another address than `address`; `refused` is the last other one that sent it.
-- A touchscreen without a size has that of the settings.
create table touchscreens (
  id text primary key check (length(id) = 36),
  name text not null check (length(name) between 1 and 40),
  made_by text not null,
  made_at text not null check (length(made_at) = 24),
  code text check (length(code) = 64),
  misses integer not null default 0 check (misses between 0 and 5),
  token text unique check (length(token) = 64),
  enrolled_at text check (length(enrolled_at) = 24),
  revoked_at text check (length(revoked_at) = 24),
  counter integer check (counter between 1 and 30),
  width integer,
  height integer,
  diagonal_mm integer,
  address text,
  refused text,
  check ((token is null) = (enrolled_at is null)),
  check (code is null or token is null)
) strict;

create table calls (
  id integer primary key autoincrement,
  session text not null,
  place text not null,
  since text not null check (length(since) = 24),
  answered_at text check (length(answered_at) = 24),
  screen text not null default '',
  draft_id text,
  procedure text,
  version text,
  step integer check (step >= 1),
  steps integer check (steps >= step),
  seen_at text check (length(seen_at) = 24),
  officer text,
  counter integer check (counter between 1 and 30),
  opened_at text check (length(opened_at) = 24),
  arrived_at text check (length(arrived_at) = 24),
  code_at text check (length(code_at) = 24),
  code_misses integer not null default 0 check (code_misses between 0 and 5),
  ended_at text check (length(ended_at) = 24),
  ended_by text check (ended_by in ('citizen', 'officer', 'timeout'))
) strict;
create unique index calls_one_open on calls (session) where ended_at is null;
create index calls_by_end on calls (ended_at);

create table screen_covers (
  session text primary key references sessions (id) on delete cascade,
  since text not null check (length(since) = 24),
  place text not null,
  digits text check (length(digits) = 64),
  misses integer not null default 0 check (misses between 0 and 5)
) strict;

-- A screen is a touchscreen, not a visit.
create table tries (
  seq integer primary key autoincrement,
  purpose text not null check (purpose in ('lookup', 'ticket')),
  subject text not null,
  screen text not null,
  at text not null check (length(at) = 24)
) strict;
create index tries_by_subject on tries (purpose, subject, at);
create index tries_by_screen on tries (purpose, screen, at);
create index tries_by_time on tries (at);

create table wrong_guesses (
  subject text not null check (length(subject) = 64),
  address text not null check (length(address) <= 64),
  count integer not null check (count >= 1),
  at text not null check (length(at) = 24),
  primary key (subject, address)
) strict, without rowid;
create index wrong_guesses_by_age on wrong_guesses (at);

-- Drafts that are shared with a desk, correct a dossier or are kept for later; details kept for the next form.

-- A row goes with its draft. Answers, the reason for the help and what was read back are in the sealed draft;
-- `ticket_id` is the ticket that the submitted form belongs to, `origin` the words for where the draft was begun
-- ("Máy 2, cạnh cửa").
create table draft_desk (
  draft_id text primary key references drafts (id) on delete cascade,
  actor text not null,
  ticket_id text references tickets (id) on delete set null,
  begun text not null check (begun in ('desk', 'screen', 'kept')),
  origin text not null default '',
  opened_at text not null
) strict;
create index draft_desk_actor on draft_desk (actor);
create index draft_desk_ticket on draft_desk (ticket_id);

-- Whose turn it is to type; a draft without a row belongs to its screen.
create table draft_turns (
  draft_id text primary key references drafts (id) on delete cascade,
  turn integer not null check (turn >= 1),
  holder text not null check (holder in ('screen', 'desk')),
  officer text,
  counter integer,
  ask_no integer not null check (ask_no >= 0),
  is_asked integer not null check (is_asked in (0, 1)),
  check (officer is not null or (holder = 'screen' and is_asked = 0)),
  check (is_asked = 0 or holder = 'screen')
) strict;

create table corrections (
  draft_id text primary key references drafts (id) on delete cascade,
  receipt_no text not null,
  revision integer not null check (revision >= 1),
  actor text not null,
  unique (receipt_no, actor)
) strict;

-- A kept draft stays in `drafts`; its row here says how it is opened again and until when. `sealed` holds the code of
-- the slip and what opens the draft besides it; null once the draft is gone. A row without a draft answers for its slip
-- that the form was submitted or has expired.
create table kept_drafts (
  draft_id text primary key check (length(draft_id) = 36),
  code_hash text not null unique check (length(code_hash) = 64),
  sealed blob,
  procedure text not null,
  version text not null,
  steps_done integer not null check (steps_done >= 0),
  steps integer not null check (steps >= steps_done),
  screen text not null,
  kept_at text not null check (length(kept_at) = 24),
  kept_until text not null check (length(kept_until) = 10),
  times integer not null default 1 check (times >= 1),
  misses integer not null default 0 check (misses >= 0),
  ticket_id text
) strict;
create index kept_drafts_by_end on kept_drafts (kept_until);

create table visit_tickets (
  session text primary key references sessions (id) on delete cascade,
  ticket_id text not null
) strict;

-- The owner is a hash of number, name, birth date and day of issue.
create table reuse (
  owner text primary key,
  body blob not null,
  consented_at text not null check (length(consented_at) = 24),
  expires_at text not null check (length(expires_at) = 24)
) strict;

-- Queue: tickets, counters, services without a form, the plan of the day.

create table tickets (
  id text primary key check (length(id) = 36),
  day text not null check (length(day) = 10),
  series text not null check (length(series) between 1 and 3),
  number integer not null check (number >= 1),
  state text not null default 'waiting'
    check (state in ('waiting', 'called', 'serving', 'absent', 'held', 'done', 'closed')),
  submission_id text references submissions (id),
  priority text check (priority in ('elderly', 'disabled', 'pregnant', 'infant', 'merit', 'returning', 'declared')),
  drawn_at text not null check (length(drawn_at) = 24),
  line text not null check (length(line) between 1 and 3),
  turn integer not null check (turn >= 1),
  since text not null check (length(since) = 24),
  counter integer check (counter between 1 and 30),
  absences integer not null default 0 check (absences >= 0),
  is_confirmed integer not null default 0 check (is_confirmed in (0, 1)),
  unique (day, series, number),
  unique (day, turn),
  check (state not in ('called', 'serving') or counter is not null)
) strict;
create index tickets_by_submission on tickets (submission_id);
create index tickets_in_line on tickets (day, line, turn) where state in ('waiting', 'absent');
create index tickets_held on tickets (day) where state = 'held';
create unique index tickets_at_counter on tickets (day, counter) where state in ('called', 'serving');

create table ticket_events (
  seq integer primary key autoincrement,
  ticket_id text not null references tickets (id) on delete cascade,
  day text not null check (length(day) = 10),
  at text not null check (length(at) = 24),
  event text not null check (event in ('drawn', 'called', 'recalled', 'served', 'absent', 'closed', 'held',
    'transferred', 'returned', 'priority', 'done', 'serving')),
  actor text,
  counter integer,
  detail text not null default '',
  nonce text
) strict;
create index ticket_events_by_ticket on ticket_events (ticket_id);
create index ticket_events_by_day on ticket_events (day, event, seq);
create unique index ticket_events_by_nonce on ticket_events (nonce) where nonce is not null;

create table counter_events (
  seq integer primary key autoincrement,
  day text not null check (length(day) = 10),
  counter integer not null check (counter between 1 and 30),
  at text not null check (length(at) = 24),
  event text not null check (event in ('opened', 'closed')),
  actor text not null
) strict;
create index counter_events_by_day on counter_events (day, counter, seq);

create table services (
  id text primary key check (length(id) = 36),
  ticket_id text not null,
  label text not null check (length(label) between 2 and 8),
  submission_id text references submissions (id),
  day text not null check (length(day) = 10),
  counter integer not null check (counter between 1 and 30),
  outcome text not null check (outcome in ('waits', 'held', 'asked', 'done')),
  register_no integer check (register_no >= 1),
  note blob,
  amount integer not null default 0 check (amount between 0 and 100000000),
  method text check (method in ('cash', 'transfer')),
  exemption text check (length(exemption) between 1 and 200),
  actor text not null,
  at text not null check (length(at) = 24),
  void_reason text,
  void_day text check (length(void_day) = 10),
  void_actor text,
  void_at text check (length(void_at) = 24),
  check ((outcome = 'done') = (register_no is not null)),
  check (amount = 0 or (method is null) <> (exemption is null)),
  check ((void_at is null) = (void_actor is null) and (void_at is null) = (void_reason is null)
    and (void_at is null) = (void_day is null))
) strict;
create index services_by_ticket on services (ticket_id);
create index services_by_day on services (day, at);
create index services_by_void_day on services (void_day) where void_day is not null;
create unique index services_by_register_no on services (substr(day, 1, 4), register_no) where register_no is not null;

create table service_lines (
  service_id text not null references services (id) on delete cascade,
  place integer not null check (place >= 1),
  procedure text not null,
  fee text not null default '',
  name text not null,
  copies integer not null check (copies between 1 and 999),
  pages integer check (pages between 1 and 9999),
  amount integer not null check (amount between 0 and 100000000),
  primary key (service_id, place)
) strict;

create table service_plans (
  revision integer primary key check (revision >= 1),
  parts text not null check (json_type(parts) = 'array'),
  plan text not null check (json_type(plan) = 'object'),
  actor text not null,
  at text not null check (length(at) = 24)
) strict;

-- Cases: papers, notes, scans, decisions, fees, openings away from a counter, seats of classes.

create table inspections (
  submission_id text not null references submissions (id),
  paper text not null check (length(paper) between 1 and 80),
  is_seen integer not null check (is_seen in (0, 1)),
  is_copied integer not null check (is_copied in (0, 1)),
  actor text not null,
  at text not null check (length(at) = 24),
  primary key (submission_id, paper)
) strict;

create table desk_notes (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  text blob not null,
  actor text not null,
  at text not null check (length(at) = 24)
) strict;
create index desk_notes_by_submission on desk_notes (submission_id);

-- A scan belongs to the receipt number, so a correction keeps it; its content is a sealed file beside the store. The
-- wrapped data key is only in the row: deleting the row destroys the key.
create table scans (
  id text primary key check (length(id) = 36),
  receipt_no text not null,
  paper text not null check (length(paper) between 1 and 80),
  name text not null unique check (length(name) = 64),
  key blob not null,
  sha256 text not null check (length(sha256) = 64),
  media text not null check (media in ('image/jpeg', 'application/pdf')),
  pages integer not null check (pages >= 1),
  bytes integer not null check (bytes >= 1),
  actor text not null,
  at text not null check (length(at) = 24),
  unique (receipt_no, paper, sha256)
) strict;

-- `before` is the state before the decision, `undo_until` the end of the time to undo it.
create table decisions (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  receipt_no text not null,
  seq integer not null check (seq >= 1),
  kind text not null check (kind in ('accepted', 'supplement', 'refused', 'extended', 'stopped', 'handed_out',
    'document', 'fee', 'withdrawn', 'reopened', 'numbered')),
  actor text not null,
  at text not null check (length(at) = 24),
  facts text not null default '{}' check (json_type(facts) = 'object'),
  detail blob,
  event blob,
  digest text check (length(digest) = 64),
  delivery text check (delivery in ('queued', 'confirmed', 'quarantined')),
  before text not null default '{}' check (json_type(before) = 'object'),
  undo_until real,
  undone_at text check (length(undone_at) = 24),
  undone_by text,
  unique (receipt_no, seq),
  check ((digest is null) = (delivery is null)),
  check ((undone_at is null) = (undone_by is null)),
  check (undone_at is null or delivery is null)
) strict;
create index decisions_by_submission on decisions (submission_id);
create index decisions_refused on decisions (delivery) where delivery = 'quarantined';
create index decisions_accepted on decisions (at) where kind = 'accepted';
create index decisions_to_undo on decisions (undo_until) where undo_until is not null and undone_at is null;
create index decisions_handed_out on decisions (at) where kind = 'handed_out';

-- A fee belongs to the receipt number, which a correction keeps. `changes` only grows; a page that shows an older sum
-- of it is stale. A payment keeps its `day`; when it is returned on a later day, its row has a `void_day` too.
create table fees (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  receipt_no text not null,
  fee text not null check (length(fee) between 1 and 80),
  listed integer check (listed >= 0),
  amount integer not null check (amount between 0 and 100000000),
  reason text check (length(reason) between 1 and 40),
  exemption text check (length(exemption) between 1 and 80),
  method text check (method in ('cash', 'transfer')),
  state text not null check (state in ('due', 'paid', 'waived', 'void')),
  day text not null check (day glob '2[0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  actor text not null,
  at text not null check (length(at) = 24),
  void_reason text check (length(void_reason) between 1 and 40),
  void_day text check (void_day glob '2[0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  void_actor text,
  void_at text check (length(void_at) = 24),
  changes integer not null default 1 check (changes >= 1),
  check (amount > 0 or exemption is not null),
  check (state <> 'due' or (method is null and exemption is null)),
  check (state <> 'paid' or (method is not null and exemption is null)),
  check (state <> 'waived' or (method is null and exemption is not null)),
  check ((state = 'void') = (void_day is not null and void_actor is not null and void_at is not null
    and void_reason is not null))
) strict;
create unique index fees_once on fees (receipt_no, fee) where state <> 'void';
create index fees_by_day on fees (day);
create index fees_by_void_day on fees (void_day) where void_day is not null;

create table openings (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  session text not null,
  actor text not null,
  reason text not null check (reason in ('hand_out', 'asked', 'paper', 'check', 'authority', 'other')),
  words blob,
  opened_at text not null check (length(opened_at) = 24),
  closes_at text not null check (length(closes_at) = 24),
  check (opened_at <= closes_at)
) strict;
create index openings_by_session on openings (session, closes_at);
create index openings_by_time on openings (opened_at);

create table class_seats (
  submission_id text primary key references submissions (id),
  session text not null check (length(session) > 16)
) strict;
create index class_seats_by_session on class_seats (session);

-- It holds no name: name and telephone number are in the sealed form.
create table class_call_backs (
  submission_id text primary key references submissions (id),
  added_at text not null check (length(added_at) = 24),
  tries integer not null default 0 check (tries >= 0),
  tried_at text,
  outcome text check (outcome in ('invited', 'declined')),
  settled_at text,
  check ((outcome is null) = (settled_at is null))
) strict;

-- Staff: people, their sittings and views, posts of their pages, changes that another person agrees to.

create table staff (
  code text primary key check (length(code) between 4 and 6),
  login text not null unique check (length(login) between 3 and 32),
  name text not null check (length(name) between 1 and 80),
  role text not null check (role in ('officer', 'lead', 'technician', 'auditor')),
  password text not null check (password like '$argon2id$%'),
  is_active integer not null default 1 check (is_active in (0, 1)),
  created_at text not null check (length(created_at) = 24),
  is_temporary integer not null default 0 check (is_temporary in (0, 1)),
  pin text check (pin like '$argon2id$%')
) strict;

create table sittings (
  session text primary key references sessions (id) on delete cascade,
  person text not null references staff (code),
  counter integer check (counter between 1 and 30),
  workstation text not null,
  is_locked integer not null default 0 check (is_locked in (0, 1)),
  misses integer not null default 0 check (misses between 0 and 5)
) strict;
create index sittings_by_person on sittings (person);

-- Who opened which session, also after its end.
create table opened_sessions (
  session text primary key,
  person text not null references staff (code),
  workstation text not null,
  at text not null check (length(at) = 24)
) strict, without rowid;
create index opened_sessions_by_age on opened_sessions (at);

create table desk_views (
  person text primary key references staff (code),
  theme text not null check (theme in ('light', 'dark')),
  size text not null check (size in ('normal', 'large', 'larger'))
) strict;

-- Posts of desk pages that took effect.
create table answered_posts (
  key text primary key check (length(key) = 36),
  session text not null,
  at text not null check (length(at) = 24),
  page blob
) strict, without rowid;
create index answered_posts_by_age on answered_posts (at);

-- Typed text that waits for its officer.
create table unsent_posts (
  id text primary key,
  person text not null references staff (code),
  at text not null check (length(at) = 24),
  content blob not null
) strict;
create index unsent_posts_by_person on unsent_posts (person, at);

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

-- Figures without people, comparisons of facts.

-- No row of `opinions` is one person's: equal opinions of a day are one count. The tables are `without rowid`, so that
-- the order of rows is that of their keys, which says nothing of the time; the key of a text is random.
create table opinions (
  day text not null check (length(day) = 10),
  procedure text not null,
  counter integer not null check (counter between 0 and 30),
  face integer not null check (face between 0 and 5),
  words text not null default '',
  count integer not null check (count >= 1),
  primary key (day, procedure, counter, face, words)
) strict, without rowid;

create table opinion_texts (
  id text primary key check (length(id) = 32),
  day text not null check (length(day) = 10),
  procedure text not null,
  face integer not null check (face between 1 and 5),
  body blob not null
) strict, without rowid;

create table opinion_turns (
  counter integer not null check (counter between 1 and 30),
  ended_at text not null check (length(ended_at) = 24),
  primary key (counter, ended_at)
) strict, without rowid;

-- No person, and no time of day. `kind` is one of
-- left, called   a form is left, an officer called, before this step is finished
-- time           the step is finished; `detail` is the longest time of its bucket in seconds, or `more`
-- check          the step is sent and a check stops it; `detail` is the question and the check
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

create table comparisons (
  procedure text not null check (length(procedure) between 1 and 40),
  digest text not null check (length(digest) = 64),
  ward text not null check (length(ward) <= 40),
  ward_name text not null check (length(ward_name) <= 80),
  fact text not null check (length(fact) between 1 and 80),
  result text not null check (result in ('same', 'differs')),
  note text not null check (length(note) <= 300),
  actor text not null check (length(actor) between 1 and 80),
  at text not null check (length(at) = 24),
  is_settled integer not null default 0 check (is_settled in (0, 1)),
  primary key (procedure, digest, ward),
  check (result = 'same' or note <> ''),
  check ((ward = '') = (ward_name = ''))
) strict, without rowid;
create index comparisons_by_ward on comparisons (ward);

-- Portal: its refusals, and renewals of the kiosk's key.

create table refusals (
  no integer primary key autoincrement,
  subject text not null,
  attempt integer,
  at text not null check (length(at) = 24),
  fields text not null default '[]' check (json_valid(fields)),
  words blob
) strict;
create index refusals_by_subject on refusals (subject, no);

create table key_renewals (
  no integer primary key autoincrement,
  asked_at text not null check (length(asked_at) = 24),
  actor text not null,
  code blob,
  key_id text,
  state text not null default 'asked' check (state in ('asked', 'done', 'refused')),
  last_code text,
  ended_at text check (length(ended_at) = 24),
  check ((state = 'asked') = (ended_at is null)),
  check ((state = 'asked') = (code is not null))
) strict;
create unique index key_renewals_open on key_renewals (state) where state = 'asked';
