BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'kiosk','first_tables','2026-12-01 11:17:09.639737+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'kiosk','class_seats','2026-12-01 11:17:09.640345+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'kiosk','staff_and_sittings','2026-12-01 11:17:09.641008+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'kiosk','queue_lines','2026-12-01 11:17:09.650570+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'kiosk','desk_papers','2026-12-01 11:17:09.655583+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'kiosk','scans','2026-12-01 11:17:09.656200+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'kiosk','desk_decisions','2026-12-01 11:17:09.663105+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'kiosk','case_lookups','2026-12-01 11:17:09.667876+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'kiosk','people_and_doors','2026-12-01 11:17:09.690367+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'kiosk','desk_corrections','2026-12-01 11:17:09.690913+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'kiosk','fees_taken','2026-12-01 11:17:09.696173+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'kiosk','portal_refusals','2026-12-01 11:17:09.696642+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'kiosk','key_renewals','2026-12-01 11:17:09.697176+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'kiosk','kept_details','2026-12-01 11:17:09.697570+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'kiosk','wrong_guesses','2026-12-01 11:17:09.698020+00:00');
INSERT INTO "_sqlite_migrations" VALUES(16,'kiosk','screen_limits','2026-12-01 11:17:09.698802+00:00');
INSERT INTO "_sqlite_migrations" VALUES(17,'kiosk','fact_comparisons','2026-12-01 11:17:09.703752+00:00');
INSERT INTO "_sqlite_migrations" VALUES(18,'kiosk','draft_turns','2026-12-01 11:17:09.704333+00:00');
INSERT INTO "_sqlite_migrations" VALUES(19,'kiosk','acceptances_by_time','2026-12-01 11:17:09.704722+00:00');
INSERT INTO "_sqlite_migrations" VALUES(20,'kiosk','help_calls','2026-12-01 11:17:09.754439+00:00');
INSERT INTO "_sqlite_migrations" VALUES(21,'kiosk','assisted_drafts','2026-12-01 11:17:09.759600+00:00');
INSERT INTO "_sqlite_migrations" VALUES(22,'kiosk','undone_decisions','2026-12-01 11:17:09.783570+00:00');
INSERT INTO "_sqlite_migrations" VALUES(23,'kiosk','desk_views','2026-12-01 11:17:09.784160+00:00');
INSERT INTO "_sqlite_migrations" VALUES(24,'kiosk','kept_drafts','2026-12-01 11:17:09.784939+00:00');
INSERT INTO "_sqlite_migrations" VALUES(25,'kiosk','posts_of_desks','2026-12-01 11:17:09.785918+00:00');
INSERT INTO "_sqlite_migrations" VALUES(26,'kiosk','services_done','2026-12-01 11:17:09.798101+00:00');
INSERT INTO "_sqlite_migrations" VALUES(27,'kiosk','turn_backs','2026-12-01 11:17:09.798810+00:00');
INSERT INTO "_sqlite_migrations" VALUES(28,'kiosk','service_plans','2026-12-01 11:17:09.803378+00:00');
INSERT INTO "_sqlite_migrations" VALUES(29,'kiosk','opinions','2026-12-01 11:17:09.812430+00:00');
INSERT INTO "_sqlite_migrations" VALUES(30,'kiosk','page_counts','2026-12-01 11:17:09.813308+00:00');
INSERT INTO "_sqlite_migrations" VALUES(31,'kiosk','class_call_backs','2026-12-01 11:17:09.813979+00:00');
INSERT INTO "_sqlite_migrations" VALUES(32,'kiosk','screen_sizes','2026-12-01 11:17:09.842690+00:00');
INSERT INTO "_sqlite_migrations" VALUES(33,'kiosk','submissions_by_time','2026-12-01 11:17:09.847682+00:00');
INSERT INTO "_sqlite_migrations" VALUES(34,'kiosk','screen_addresses','2026-12-01 11:17:09.857750+00:00');
INSERT INTO "_sqlite_migrations" VALUES(35,'kiosk','change_requests','2026-12-01 11:17:09.858399+00:00');
INSERT INTO "_sqlite_migrations" VALUES(36,'kiosk','procedure_versions','2026-12-01 11:17:09.858853+00:00');
INSERT INTO "_sqlite_migrations" VALUES(37,'sync','outbox','2026-12-01 11:17:09.898388+00:00');
INSERT INTO "_sqlite_migrations" VALUES(38,'sync','link','2026-12-01 11:17:09.934511+00:00');
INSERT INTO "_sqlite_migrations" VALUES(39,'sync','attempts','2026-12-01 11:17:09.952446+00:00');
INSERT INTO "_sqlite_migrations" VALUES(40,'sync','stops','2026-12-01 11:17:09.984046+00:00');
INSERT INTO "_sqlite_migrations" VALUES(41,'sync','terms','2026-12-01 11:17:09.993576+00:00');
INSERT INTO "_sqlite_migrations" VALUES(42,'sync','files','2026-12-01 11:17:10.031736+00:00');
INSERT INTO "_sqlite_migrations" VALUES(43,'sync','steps','2026-12-01 11:17:10.033212+00:00');
INSERT INTO "_sqlite_migrations" VALUES(44,'sync','what_is_left','2026-12-01 11:17:10.033655+00:00');
INSERT INTO "_sqlite_migrations" VALUES(45,'sync','carried','2026-12-01 11:17:10.047818+00:00');
INSERT INTO "_sqlite_migrations" VALUES(46,'sync','greetings','2026-12-01 11:17:10.050392+00:00');
INSERT INTO "_sqlite_migrations" VALUES(47,'sync','turns_of_the_line','2026-12-01 11:17:10.050849+00:00');
INSERT INTO "_sqlite_migrations" VALUES(48,'sync','what_a_restore_kept','2026-12-01 11:17:10.076422+00:00');
INSERT INTO "_sqlite_migrations" VALUES(49,'sync','holds','2026-12-01 11:17:10.100662+00:00');
INSERT INTO "_sqlite_migrations" VALUES(50,'printers','spool','2026-12-01 11:17:10.102523+00:00');
INSERT INTO "_sqlite_migrations" VALUES(51,'printers','what_is_left','2026-12-01 11:17:10.102959+00:00');
INSERT INTO "_sqlite_migrations" VALUES(52,'printers','a_thread_for_each_printer','2026-12-01 11:17:10.118487+00:00');
CREATE TABLE answered_posts (
  key text primary key check (length(key) = 36),
  session text not null,
  at text not null check (length(at) = 24),
  page blob
) strict, without rowid;
CREATE TABLE attempts (
            no integer primary key autoincrement,
            subject text,
            at text not null,
            became text not null check (became in ('todo', 'unknown', 'done', 'refused', 'up', 'down', 'paused')),
            class text,
            code text
        ) strict;
CREATE TABLE audit (
  seq integer primary key autoincrement,
  at text not null check (length(at) = 24),
  act text not null,
  actor text not null,
  subject text not null,
  facts text not null check (json_type(facts) = 'object'),
  mac text not null check (length(mac) = 64)
) strict;
INSERT INTO "audit" VALUES(1,'2026-11-24T01:30:00.000Z','enlist','cli','CB01','{"detail": "officer"}','587064213897fdf5bb2a414fa1a3dcaf3547dc76b6d3551b44aa738d0a473b66');
INSERT INTO "audit" VALUES(2,'2026-11-24T01:30:00.000Z','enlist','cli','CB02','{"detail": "lead"}','925e32029e74617041a53e0c993faa7dff422d1a162f8d09f5d45f19bce00133');
INSERT INTO "audit" VALUES(3,'2026-11-24T01:30:00.000Z','enlist','cli','CB03','{"detail": "technician"}','28630d922fe67aed34f5f349bbee1247f3665e47591654536407db02d8343b17');
INSERT INTO "audit" VALUES(4,'2026-11-24T01:30:00.000Z','submit','citizen','01a23152-b5f8-75b7-93f8-feb93cac05fa','{"procedure": "2.000635", "receipt": "PK03-261124-0001-V"}','38a21af42460828db55c4e342c45ea147803caa1760f9cc91e91036bfe62f768');
INSERT INTO "audit" VALUES(5,'2026-11-24T01:30:00.000Z','note','CB01','01a23152-b5f8-75b7-93f8-feb93cac05fa','{}','b47e3564be7feb0d6169159e6e94199ad9ac8f6de8febbb495c044e1640f78a9');
INSERT INTO "audit" VALUES(6,'2026-11-24T01:30:00.000Z','accepted','CB01','01a23152-b5f8-75b7-93f8-feb93cac05fa','{"due": "2026-11-25T10:00:00.000Z", "place": "counter", "receipt": "PK03-261124-0001-V", "seq": 1, "sets": 1, "term": 0}','c609debb41e2dba64d681567f3450aaec0d53330b0f0315834283d80bb4f5fd0');
CREATE TABLE calls (
  id integer primary key autoincrement,
  session text not null,
  place text not null,
  since text not null check (length(since) = 24),
  answered_at text check (length(answered_at) = 24)
, screen text not null default '', draft_id text, procedure text, version text, step integer check (step >= 1), steps integer check (steps >= step), seen_at text check (length(seen_at) = 24), officer text, counter integer check (counter between 1 and 30), opened_at text check (length(opened_at) = 24), arrived_at text check (length(arrived_at) = 24), code_at text check (length(code_at) = 24), code_misses integer not null default 0 check (code_misses between 0 and 5), ended_at text check (length(ended_at) = 24), ended_by text check (ended_by in ('citizen', 'officer', 'timeout'))) strict;
CREATE TABLE change_requests (
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
CREATE TABLE class_call_backs (
  submission_id text primary key references submissions (id),
  added_at text not null check (length(added_at) = 24),
  tries integer not null default 0 check (tries >= 0),
  tried_at text,
  outcome text check (outcome in ('invited', 'declined')),
  settled_at text,
  check ((outcome is null) = (settled_at is null))
) strict;
CREATE TABLE class_seats (
  submission_id text primary key references submissions (id),
  session text not null check (length(session) > 16)
) strict;
CREATE TABLE comparisons (
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
CREATE TABLE corrections (
  draft_id text primary key references drafts (id) on delete cascade,
  receipt_no text not null,
  revision integer not null check (revision >= 1),
  actor text not null,
  unique (receipt_no, actor)
) strict;
CREATE TABLE counter_events (
  seq integer primary key autoincrement,
  day text not null check (length(day) = 10),
  counter integer not null check (counter between 1 and 30),
  at text not null check (length(at) = 24),
  event text not null check (event in ('opened', 'closed')),
  actor text not null
) strict;
CREATE TABLE decisions (
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
INSERT INTO "decisions" VALUES('01a23152-b777-7274-adb7-409f9a49f051','01a23152-b5f8-75b7-93f8-feb93cac05fa','PK03-261124-0001-V',1,'accepted','CB01','2026-11-24T01:30:00.000Z','{"due": "2026-11-25T10:00:00.000Z", "place": "counter", "sets": 1, "term": 0}',X'01CB39AE6863AD1846983A6DC40E21393BBAD7C4E3F2A84BDEFD2450681E69ED19578BE6E7A76CD1589FA779A5AC1273B56B4F850FE4A2E48CB3EECBFF9190B4830F9A3E4D0CFDE23834338F224BA2BD7EA1212ED3E4390F23E9281742DB7BBB8FF56E30963BD9049939CA9F1A6D2D02504536FFBFC16650AA39BF0197D766B89E3CB3D5A47CD95996F46303C6B816340061D88DB9B3704897E64EE6E64299E32CD39763EBFABF4E18341F6D83B60E50E526899E498433F09F6BFB835A811B356AA6D1414106922B6AD7985243081213C9C52A2139DB2B20516D9C22B0F372C18B29C0902DB3F4F60CA923838FD752A53DEC6261E5B15BDCA0240F294B15A39138B1732E3262D21A38617C25C3127683082C0692CB432A13FEC74B67F69819A44C12DF33BE90854889FC37F2C45213C9D83F109C',X'0160DFA564B7BA37689BB79FF650806A6D8880CF5DE6B45816E2EE517C882D83C53B6B4FC401752EA755BE8D09633691A56D8CC5C34375FF5F6BB053F97FCBDD3EB8ACF2841E49945E096674EE9AB03F51B53F0B658E7B0923459E6DF30AB8CD1A3B980B8461BCA97996F01D9B16AB1A5A447EA62085AEA8CAAFC39659EE953253825D99CEA55C704DE112B1D2746FE8D4035A29A5FA9F18F81C6220EA61BDAE780A9DC6CB318DB978DF92067AB543150BCB8423ED4490B9A679AC406FF91DC2737118D17D19B7853039E137C139A2225A7E9F188CA468202CE1CFCD20669479DB1B3B455471E3F3532FFFF79BD4B36FC7A5E8FE6AC966B3B81D8C70A3FB82DC9535D06119B6E073AA0B9DEBBF04F0BEDC7E8777FDAE4E58E5E8C86DCE1FA554DE342F425CEF5F67AE1B15B89F7AE33E234E16E577E5F14F793FC253E2DA218D65D46E6C84ED7541EB40FA67AEDB2E3A6106','06c6bacdb0c34f10e39cc890df4a1087a1886f486594a95ec32d278580c46be9','queued','{"closed": null, "desk": "waiting", "due": null, "official_no": null}',1008.0,NULL,NULL);
CREATE TABLE desk_notes (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  text blob not null,
  actor text not null,
  at text not null check (length(at) = 24)
) strict;
INSERT INTO "desk_notes" VALUES('01a23152-b772-7368-afaf-6172e28704dc','01a23152-b5f8-75b7-93f8-feb93cac05fa',X'0153E2D993D3E41D0AEAE976899E61959EFCECF258BA722CBA8F272FAFA3D4712F62DE5516D8080D8544BFEC836AC4E27553F50A4F0E22FEADCF090895CF7B86A2445A949641C3072B1A0B39DB0B16CA0DD6972F6E4C52B900529508658CC364432A3236E8ECBCACC0CF4EE6BA8CD8419187FEE41A','CB01','2026-11-24T01:30:00.000Z');
CREATE TABLE desk_views (
  person text primary key references staff (code),
  theme text not null check (theme in ('light', 'dark')),
  size text not null check (size in ('normal', 'large', 'larger'))
) strict;
CREATE TABLE draft_desk (
  draft_id text primary key references drafts (id) on delete cascade,
  actor text not null,
  ticket_id text references tickets (id) on delete set null,
  begun text not null check (begun in ('desk', 'screen', 'kept')),
  origin text not null default '',
  opened_at text not null
) strict;
CREATE TABLE draft_turns (
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
CREATE TABLE drafts (
  id text primary key check (length(id) = 36),
  session text not null,
  procedure text not null,
  version text not null,
  body blob not null,
  claim text,
  created_at text not null check (length(created_at) = 24),
  touched_at text not null check (length(touched_at) = 24)
) strict;
INSERT INTO "drafts" VALUES('01a23152-b6b8-759c-aedf-ba9699139e40','WjQFpRgfo2TaEC3YoZSAXHoEqxxkWkMj','2.000635','2026-11',X'018A13CBE1F5E11716FBC56848D81615813A424497C4791F147004DB674D603E0D48AF705C1A6933CA21A9DA8FC58C912488B16ECC2D13E7845D3DA100AACA31F1D06DB4F35DCC91FF78C25EA35577570BD126E785FF000C4DEEB0749FA8EB0074A4C658A10BAF30E07AB87F086F9B883E563326148B8791F364CA383C4CC3454F29D0AF475D933B8DBA3E2EC43056AB3858F21EE1866DD37F6DC54DAB60206C2ADDF80D6100802F5F2804A6BE64D99A33F60B40F9FA79AF4387C7688B9A96D4E85F18B0C19D9AD3BDA521156F19F554FE6FD8AF2678241C97BAB6A79766A015945CE9CFD3467441834056DEC92ABD20A5C6D5AD026408BB0FBBC75823B9E181A1478BC4C4BD1041A0370158408D9C451A671A4C7D91FBEDE1520F0E4B19040EE5907FA6B1CCE132CA5B8285EA2233398BEF71517624F547A3679A76105AC7068A8BB89268158023B5FC2754E699C9CE2A80BF3CB01EACC73F9FF3D2D03BEFD95B3AB6A05DB60F0EE6591248809A2CC7599D11992FE41AAA0DE6D289B7C07A4606B24445CB5BE629BCF3CA7D18518A5C1020499457BB0E49A4517B1339BDE7B7A9BCDB248FEBC4AA3A8F18240D1F397347498AC5BF1706F0C7992652B44CF0B8925C1FC97B863BF882E131C41BAFDAAAC5EE971E9B147734E2ACA8FFE4502EA99D7D009D09F1102F54A52675C88F6D0F9FDFB2AEDA7A4E963332CFAC432F11235BD5937C28F9E3E7FEE5A7A8727EDAB9A134AC5717D67A8D062DF61F4E5C347AB3E320D3933131EDF8235F08319866577B77D9F0D79BECDDC33C3DFED2039C319B4A959C133594FFE3522EAD4A17122B87C592C816B4E5C3896D3013DB2D657DD3194A8A8ADC04FB8640DE467543B2C4F2505D5B387B393C0EC2B97065F5B01E5B25E9AFD0B2A6F08C174A262453BD6B6C96545D104DCBBA5FB6C8377029CA8C7D77FA4104AE2A15C8CBD7B5B1923555782DE72FFB34BB10AD74654A85236F825828AF177755B31D631381F1D50682CEA4DB3E261E551534C04B99F85A8CBA22704EEA2EA741AFC93C1991BE129FC9916F468BEC2E439C1564FE6B2577792C06FBBA3DFCB39C1C4E91D7765305228D53E12DEB62AD50BD8A88A63D0C2E485888DBCE4C51C4DABFBAF862172FCDF360770246AAEE341B3F3A93229FD575EBB02D7D04BDA5A60D4EA008C357C53E0A8E8AB5D5A83990EC669BB91C2D3486B4F746193E4A37A6FB6EC42003390904E3F3D5AD197EA50E78817748F0E43D2B2A3BA01B25EEC27F7F3B3584F67DFF3EBDD12268873E5D20B74683AF3876C0475CFC3EB6E24E1328E43F33B2EBA062F1455BBBF1AFF00463D476DD076D1F0904393D19D80AEF8A44D70996F185D7520EFBC2A4B81A620964954606D837DB34E14EB297F856A8D3623B63A2584775F0225D4F54D5B1EC7DDCD67C7B13B819EAFD7C1126088ADE9347EAD1078980A97867A8DBB220DD8589171BD7D7FB9570A531CA37DF40578D46C5CBDD08F2F7F84A36BA94C99247F007914EB1F0D49EA3515B653DF65F947C3096F873241D73EEED66C279FDAF8410ADEFB534248E7110B0CA4AEB60C2CF9C27C94265C9FC02F592CCA366A70145DDFA537EBB49810565C1D6E3D978C354660419C7399C097838C8BBD58355C8427798346593A29D662D7EADC9491E6C3E26E68457A297D7B19CB168664B6C9A4741CBFE99DC5BB8EB8782A009784782F7201EBC9EE91CC00462BE206611FB22CFA91300F0A1EF6107890C51B80B96DABD0BED57D0D1B413B8AB9EE51688A8E92A2F6ADE59C6E6D551FCCBE706E062CB1DD3D1DDF0DDAF1DDEFA8E5B070879C57E2EDBA6EDD980D2201804A3A115A04189D931179F754ACC9C1A59C226E0251CC8B9',NULL,'2026-11-24T01:30:00.000Z','2026-11-24T01:30:00.000Z');
CREATE TABLE fees (
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
CREATE TABLE files (
            no integer primary key autoincrement,
            file text not null unique,
            parent text not null,
            sha256 text not null check (length(sha256) = 64),
            size integer not null check (size > 0),
            state text not null default 'todo' check (state in ('todo', 'done', 'refused', 'dropped')),
            sent integer not null default 0 check (sent between 0 and size),
            attempts integer not null default 0 check (attempts >= 0),
            run integer not null default 0,
            next_at real not null default 0,
            last_class text check (last_class in ('link', 'unknown', 'auth', 'record', 'rate', 'maintenance', 'clock',
                                                  'version', 'size', 'poison')),
            last_code text,
            epoch text,
            created text not null,
            updated text not null,
            check (state <> 'done' or (epoch is not null and sent = size))
        ) strict;
CREATE TABLE inspections (
  submission_id text not null references submissions (id),
  paper text not null check (length(paper) between 1 and 80),
  is_seen integer not null check (is_seen in (0, 1)),
  is_copied integer not null check (is_copied in (0, 1)),
  actor text not null,
  at text not null check (length(at) = 24),
  primary key (submission_id, paper)
) strict;
CREATE TABLE job_events (
            id integer primary key autoincrement,
            job integer not null references jobs (id) on delete cascade,
            at text not null,
            state text not null,
            reason text,
            device text,
            actor text
        ) strict
    ;
INSERT INTO "job_events" VALUES(1,1,'2026-11-24T01:30:00.000Z','queued',NULL,NULL,NULL);
CREATE TABLE jobs (
            id integer primary key autoincrement,
            key text not null unique check (key <> ''),
            kind text not null check (kind <> ''),
            subject text not null,
            facts text not null default '{}' check (json_valid(facts)),
            state text not null default 'queued'
                check (state in ('queued', 'sending', 'printed', 'unknown', 'waiting', 'cancelled', 'pdf')),
            reason text,
            device text,
            tries integer not null default 0 check (tries >= 0),
            copy integer not null default 1 check (copy > 0),
            parent integer references jobs (id),
            asked_by text,
            why text,
            next_at text not null,
            created text not null,
            updated text not null, turn integer not null default 0 check (turn >= 0),
            check ((parent is null) = (copy = 1)),
            check (parent is null or (asked_by <> '' and why <> '')),
            check (state <> 'waiting' or reason is not null)
        ) strict
    ;
INSERT INTO "jobs" VALUES(1,'slip:01a23152-b5f8-75b7-93f8-feb93cac05fa:1','slip','01a23152-b5f8-75b7-93f8-feb93cac05fa','{}','queued',NULL,NULL,0,1,NULL,NULL,NULL,'2026-11-24T01:30:00.000Z','2026-11-24T01:30:00.000Z','2026-11-24T01:30:00.000Z',0);
CREATE TABLE kept_drafts (
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
CREATE TABLE key_renewals (
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
CREATE TABLE link (
            id integer primary key check (id = 1),
            run integer not null default 0,
            wait_until real not null default 0,
            is_down integer check (is_down in (0, 1)),
            failures integer not null default 0 check (failures >= 0),
            paused text check (paused in ('auth', 'rate', 'maintenance', 'clock', 'version', 'disk')),
            is_held integer not null default 0 check (is_held in (0, 1)),
            until text,
            last_class text,
            last_code text,
            last_success text,
            clock_offset real,
            epoch text,
            cursor text,
            done_no integer not null default 0,
            audit_from integer,
            audit_to integer not null default 0,
            audit_kept integer not null default 0,
            is_doubted integer not null default 0 check (is_doubted in (0, 1)), stopped text, stop_ends text, stop_run integer not null default 0, stop_until real, greeted text, read_no integer not null default 0, audit_lost integer,
            check (is_held = 0 or paused is not null)
        ) strict;
INSERT INTO "link" VALUES(1,0,0.0,NULL,0,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,0,0,0,NULL,NULL,0,NULL,NULL,0,NULL);
CREATE TABLE marks (
  key text primary key,
  value text not null
) strict;
INSERT INTO "marks" VALUES('key-check','1db1fceb86c5a74e2b6a67cdc2719d11f022a9a33ebf451ab6ef50d24bd23c4f');
INSERT INTO "marks" VALUES('procedure-versions','1');
CREATE TABLE opened_sessions (
  session text primary key,
  person text not null references staff (code),
  workstation text not null,
  at text not null check (length(at) = 24)
) strict, without rowid;
CREATE TABLE openings (
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
CREATE TABLE opinion_texts (
  id text primary key check (length(id) = 32),
  day text not null check (length(day) = 10),
  procedure text not null,
  face integer not null check (face between 1 and 5),
  body blob not null
) strict, without rowid;
CREATE TABLE opinion_turns (
  counter integer not null check (counter between 1 and 30),
  ended_at text not null check (length(ended_at) = 24),
  primary key (counter, ended_at)
) strict, without rowid;
CREATE TABLE opinions (
  day text not null check (length(day) = 10),
  procedure text not null,
  counter integer not null check (counter between 0 and 30),
  face integer not null check (face between 0 and 5),
  words text not null default '',
  count integer not null check (count >= 1),
  primary key (day, procedure, counter, face, words)
) strict, without rowid;
CREATE TABLE outbox (
            no integer primary key autoincrement,
            subject text not null unique,
            kind text not null check (kind in ('submission', 'event')),
            parent text,
            seq integer not null default 0 check (seq >= 0),
            state text not null default 'todo' check (state in ('todo', 'sending', 'unknown', 'done', 'refused')),
            attempts integer not null default 0 check (attempts >= 0),
            run integer not null default 0,
            next_at real not null default 0,
            lease integer,
            cut integer check (cut > 0),
            last_class text check (last_class in ('link', 'unknown', 'auth', 'record', 'rate', 'maintenance', 'clock',
                                                  'version', 'size', 'poison', 'later')),
            last_code text,
            digest text check (length(digest) = 64),
            done_no integer,
            is_created integer not null default 0 check (is_created in (0, 1)),
            epoch text,
            revision integer not null default 0 check (revision >= 0),
            created text not null,
            updated text not null, due text, carried text, hold_until real,
            check ((state = 'sending') = (lease is not null)),
            check ((state = 'done') = (done_no is not null)),
            check (state <> 'done' or digest is not null),
            check (kind = 'submission' or (parent is not null and seq > 0))
        ) strict;
INSERT INTO "outbox" VALUES(1,'01a23152-b5f8-75b7-93f8-feb93cac05fa','submission',NULL,0,'todo',0,0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,0,'2026-11-24T01:30:00.000Z','2026-11-24T01:30:00.000Z',NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(2,'01a23152-b777-7274-adb7-409f9a49f051','event','01a23152-b5f8-75b7-93f8-feb93cac05fa',1,'todo',0,0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,0,'2026-11-24T01:30:00.000Z','2026-11-24T01:30:00.000Z',NULL,NULL,1008.0);
CREATE TABLE page_counts (
  day text not null check (length(day) = 10),
  procedure text not null,
  version text not null,
  step text not null,
  kind text not null check (kind in ('left', 'called', 'time', 'check')),
  detail text not null default '',
  count integer not null check (count >= 1),
  primary key (day, procedure, version, step, kind, detail)
) strict, without rowid;
CREATE TABLE procedure_versions (
  code text not null,
  version text not null,
  content text not null check (json_valid(content)),
  kept_at text not null check (length(kept_at) = 24),
  primary key (code, version)
) strict, without rowid;
INSERT INTO "procedure_versions" VALUES('2.000635','2026-11','{"fields":{"AnswerOption":["sources","article","seen","id","label","value","hint","officer","say","procedure"],"Check":["sources","article","seen","id","rule","keys","level","at","say","args","when","officer","ticket","passes","fails"],"Condition":["key","is_","in_","not_","not_in","has","age_under","age_at_least","days_over","days_at_most","answered","any_"],"CopyRule":["to","source","value","when"],"Declaration":["sources","article","seen","title","issued_by","lines","signatures","form_code","subtitle","footnotes","place_and_date"],"DeclarationLine":["sources","article","seen","text","cells","widths","table","number_head","annex","each","bold","italic","oath","boxes","indent","above_signature","when"],"Fee":["sources","article","seen","id","name","amount","online","rates","resolution","per","days","pages","unit","each","exempt","options","local_options","waivers","from_","to","when"],"Field":["key","kind","label","official","required","required_when","when","options","quick","more","partial","low","high","default","derive","fields","keyboard","capitals","in_only_row","asked","hint","example","unit","echo","suggest","unknown","missing"],"FormStep":["id","ask","title","fields","official","help","example","person","when","place","rows","rows_none","rows_add","row_ask","unknown","derived"],"PaperToBring":["sources","article","seen","id","kind","name","bring","optional","when","cards"],"PersonStep":["role","fills","applies","skip","same","again","same_sets","died"],"Procedure":["code","id","version","effective_from","name","short","plain","line","series","event","law","checked_on","search","times","fees","papers","fields","steps","done","done_title","effective_to","portal","queue","situations","copies","checks","notes","online","declaration","enclosed","also","opening","summary","desk","minutes","languages"],"ProcedureNote":["sources","article","seen","say","id","when"],"ProcessingTime":["sources","article","seen","text","days","when"],"Signature":["title","note","key","when","name","date_line","under"],"Situation":["sources","article","seen","key","ask","options","older_than","age_under","sex_of","citizens"],"Waiver":["sources","article","seen","say","channel","from_","to"],"Words":["vi","en","more"]},"entries":[["date","2024-06-06"],["dict"],["Words","Bản sao trích lục hộ tịch","Copy of a civil-status record",[1]],["Words","Xin bản sao giấy khai sinh, kết hôn, khai tử","Get a copy of a birth, marriage or death record",[1]],["Words","Bản sao có dấu của giấy đã đăng ký trước đây, mất bản chính cũng xin được.","A stamped copy of a record registered before, even if the original is lost.",[1]],["tuple","luat_ho_tich","tt04_2020","nd123","nd07","nd18","nd87","nd120","nq667","tt01_2022","tt03_2023","tt08_2025","tt04_2024","tt281","tt85","tt106"],["date","2026-11-24"],["tuple","trích lục","trích lục khai sinh","trích lục hộ tịch","trích lục kết hôn","trích lục khai tử","cấp bản sao trích lục","bản sao giấy khai sinh","giấy khai sinh bản sao","sao giấy khai sinh","sao khai sinh","khai sanh bản sao","xin lại giấy khai sinh","mất giấy khai sinh","làm lại giấy khai sinh","mất khai sinh","giấy khai sinh cũ","bản sao giấy kết hôn","mất giấy kết hôn","xin lại giấy kết hôn","bản sao giấy chứng tử","mất giấy chứng tử","bản sao giấy khai tử","xin bản sao","sao lục","birth certificate copy","marriage certificate copy","death certificate copy","lost birth certificate","extract of civil status","khai sinh rách","giấy kết hôn rách","mất giấy hôn thú","xin lại giấy hôn thú"],["tuple","dvcqg7","luat_ho_tich"],["Words","Xong trong ngày. Nộp sau 15 giờ thì ngày làm việc sau mới có.","Ready the same day. After 3 pm: the next working day.",[1]],["tuple"],["ProcessingTime",[8],"","secondary",[9],0,[10]],["tuple",[11]],["tuple","dvcqg7","tt281"],["Words","Bản sao trích lục, bản sao giấy khai sinh","Copies of the record",[1]],["tuple","nq6622","tt117"],["Words","Tự nộp trên Cổng Dịch vụ công quốc gia hoặc VNeID thì có thể không mất phí. Cần tích hợp đủ 5 loại giấy tờ theo quy định trên VNeID. Chỉ đến hết ngày 28/02/2027. Nộp tại quầy vẫn thu.","Filed by yourself on the national portal or VNeID it may be free. VNeID must hold the 5 papers that the rules name. Only until the end of 28/02/2027. The counter still charges the fee.",[1]],["date","2026-08-15"],["date","2027-02-28"],["Waiver",[15],"Phụ lục II, số thứ tự 7","official-copy",[16],"online",[17],[18]],["tuple",[19]],["Fee",[13],"","official-copy","ban_sao",[14],8000,null,[10],null,"so_luong",[10],null,null,null,null,[10],[10],[20],null,null,[10]],["tuple",[21]],["tuple","dvcqg7"],["Words","Căn cước của người đi xin","Your ID card",[1]],["Words","Để cán bộ đối chiếu người. Không mang thì đọc số định danh.","So that the officer knows who you are. Without it, tell your ID number.",[1]],["tuple","nyc_giay_to_tuy_than"],["PaperToBring",[23],"","official-copy","the","xuat_trinh",[24],[25],false,[10],[26]],["Words","Giấy ủy quyền","Authorisation",[1]],["Words","Có chứng thực. Người thân ruột thì không cần chứng thực.","Certified. Close relatives need no certification.",[1]],["tuple","giam_ho","uy_quyen"],["Condition","nyc_quan_he",null,[30],null,[10],null,null,null,null,null,null,[10]],["tuple",[31]],["PaperToBring",[23],"","official-copy","uy_quyen","nop",[28],[29],false,[32],[10]],["tuple",[27],[33]],["Words","Kính gửi","To",[1]],["dict","from","ward.committee"],["Field","kinh_gui","text",[35],"",true,[10],[10],[10],[10],null,false,null,null,null,[36],[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Họ và tên người đi xin","Your full name",[1]],["Words","Chưa có người đi xin. Mời quét thẻ căn cước.","We need to know who is applying. Please scan your card.",[1]],["Field","nyc_ho_ten","person_name",[38],"Họ, chữ đệm, tên người yêu cầu",true,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,null,[39]],["Words","Ngày sinh","Date of birth",[1]],["Field","nyc_ngay_sinh","date",[41],"Ngày, tháng, năm sinh",true,[10],[10],[10],[10],null,true,null,0,null,null,[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Số định danh","ID number",[1]],["Field","nyc_giay_to_tuy_than","id_document",[43],"Giấy tờ tùy thân",true,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Nơi ở","Home",[1]],["Field","nyc_noi_cu_tru","address",[45],"Nơi cư trú",false,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Số điện thoại","Phone number",[1]],["Words","Để phường gọi khi có bản sao.","We call when the copies are ready.",[1]],["Field","nyc_dien_thoai","phone",[47],"Số điện thoại liên hệ",false,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,true,[48],null,null,null,null,null,null],["Words","Xin bản sao cho ai?","Whose record is it?",[1]],["Words","Cho chính tôi","For myself",[1]],["AnswerOption",[10],"",null,"ban_than",[51],"Bản thân",null,false,null,""],["Words","Cho con tôi (tôi là cha)","For my child (I am the father)",[1]],["AnswerOption",[10],"",null,"cha",[53],"Cha",null,false,null,""],["Words","Cho con tôi (tôi là mẹ)","For my child (I am the mother)",[1]],["AnswerOption",[10],"",null,"me",[55],"Mẹ",null,false,null,""],["Words","Cho cha mẹ tôi (tôi là con)","For my parent (I am the child)",[1]],["AnswerOption",[10],"",null,"con",[57],"Con",null,false,null,""],["Words","Cho chồng tôi (tôi là vợ)","For my husband (I am the wife)",[1]],["AnswerOption",[10],"",null,"vo",[59],"Vợ",null,false,null,""],["Words","Cho vợ tôi (tôi là chồng)","For my wife (I am the husband)",[1]],["AnswerOption",[10],"",null,"chong",[61],"Chồng",null,false,null,""],["Words","Cho cháu tôi (tôi là ông, bà)","For my grandchild",[1]],["AnswerOption",[10],"",null,"ong_ba",[63],"Ông, bà",null,false,null,""],["Words","Cho anh, chị, em ruột","For my brother or sister",[1]],["AnswerOption",[10],"",null,"anh_chi_em",[65],"Anh, chị, em ruột",null,false,null,""],["Words","Tôi là người giám hộ","I am the guardian",[1]],["AnswerOption",[10],"",null,"giam_ho",[67],"Người giám hộ",null,false,null,""],["Words","Người khác nhờ tôi (ủy quyền)","Someone else asked me to",[1]],["AnswerOption",[10],"",null,"uy_quyen",[69],"Người được ủy quyền khác",null,false,null,""],["tuple",[52],[54],[56],[58],[60],[62],[64],[66],[68],[70]],["tuple","ban_than","cha","me","con"],["Field","nyc_quan_he","choice",[50],"Quan hệ với người được cấp bản sao Trích lục hộ tịch",true,[10],[10],[71],[72],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Bản sao của giấy nào?","Which record?",[1]],["Words","Giấy khai sinh","Birth",[1]],["AnswerOption",[10],"",null,"khai_sinh",[75],"Khai sinh",null,false,null,""],["Words","Giấy kết hôn","Marriage",[1]],["AnswerOption",[10],"",null,"ket_hon",[77],"Kết hôn",null,false,null,""],["Words","Khai tử","Death",[1]],["AnswerOption",[10],"",null,"khai_tu",[79],"Khai tử",null,false,null,""],["Words","Quyết định, trích lục cải chính","Correction",[1]],["AnswerOption",[10],"",null,"cai_chinh",[81],"Thay đổi, cải chính, bổ sung hộ tịch",null,false,null,""],["Words","Nhận cha, mẹ, con","Recognition",[1]],["AnswerOption",[10],"",null,"nhan_con",[83],"Nhận cha, mẹ, con",null,false,null,""],["Words","Giám hộ","Guardianship",[1]],["AnswerOption",[10],"",null,"giam_ho",[85],"Giám hộ",null,false,null,""],["Words","Nuôi con nuôi","Adoption",[1]],["AnswerOption",[10],"",null,"con_nuoi",[87],"Nuôi con nuôi",null,false,null,""],["Words","Ghi chú ly hôn","Divorce note",[1]],["AnswerOption",[10],"",null,"ly_hon",[89],"Ghi chú ly hôn",null,false,null,""],["Words","Giấy khác","Other",[1]],["AnswerOption",[10],"",null,"khac",[91],"Khác",null,false,null,""],["tuple",[76],[78],[80],[82],[84],[86],[88],[90],[92]],["Words","Chưa chọn giấy nào. Mời chọn một.","Please choose one record.",[1]],["Field","loai_viec","choice",[74],"Đề nghị cấp bản sao Trích lục",true,[10],[10],[93],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,null,[94]],["Words","Họ và tên trên giấy","Full name on the record",[1]],["Words","Chưa có tên người trên giấy. Mời gõ họ tên và năm sinh.","Please type the name and year of birth on the record.",[1]],["Field","nd_ho_ten","person_name",[96],"Họ, chữ đệm, tên",true,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,null,[97]],["Words","Ngày sinh trên giấy","Date of birth on the record",[1]],["Words","Nhớ năm thôi cũng được.","The year alone will do.",[1]],["Field","nd_ngay_sinh","date",[99],"Ngày, tháng, năm sinh",true,[10],[10],[10],[10],null,true,null,0,null,null,[10],"",false,null,true,[100],null,null,null,null,null,null],["Words","Nam hay nữ?","Male or female?",[1]],["Words","Nam","Male",[1]],["AnswerOption",[10],"",null,"nam",[103],"Nam",null,false,null,""],["Words","Nữ","Female",[1]],["AnswerOption",[10],"",null,"nu",[105],"Nữ",null,false,null,""],["tuple",[104],[106]],["Field","nd_gioi_tinh","sex",[102],"Giới tính",true,[10],[10],[107],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Dân tộc của người trên giấy","That person''s ethnic group",[1]],["Words","Để cán bộ ghi","Leave it to the officer",[1]],["Field","nd_dan_toc","ethnicity",[109],"Dân tộc",false,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,[110],null],["Words","Quốc tịch của người trên giấy","That person''s nationality",[1]],["Field","nd_quoc_tich","nationality",[112],"Quốc tịch",false,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Số định danh của người đó","That person''s ID number",[1]],["Words","Không có số","There is no number",[1]],["Field","nd_giay_to_tuy_than","id_document",[114],"Giấy tờ tùy thân",false,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,[115],null],["Words","Nơi ở của người đó","That person''s home",[1]],["Words","Không rõ nơi ở","I don''t know",[1]],["Field","nd_noi_cu_tru","address",[117],"Nơi cư trú",false,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,[118],null],["Words","Đăng ký ở đâu?","Where was it registered?",[1]],["Words","Ủy ban nhân dân xã Lộc Sơn, huyện Phú Lộc","Ủy ban nhân dân xã Lộc Sơn, huyện Phú Lộc",[1]],["Words","Chưa ghi nơi đăng ký. Mời ghi tên xã, phường, tên cũ cũng được.","Please enter the commune; old names are fine.",[1]],["Field","dk_tai","text",[120],"Đã đăng ký tại",true,[10],[10],[10],[10],null,false,null,120,null,null,[10],"",false,null,true,null,[121],null,null,null,null,[122]],["Words","Ngày đăng ký","Date of registration",[1]],["Words","Không nhớ năm","I don''t remember the year",[1]],["Field","dk_ngay","date",[124],"ngày … tháng … năm …",false,[10],[10],[10],[10],null,true,null,0,null,null,[10],"",false,null,true,[100],null,null,null,null,[125],null],["Words","Số","Number",[1]],["Words","114","114",[1]],["Words","Không nhớ số","I don''t remember",[1]],["Field","dk_so","text",[127],"",false,[10],[10],[10],[10],null,false,null,30,null,null,[10],"",false,null,true,null,[128],null,null,null,[129],null],["Words","Quyển số","Book number",[1]],["Words","01/1985","01/1985",[1]],["Words","Không nhớ quyển","I don''t remember",[1]],["Field","dk_quyen","text",[131],"",false,[10],[10],[10],[10],null,false,null,30,null,null,[10],"",false,null,true,null,[132],null,null,null,[133],null],["Words","Lấy mấy bản?","How many copies?",[1]],["Words","Chưa ghi lấy mấy bản. Mời bấm dấu cộng.","Please enter how many copies you want.",[1]],["Field","so_luong","number",[135],"Số lượng bản sao yêu cầu cấp",true,[10],[10],[10],[10],null,false,1,50,null,null,[10],"",false,null,true,null,null,null,null,null,null,[136]],["Words","Lời cam đoan","Declaration",[1]],["dict","from","oath"],["Field","cam_doan","boolean",[138],"Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật về cam đoan của mình.",true,[10],[10],[10],[10],null,false,null,null,null,[139],[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Làm tại","Done at",[1]],["dict","from","ward.short"],["Field","lam_tai","text",[141],"",true,[10],[10],[10],[10],null,false,null,null,null,[142],[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Ngày làm","Done on",[1]],["dict","from","today"],["Field","lam_ngay","date",[144],"ngày … tháng … năm …",true,[10],[10],[10],[10],null,false,null,null,null,[145],[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Ký hay điểm chỉ?","Signature or fingerprint?",[1]],["Words","Ký tên","Signature",[1]],["AnswerOption",[10],"",null,"ky",[148],"Ký",null,false,null,""],["Words","Không viết được, điểm chỉ","Cannot write: fingerprint",[1]],["AnswerOption",[10],"",null,"diem_chi",[150],"Điểm chỉ",null,false,null,""],["tuple",[149],[151]],["Field","cach_ky","choice",[147],"",false,[10],[10],[152],[10],null,false,null,null,null,null,[10],"",false,null,true,null,null,null,null,null,null,null],["Words","Chữ ký","Signature",[1]],["Field","chu_ky","signature",[154],"Người yêu cầu (Ký, ghi rõ họ, chữ đệm, tên)",true,[10],[10],[10],[10],null,false,null,null,null,null,[10],"",false,null,false,null,null,null,null,null,null,null],["tuple",[37],[40],[42],[44],[46],[49],[73],[95],[98],[101],[108],[111],[113],[116],[119],[123],[126],[130],[134],[137],[140],[143],[146],[153],[155]],["Words","Cần bản sao của giấy nào?","Which record do you need a copy of?",[1]],["Words","Giấy cần bản sao","Record",[1]],["tuple","loai_viec"],["Words","Chọn giấy đã đăng ký ở phường, xã trước đây.","A record that was registered at a commune before.",[1]],["Condition","giay_nao","khac",[10],null,[10],null,null,null,null,null,null,[10]],["tuple",[161]],["FormStep","loai_khac",[157],[158],[159],null,[160],null,null,[162],"page","",null,null,null,null,null],["Words","Ai đi xin? Giấy của ai?","Who is applying, and whose record is it?",[1]],["Words","Người đi xin","Who applies",[1]],["tuple","nyc_quan_he","nyc_dien_thoai"],["Words","Mục “Người yêu cầu” trên tờ khai","“Người yêu cầu” on the form",[1]],["Words","người đi xin","the person who applies",[1]],["dict","full_name","nyc_ho_ten","date_of_birth","nyc_ngay_sinh","id","nyc_giay_to_tuy_than","residence","nyc_noi_cu_tru"],["PersonStep",[168],[169],[10],null,null,false,[1],false],["FormStep","nguoi_khai",[164],[165],[166],[167],null,null,[170],[10],"page","",null,null,null,null,null],["Words","Người đi xin là nam hay nữ?","Is the person who applies male or female?",[1]],["Words","Giới tính","Sex",[1]],["tuple","nd_gioi_tinh"],["Words","Mục “Giới tính” trên tờ khai","“Giới tính” on the form",[1]],["Words","Số giấy tờ này không cho biết, nên máy xin hỏi.","This paper''s number does not tell.",[1]],["Condition","nyc_quan_he","ban_than",[10],null,[10],null,null,null,null,null,null,[10]],["Condition","so_cho_biet_gioi_tinh","khong",[10],null,[10],null,null,null,null,null,null,[10]],["tuple",[177],[178]],["FormStep","gioi_tinh",[172],[173],[174],[175],[176],null,null,[179],"page","",null,null,null,null,null],["Words","Người có tên trên giấy là ai?","Whose name is on the record?",[1]],["Words","Người trên giấy","Person on the record",[1]],["Words","Mục “Người được cấp” trên tờ khai","“Người được cấp” on the form",[1]],["Words","Không có thẻ thì gõ tên và ngày sinh ghi trên giấy cũ.","Without a card, type the name and birth date on the old paper.",[1]],["Words","người có tên trên giấy","the person named on the record",[1]],["dict","full_name","nd_ho_ten","date_of_birth","nd_ngay_sinh","sex","nd_gioi_tinh","id","nd_giay_to_tuy_than","residence","nd_noi_cu_tru"],["PersonStep",[185],[186],[10],null,null,false,[1],false],["Condition","nyc_quan_he",null,[10],"ban_than",[10],null,null,null,null,null,null,[10]],["tuple",[188]],["FormStep","nguoi_tren_giay",[181],[182],[10],[183],[184],null,[187],[189],"page","",null,null,null,null,null],["Words","Giấy đó đăng ký ở đâu, năm nào?","Where was it registered, and in which year?",[1]],["Words","Nơi đăng ký","Registration",[1]],["tuple","dk_tai","dk_ngay","dk_so","dk_quyen"],["Words","Mục “Đã đăng ký tại” trên tờ khai","“Đã đăng ký tại” on the form",[1]],["Words","Tên xã, phường cũ cũng được. Số và quyển in ở góc trên bên phải giấy khai sinh.","Old commune names are fine. Number and book stand at the top right of the birth certificate.",[1]],["FormStep","dang_ky_o_dau",[191],[192],[193],[194],[195],null,null,[10],"page","",null,null,null,null,null],["Words","Số bản","Copies",[1]],["tuple","so_luong"],["Words","Phí tính theo từng bản.","The fee is per copy.",[1]],["FormStep","so_ban",[135],[197],[198],null,[199],null,null,[10],"page","",null,null,null,null,null],["Condition","giay_nao",null,[10],"khac",[10],null,null,null,null,null,null,[10]],["tuple",[201]],["FormStep","loai_giay",[157],[158],[159],null,null,null,null,[202],"review","",null,null,null,null,null],["Words","Người trên giấy dân tộc gì, quốc tịch nước nào?","That person''s ethnic group and nationality?",[1]],["Words","Dân tộc, quốc tịch","Ethnic group, nationality",[1]],["tuple","nd_dan_toc","nd_quoc_tich"],["Words","Có số định danh thì để trống được; cán bộ tra trên dữ liệu.","With the ID number it may stay blank; the officer looks it up.",[1]],["Words","theo căn cước","from the ID card",[1]],["FormStep","dan_toc",[204],[205],[206],null,[207],null,null,[10],"review","",null,null,null,null,[208]],["Words","Người đi khai ký tên được không?","Can the person who applies sign?",[1]],["tuple","cach_ky"],["Words","Không viết được thì cán bộ đọc lại tờ khai, rồi điểm chỉ (lăn tay).","Who cannot write gives a fingerprint after the officer has read the form aloud.",[1]],["FormStep","chu_ky",[210],[154],[211],null,[212],null,null,[10],"review","",null,null,null,null,null],["tuple",[163],[171],[180],[190],[196],[200],[203],[209],[213]],["Words","Chờ gọi số rồi đưa thẻ căn cước.","Wait for your number, then show your ID card.",[1]],["Words","Đóng phí theo số bản, ký tờ khai.","Pay for the copies and sign the form.",[1]],["Words","Nộp trước 15 giờ thì nhận trong ngày.","Handed in before 3 pm, the copies are ready the same day.",[1]],["tuple",[215],[216],[217]],["Words","Đã khai xong yêu cầu bản sao","The request is complete",[1]],["AnswerOption",[10],"",null,"khai_sinh",[75],"",null,false,null,""],["AnswerOption",[10],"",null,"ket_hon",[77],"",null,false,null,""],["AnswerOption",[10],"",null,"khai_tu",[79],"",null,false,null,""],["Words","Giấy khác","Another record",[1]],["AnswerOption",[10],"",null,"khac",[223],"",null,false,null,""],["tuple",[220],[221],[222],[224]],["Situation",[10],"",null,"giay_nao",[157],[225],null,null,null,null],["dict","key","nyc_giay_to_tuy_than","yes","co","no","khong"],["Situation",[10],"",null,"so_cho_biet_gioi_tinh",null,[10],null,null,[227],null],["tuple",[226],[228]],["Condition","cach_ky",null,[10],null,[10],null,null,null,null,null,null,[10]],["tuple",[230]],["CopyRule","cach_ky","","ky",[231]],["tuple","khai_sinh","ket_hon","khai_tu"],["Condition","giay_nao",null,[233],null,[10],null,null,null,null,null,null,[10]],["Condition","loai_viec",null,[10],null,[10],null,null,null,null,null,null,[10]],["tuple",[234],[235]],["CopyRule","loai_viec","giay_nao",null,[236]],["tuple",[177]],["CopyRule","nd_ho_ten","nyc_ho_ten",null,[238]],["CopyRule","nd_ngay_sinh","nyc_ngay_sinh",null,[238]],["Condition","so_cho_biet_gioi_tinh","co",[10],null,[10],null,null,null,null,null,null,[10]],["tuple",[177],[241]],["CopyRule","nd_gioi_tinh","sex_of:nyc_giay_to_tuy_than",null,[242]],["CopyRule","nd_giay_to_tuy_than","nyc_giay_to_tuy_than",null,[238]],["CopyRule","nd_noi_cu_tru","nyc_noi_cu_tru",null,[238]],["Condition","nd_quoc_tich",null,[10],null,[10],null,null,null,null,null,null,[10]],["tuple",[246]],["CopyRule","nd_quoc_tich","nationality_of:nd_giay_to_tuy_than",null,[247]],["tuple",[232],[237],[239],[240],[243],[244],[245],[248]],["tuple","dk_ngay"],["Words","Năm đăng ký đang sau hôm nay. Mời xem lại.","The year of registration is in the future. Please check it.",[1]],["dict","dk_ngay","1985"],["dict","dk_ngay","2099"],["Check",[10],"","product","nam_dk","not_future",[250],"error","dang_ky_o_dau",[251],[1],[10],false,false,[252],[253]],["tuple","nd_ngay_sinh","dk_ngay"],["Words","Năm đăng ký đang trước năm sinh. Mời xem lại; đúng rồi thì đi tiếp.","The registration is before the birth. Please check; if right, go on.",[1]],["dict","nd_ngay_sinh","1984-12-30","dk_ngay","1985"],["dict","nd_ngay_sinh","1996-03-12","dk_ngay","1985"],["Check",[10],"","product","dk_truoc_sinh","in_order",[255],"warn","dang_ky_o_dau",[256],[1],[10],false,false,[257],[258]],["tuple","dk_tai"],["Words","Nơi này ở tỉnh khác. Phường cấp được nếu dữ liệu đã có trên máy. Mời hỏi cán bộ.","This is in another province. Ask the officer whether it can be issued here.",[1]],["dict","dk_tai","Ủy ban nhân dân xã Lộc Sơn, huyện Phú Lộc"],["dict","dk_tai","Ủy ban nhân dân xã Vĩnh Ninh, tỉnh Quảng Bình"],["Check",[23],"","secondary","noi_khac","own_city",[260],"warn","dang_ky_o_dau",[261],[1],[10],false,false,[262],[263]],["tuple","nd_giay_to_tuy_than","nyc_giay_to_tuy_than"],["Words","Số này trùng số của người đi xin. Giấy của người đi xin thì chọn “Cho chính tôi”.","This is the number of the person who applies. For your own record choose “For myself”.",[1]],["dict","so","046054000005"],["dict","so","046196000123"],["dict","nyc_quan_he","con","nd_giay_to_tuy_than",[267],"nyc_giay_to_tuy_than",[268]],["dict","nyc_quan_he","con","nd_giay_to_tuy_than",[268],"nyc_giay_to_tuy_than",[268]],["Check",[10],"","product","trung_so","different",[265],"error","nguoi_tren_giay",[266],[1],[189],false,false,[269],[270]],["Words","Lấy trên 10 bản. Đúng ý rồi thì đi tiếp.","More than 10 copies. If intended, go on.",[1]],["dict","most",10],["dict","so_luong",10],["dict","so_luong",11],["Check",[10],"","product","nhieu_ban","at_most",[198],"warn","so_ban",[272],[273],[10],false,false,[274],[275]],["tuple",[254],[259],[264],[271],[276]],["Words","Xin thay người khác thì mang giấy ủy quyền có chứng thực. Người thân ruột thì không cần chứng thực.","Applying for someone else? Bring a certified authorisation. Close relatives need no certification.",[1]],["ProcedureNote",[23],"","official-copy",[278],"",[10]],["Words","Còn bản cũ, bản chụp hay ảnh trong điện thoại thì mang theo. Cán bộ tìm số và quyển nhanh hơn.","An old copy or a photo in your phone helps the officer find the entry.",[1]],["ProcedureNote",[10],"","product",[280],"",[10]],["tuple",[279],[281]],["tuple","tt04_2020","f_eform"],["DeclarationLine",[10],"",null,"Kính gửi (1): {kinh_gui}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Họ, chữ đệm, tên người yêu cầu: {nyc_ho_ten}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Ngày, tháng, năm sinh: {nyc_ngay_sinh}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Nơi cư trú (2): {nyc_noi_cu_tru}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Giấy tờ tùy thân (3): {nyc_giay_to_tuy_than}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Quan hệ với người được cấp bản sao Trích lục hộ tịch: {nyc_quan_he}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Đề nghị cơ quan cấp bản sao trích lục (4) {loai_viec} cho người có tên dưới đây:",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Họ, chữ đệm, tên: {nd_ho_ten}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Ngày, tháng, năm sinh: {nd_ngay_sinh}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Giới tính: {nd_gioi_tinh}  Dân tộc: {nd_dan_toc}  Quốc tịch: {nd_quoc_tich}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Nơi cư trú (2): {nd_noi_cu_tru}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Giấy tờ tùy thân (3): {nd_giay_to_tuy_than}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Đã đăng ký tại: (5) {dk_tai}  ngày {dk_ngay} tháng {dk_ngay} năm {dk_ngay}  Số: {dk_so}  Quyển số: {dk_quyen}",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Số lượng bản sao yêu cầu cấp: (6) {so_luong} bản",[10],[10],"","TT",false,"",false,false,false,"",false,false,[10]],["DeclarationLine",[10],"",null,"Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật về cam đoan của mình.",[10],[10],"","TT",false,"",false,false,true,"",false,false,[10]],["tuple",[284],[285],[286],[287],[288],[289],[290],[291],[292],[293],[294],[295],[296],[297],[298]],["Condition","cach_ky","diem_chi",[10],null,[10],null,null,null,null,null,null,[10]],["tuple",[300]],["Signature","Công chức tư pháp - hộ tịch","(Đã ghi tờ khai và đọc lại cho người yêu cầu nghe. Ký, ghi rõ họ tên)","chu_ky",[301],"","",[10]],["Signature","Người yêu cầu","(Điểm chỉ)","chu_ky",[301],"","",[10]],["Condition","cach_ky",null,[10],"diem_chi",[10],null,null,null,null,null,null,[10]],["tuple",[304]],["Signature","Người yêu cầu","(Ký, ghi rõ họ, chữ đệm, tên)","chu_ky",[305],"","",[10]],["tuple",[302],[303],[306]],["tuple","(1) tên cơ quan cấp bản sao","(2) chỉ ghi khi chưa có/không cung cấp số định danh, hoặc thiếu ngày tháng năm sinh","(3) số định danh, căn cước; không có thì giấy tờ thay thế","(4) loại việc hộ tịch đã đăng ký trước đây","(5) tên cơ quan đã đăng ký trước đây (giữ tên cũ)","(6) số lượng bản sao"],["Declaration",[283],"","secondary","TỜ KHAI CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH","Phụ lục 5 Thông tư 04/2020/TT-BTP, sửa bởi Thông tư 04/2024/TT-BTP",[299],[307],"","",[308],"Làm tại: {lam_tai}, ngày {lam_ngay}"],["Procedure","2.000635","trich_luc_ho_tich","2026-11",[0],"Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh",[2],[3],[4],"A-HOTICH","giay_to",[5],[6],[7],[12],[22],[34],[156],[214],[218],[219],[18],"kiosk-sync",true,[229],[249],[277],[282],null,[309],[10],null,null,"Cấp bản sao {loai_viec} cho {nd_ho_ten}, số lượng {so_luong} bản",[10],3,[10]]]}','2026-11-24T01:30:00.000Z');
CREATE TABLE receipts (
  day text primary key check (length(day) = 10),
  last integer not null check (last between 0 and 9999)
) strict;
INSERT INTO "receipts" VALUES('2026-11-24',1);
CREATE TABLE refusals (
  no integer primary key autoincrement,
  subject text not null,
  attempt integer,
  at text not null check (length(at) = 24),
  fields text not null default '[]' check (json_valid(fields)),
  words blob
) strict;
CREATE TABLE reuse (
  owner text primary key,
  body blob not null,
  consented_at text not null check (length(consented_at) = 24),
  expires_at text not null check (length(expires_at) = 24)
) strict;
CREATE TABLE scans (
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
CREATE TABLE screen_covers (
  session text primary key references sessions (id) on delete cascade,
  since text not null check (length(since) = 24),
  place text not null,
  digits text check (length(digits) = 64),
  misses integer not null default 0 check (misses between 0 and 5)
) strict;
CREATE TABLE service_lines (
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
CREATE TABLE service_plans (
  revision integer primary key check (revision >= 1),
  parts text not null check (json_type(parts) = 'array'),
  plan text not null check (json_type(plan) = 'object'),
  actor text not null,
  at text not null check (length(at) = 24)
) strict;
CREATE TABLE services (
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
CREATE TABLE sessions (
  id text primary key,
  audience text not null check (audience in ('citizen', 'officer', 'technician', 'display')),
  settings text not null default '{}' check (json_type(settings) = 'object'),
  created_at text not null check (length(created_at) = 24),
  seen_at text not null check (length(seen_at) = 24),
  draft_id text references drafts (id) on delete set null,
  submission_id text references submissions (id) on delete set null
, screen text not null default '') strict;
INSERT INTO "sessions" VALUES('WjQFpRgfo2TaEC3YoZSAXHoEqxxkWkMj','citizen','{}','2026-11-24T01:30:00.000Z','2026-11-24T01:30:00.000Z','01a23152-b6b8-759c-aedf-ba9699139e40',NULL,'');
CREATE TABLE sittings (
  session text primary key references sessions (id) on delete cascade,
  person text not null references staff (code),
  counter integer check (counter between 1 and 30),
  workstation text not null,
  is_locked integer not null default 0 check (is_locked in (0, 1)),
  misses integer not null default 0 check (misses between 0 and 5)
) strict;
CREATE TABLE staff (
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
INSERT INTO "staff" VALUES('CB01','hoaian','Lê Hoài An','officer','$argon2id$v=19$m=8,t=1,p=1$X6OaoVlvZmef211yrYYwfg$0A9OBzeObxyvPMIzQ2WrnYLfsMlP/qpK9Twm3zjYgBU',1,'2026-11-24T01:30:00.000Z',1,NULL);
INSERT INTO "staff" VALUES('CB02','minhtam','Lê Hoài An','lead','$argon2id$v=19$m=8,t=1,p=1$ZgPs8oo2Ka6mYJvIEW92Kw$bF4sSxB8bKYqQue9zAKWxKJxnnJmcs9xrZ7uQm9KAJA',1,'2026-11-24T01:30:00.000Z',1,NULL);
INSERT INTO "staff" VALUES('CB03','quangvu','Lê Hoài An','technician','$argon2id$v=19$m=8,t=1,p=1$lNH2plvZVnmIIlLM2lfwyg$1PbLSOR1AXKoRpMz4S559MFwCaQcy3VOzCqvSM8Wwhk',1,'2026-11-24T01:30:00.000Z',1,NULL);
CREATE TABLE steps (
            subject text not null,
            step text not null,
            is_done integer not null default 0 check (is_done in (0, 1)),
            tries integer not null default 0 check (tries >= 0),
            fact text not null default '',
            primary key (subject, step)
        ) strict;
CREATE TABLE submission_names (
  name text not null check (length(name) = 64),
  submission_id text not null references submissions (id),
  primary key (name, submission_id)
) strict, without rowid;
INSERT INTO "submission_names" VALUES('85555162e1ac0a6e557c1b9cae03c9f2bcac3cde4b6eaababaea0dcd58f42fee','01a23152-b5f8-75b7-93f8-feb93cac05fa');
INSERT INTO "submission_names" VALUES('bb99b7cc4f541b8feb0423c947ccddb0cbcd5cbb2a115177901c3a06894781fc','01a23152-b5f8-75b7-93f8-feb93cac05fa');
CREATE TABLE submissions (
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
  closed_at text check (length(closed_at) = 24), desk_official_no text, desk_due_at text check (desk_due_at is null or length(desk_due_at) = 24),
  unique (receipt_no, revision),
  unique (day, seq, revision),
  check ((revision = 1) = (supersedes is null))
) strict;
INSERT INTO "submissions" VALUES('01a23152-b5f8-75b7-93f8-feb93cac05fa','PK03-261124-0001-V',1,NULL,'2.000635','2026-11','H57.99.01','2026-11-24',1,'2026-11-24T01:30:00.000Z',1,'71330d5739e65b549bbf4eefd4988121041375fed6be88bb4fe3e2fc8ce0a71f','f6788801bf395b18cf7f97f284966ce5cd8558afa486a5a6b8eaa4e74e8ec84d','1f0f275c54a9d1691cdf36c343f3a8773f94dc5297e028bbe9620a21f36d1f41','queued','accepted',NULL,0,NULL,NULL,NULL,NULL,X'01A5565AA2CF89BE13011AA8A79A88771A6E392BC88D773609FA7BB00EC0050ECD76DDD3B7FD3F4D5D277D0AE25406D9DCCFC2DFDBDE89308FBC4465FB3A5F6314F2CEE1A9528BF9C8F7A0331F27BCFD1D6AC660C48F4DFFDE5BA9E7FF7776E6D726C8984281FE9728F16D715069DA938896D87495C3A70382E81337E99088B81E024215A5F69B68AECE404A9F8839AA5E57686EA9C4B9AA124B7CCD5D6B4D120489A086AD730E8BB8E6FEB0D860441DB53FBD07E2174EEA1121F9DE67A54F8633BC7F533616DEBDEE4FE20DC4DE0739F615DE8B24DC7A155B80F2CEACB684BF37C8951FCBC817188740C7BF15E0EB41A0CA16456E0ED787C9076270B984E43E88B84DEB46C57740E57E4218E4CC21D65913DAAC7E15CEF3EED3D977A25C80D44FD013C82FB53BC6D426BE3250F22FDCAA68D278D575B35DAED8F3985512E79A6563BE30081E0F5BFF534767FB3CF6A8272B3450B04B0254BCDCF93C9638986634C504157F06C7B43A16D436EE2733FAF6767521E77804E168FB5707558080D0BD0D94620E2D6F44D4BD3B67E8F99BAC7956DBC404E09ECEE87D5E0A441EE70167A24DA39B0910F661854ADD15A086501E593880BE95B28D9A09C76CA3EAA86549D2EFDA1540EB7937B18F17EB4F27B68AED97C8D8AE647F277D576224C6161215901DF9B79EE3C97FE7DC602CB028A596FC507472FAFC0D01BF2E5AC0691D5C8AFC63CA16D9F3A22B1A562A1E8D79B47F1B97A82C55BBCB64D6942B80C823E6C21A9D32C2A9FC622DFB574C88A977E6F68E0784B002EA298FB3C5B2E6DA4D35F996AC955D83C0BEFAA20D6EC519A79F8573AFE2B940025CDC88408197BC7AE90F00EDA30F0F9532BE70E4B911AC2179C005715EF7CCABE1CEDFE2033E5DCD1DC044EAE1D8EC72CDB88E9ABBBF4D81A155F0043F80D611C9F10340EB9EF94E50ABFA5B6DC163DFAAFA778CC281CD7BE2EF432F984D393AE45627E3290EF3F4B3F9FE17C09BC0FBE7D982DAA7AE2A79914107890718B81FBF44114386A7456B618E12951BD0407E37E94A58387B5C7C3BD7AA736AAAA064CFD9C1AA530A17FEC8CC26137E101BD2D7D8FC7E9AFEAC839C134D71D2F1A8686B1A27E3629A168D9B0852DCF6F533B2393B1C7565730136AA5B3D70E86D8A57D2DCB3812324F377EE446CF7F107F0B7042BEAB3E7F13D1B5F1475EE33D4CFFC25FFD82B4135861BD63F8C9EC9AF758564F72A0B6B69DCE7E6B1599B1C8BCC83A083FC62DCA9EE2772494382959FC5659C0A41DBF3DE028D075B9AF44016477CD595595CBFDB2E80E536E5118D4A44C584D41ED6AEDE34F6CE2B8FF7184CFDB3DE408A2DD214A96B5CB41551306691E02391F67A4F28E5444051E5E550C37B7A466A94DE06DCCCD35898DA68A303C5D5C47FD71915AAB90EB5D21BEDDC14C89E71A8CE73AB5BB18B4E3C4AF36D582BC9026567345603411B857DD3297ABBAFF2BAF10F8117EF3895B9832F9693CB8BE105C5085EA7753F44A35F9BEF8D592E863A089A5A9B34382A05499CD0E7DE8CCC572AA658916164286A13BE665B49F4CD4F51F558FA676638BE21D99760C3FEE4957FC0F577DC4D8343D16B0F696C3E33E5967EAA00987606CC162F227E5DE12DF0A2C31C69FDC3C5CF41F46CD568DFC7E8FB9F9C2AF3F6CE9D69BFE14D342EB81EFA78E6E2BCC189DDE5ABBD524DFC5E3821E59BD6EF6F027782EE0A36C75CB13BBF58A7A2298CBC692E91C7DA4D8FC91C556BDBE5D1ABE7D99C05D4BEE075B844FAD19D3E0DC033889955117F4974503A3F980967FD2A96732EC24171238E4F7824E5307F3C2010AEEC790BC7C2DF036BA5600635DA798226D4A8EC0C89887FC6F114B68747CF04C03D994AB96482849B2A3607DE48EA2E1F30E8453EE81ECA6DE94040558427AA8CC2E42CEC7CD8594881800F83355B9ACE58DA205838FD07171CD0B15DDD3708ABA3B3BA12A9076027E303E5A053C37E2E93FA78A927C3B57BDE4D04F0631C004E5EC53232685D7D152F7A17DB2908BB1C6441D41F506D7EF3053A5B54DC348BFBD09C1D110E18675A6763FAD30EE5A76787C835D26B111D6851EA67D4384F0D50069EED86A117C7724CE7C2B188FB66F2F5251DDC72316C615706CCBDFEE5472C840A0681C52B53C7C04DA657D13B7E6EDFDC0F5AF9022547F972F4B120C8E9926698970302353461A2D7D91D4EE299E07D8ED86A30981BCEE17297A472910B1E5DDD23B6A1B50B5B5DD458071FFBCDF852E491865C9D26B7DF777D0F9FA1E6A31C838C3331D8762073D5D08D0B7BA6513F39B81CA858F9AF12F816213BE0AE6513D0978FDAFAAC45CC876A8E7D6FA0C65D91A52311BEF891F3DE4A31BABCB862E5CD7A840510830E8F7091E1F6BACA8486BD8715CD5701F660C6705E0C17E25662B248B90E90F425CFF9D8374C0A70757EDA185301DA47C1F5744AAFE2CD0FA5D44713CF6F180DD6D1973D8BF24535972F8C17295B767C9A10C8BA452599A8204EDF94A527B9845C9A4AF1B4EAAAECE554F47C64745D5524B71957DAA91948488D9E4E6BD9BE6D7B6702287F14D2FEFA52338850B7C83D2071954D21CCCDD8C615C6968A00F9D944C5E0C1DE69A8639BE0225C8AB94A1D8EF3918445AECC1A414B551350D37B52EA9F76363DA7EEF4FFA1DD3BF3FA3D8014CAC1A12DF8AB92FB26674A04A5797789777C63971C58A33A17227EB6265F2D454DD43679C84383ADEF505F183F4E40ECE5470D3FF5B91362967144D7B9420F092D43FB86E0CD1194F489C2A93D28A335DB64C70245EC4051355F9FDF23BFB3A07436E8AE4255C44FB76E4D43C4FBDA23BFF29A4E0BA5A63A57CB6367D3767A551BE2075A48AB586789B14D7698637F596F45367E3A25B3406FD3C19127B9197C0EFF528D3E13E9D149C96AD0D9DBEA07686F0EE69F1679B4A6103CC474950C708159B0CE36136E57BA66FDB752F3C5E51D6D8EF4003AE9AD90F9CEBFD26585263D41A059B090128F88F10CCA4861E7D9403C91884A9D29D051B46CB552423FA4F461114A1F6D6DEA6C99DE8931CE8B2E6E7F43C52BBC864A22A30ACD0128367017C48329EBF58A09C07DC94246EF35B5ED1C1E68B29442303C9D930A48AA12580B5F17103333E78C935DBDBA620E3C928F1D91A0594C92699406F07E8DA662F2BA8B238B9DF3DA003E59EC1F568C63B2E90E8638BD3660351A2CB260CF90A9C1ACA2292C5216204CDA5579DB4ABCD452DFD27733248CF96FEBF7CFFDB84D468EE9E80718346F7A5FF26978E55C7DDD116B61FEFFEDD617C4F77775C2ADBD6D3270F37A3450CB081F6EB54B42F15C97E355D56E18E9CE8A936D7132AAF970C740009551A4FC287E2AC768CF5FD74661D91414CC7FE9BF3C67C0487277E0376D2B138BE2CBEA2940D217AA6023A30B66A5AA9B1F5AD2EEF1EB6AE5D412B75A4C237970ED3CA921788612ACC86BC9AE0282EBE1FEA8A31567CB6C4F612B0B20B100936538E77EE18FC349AA44FDA718CF5A3DF921D0C03A9D29ED184DF62D10603F2350D20EF4D9A44AE279927C6C8C1260D3DC00626197462601C607B90311C8CBEE8CC070C57824E39382237E7C15D17B72CA2940AA64AB9BD3E01D1137A48FCE8A9259E27FA9B463312B38B8C666CA940D0C13EE53DFB8E391C6AA352E5CF60950F7B3DEC32C3A7DB7A323D7335B9DE7E645059D0B7FFC6AAAA7E1F22553397AC6473F0E36EB486C41C7A11B1E8F9520B3C70118B5D80438746B65F6354D88E76ABBC0EBD69F09D9F1676F5D8BE3B9517F0145E0049037C3D457F2BE12483D545AFC8EB8EDA02B248AC1988CFED68692A93DB3BCFB273E61B07B7DBAFD96E476431F93EF29C4C14C3A081F450AD5786F2C393391E680ADF9AF68B02DD9C9703B8C058CCE16EF9424504BC117591DCE833487CD9AF691646A70AA28CF1AE9EA05665A4A853C51113EF485BF0B6279CBA2E1A1BAFBBF7E74D384C44A9E7C09FC261198FE092B182AEB32E3AD3F98D7FE07ED5326BA7F9F0A36A87FB54496','2026-11-24T01:30:00.000Z',NULL,'H57.132-261124-0583','2026-11-25T10:00:00.000Z');
CREATE TABLE ticket_events (
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
INSERT INTO "ticket_events" VALUES(1,'01a23152-b692-7322-bd8c-c65f521da1f3','2026-11-24','2026-11-24T01:30:00.000Z','drawn',NULL,NULL,'',NULL);
CREATE TABLE tickets (
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
INSERT INTO "tickets" VALUES('01a23152-b692-7322-bd8c-c65f521da1f3','2026-11-24','A',1,'waiting','01a23152-b5f8-75b7-93f8-feb93cac05fa',NULL,'2026-11-24T01:30:00.000Z','A',1,'2026-11-24T01:30:00.000Z',NULL,0,0);
CREATE TABLE touchscreens (
  id text primary key check (length(id) = 36),
  name text not null check (length(name) between 1 and 40),
  made_by text not null,
  made_at text not null check (length(made_at) = 24),
  code text check (length(code) = 64),
  misses integer not null default 0 check (misses between 0 and 5),
  token text unique check (length(token) = 64),
  enrolled_at text check (length(enrolled_at) = 24),
  revoked_at text check (length(revoked_at) = 24), counter integer check (counter between 1 and 30), width integer, height integer, diagonal_mm integer, address text, refused text,
  check ((token is null) = (enrolled_at is null)),
  check (code is null or token is null)
) strict;
CREATE TABLE tries (
  seq integer primary key autoincrement,
  purpose text not null check (purpose in ('lookup', 'ticket')),
  subject text not null,
  screen text not null,
  at text not null check (length(at) = 24)
) strict;
CREATE TABLE unsent_posts (
  id text primary key,
  person text not null references staff (code),
  at text not null check (length(at) = 24),
  content blob not null
) strict;
CREATE TABLE visit_tickets (
  session text primary key references sessions (id) on delete cascade,
  ticket_id text not null
) strict;
CREATE TABLE wrong_guesses (
  subject text not null check (length(subject) = 64),
  address text not null check (length(address) <= 64),
  count integer not null check (count >= 1),
  at text not null check (length(at) = 24),
  primary key (subject, address)
) strict, without rowid;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX drafts_by_claim on drafts (claim) where claim is not null;
CREATE UNIQUE INDEX submissions_by_supersedes on submissions (supersedes) where supersedes is not null;
CREATE INDEX submissions_by_lookup on submissions (lookup_hash);
CREATE INDEX submissions_by_applicant on submissions (applicant_hash);
CREATE INDEX submissions_by_delivery on submissions (delivery);
CREATE INDEX sessions_by_draft on sessions (draft_id) where draft_id is not null;
CREATE INDEX sessions_by_submission on sessions (submission_id) where submission_id is not null;
CREATE INDEX sessions_by_seen on sessions (seen_at);
CREATE INDEX class_seats_by_session on class_seats (session);
CREATE INDEX tickets_by_submission on tickets (submission_id);
CREATE INDEX tickets_in_line on tickets (day, line, turn) where state in ('waiting', 'absent');
CREATE INDEX tickets_held on tickets (day) where state = 'held';
CREATE UNIQUE INDEX tickets_at_counter on tickets (day, counter) where state in ('called', 'serving');
CREATE INDEX ticket_events_by_ticket on ticket_events (ticket_id);
CREATE INDEX ticket_events_by_day on ticket_events (day, event, seq);
CREATE UNIQUE INDEX ticket_events_by_nonce on ticket_events (nonce) where nonce is not null;
CREATE INDEX counter_events_by_day on counter_events (day, counter, seq);
CREATE INDEX desk_notes_by_submission on desk_notes (submission_id);
CREATE INDEX submission_names_by_submission on submission_names (submission_id);
CREATE INDEX openings_by_session on openings (session, closes_at);
CREATE INDEX openings_by_time on openings (opened_at);
CREATE INDEX submissions_by_official on submissions (official_no) where official_no is not null;
CREATE INDEX submissions_by_closed on submissions (closed_at) where closed_at is not null;
CREATE INDEX submissions_by_desk_official on submissions (desk_official_no) where desk_official_no is not null;
CREATE INDEX submissions_by_due on submissions (coalesce(desk_due_at, due_at)) where closed_at is null;
CREATE INDEX sittings_by_person on sittings (person);
CREATE UNIQUE INDEX fees_once on fees (receipt_no, fee) where state <> 'void';
CREATE INDEX fees_by_day on fees (day);
CREATE INDEX fees_by_void_day on fees (void_day) where void_day is not null;
CREATE INDEX refusals_by_subject on refusals (subject, no);
CREATE UNIQUE INDEX key_renewals_open on key_renewals (state) where state = 'asked';
CREATE INDEX wrong_guesses_by_age on wrong_guesses (at);
CREATE INDEX tries_by_subject on tries (purpose, subject, at);
CREATE INDEX tries_by_screen on tries (purpose, screen, at);
CREATE INDEX tries_by_time on tries (at);
CREATE INDEX comparisons_by_ward on comparisons (ward);
CREATE UNIQUE INDEX calls_one_open on calls (session) where ended_at is null;
CREATE INDEX calls_by_end on calls (ended_at);
CREATE INDEX draft_desk_actor on draft_desk (actor);
CREATE INDEX draft_desk_ticket on draft_desk (ticket_id);
CREATE INDEX decisions_by_submission on decisions (submission_id);
CREATE INDEX decisions_refused on decisions (delivery) where delivery = 'quarantined';
CREATE INDEX decisions_accepted on decisions (at) where kind = 'accepted';
CREATE INDEX decisions_to_undo on decisions (undo_until) where undo_until is not null and undone_at is null;
CREATE INDEX kept_drafts_by_end on kept_drafts (kept_until);
CREATE INDEX answered_posts_by_age on answered_posts (at);
CREATE INDEX opened_sessions_by_age on opened_sessions (at);
CREATE INDEX unsent_posts_by_person on unsent_posts (person, at);
CREATE INDEX services_by_ticket on services (ticket_id);
CREATE INDEX services_by_day on services (day, at);
CREATE INDEX services_by_void_day on services (void_day) where void_day is not null;
CREATE UNIQUE INDEX services_by_register_no on services (substr(day, 1, 4), register_no) where register_no is not null;
CREATE INDEX decisions_handed_out on decisions (at) where kind = 'handed_out';
CREATE INDEX submissions_by_time on submissions (day, completed_at);
CREATE INDEX outbox_open on outbox (no) where state in ('todo', 'unknown');
CREATE UNIQUE INDEX outbox_done on outbox (done_no) where done_no is not null;
CREATE INDEX outbox_sending on outbox (no) where state = 'sending';
CREATE INDEX outbox_parent on outbox (parent, seq) where parent is not null;
CREATE INDEX attempts_of on attempts (subject, no);
CREATE INDEX outbox_due on outbox (due, no) where due is not null and state in ('todo', 'unknown');
CREATE INDEX files_open on files (no) where state in ('todo', 'refused');
CREATE INDEX files_kept on files (sha256) where state = 'done';
CREATE INDEX outbox_left on outbox (no) where state <> 'done';
CREATE INDEX outbox_carried on outbox (carried) where carried is not null;
CREATE INDEX attempts_of_line on attempts (at) where subject is null;
CREATE INDEX jobs_due on jobs (next_at, id) where state in ('queued', 'waiting');
CREATE INDEX jobs_open on jobs (state) where state in ('sending', 'unknown');
CREATE UNIQUE INDEX jobs_copies on jobs (parent, copy) where parent is not null;
CREATE INDEX jobs_subject on jobs (subject);
CREATE INDEX job_events_job on job_events (job, id);
CREATE INDEX jobs_left on jobs (id) where state not in ('cancelled', 'pdf', 'printed');
CREATE INDEX job_events_device on job_events (device, id) where device is not null and state in ('printed', 'unknown');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('ticket_events',1);
INSERT INTO "sqlite_sequence" VALUES('audit',6);
INSERT INTO "sqlite_sequence" VALUES('outbox',2);
INSERT INTO "sqlite_sequence" VALUES('jobs',1);
INSERT INTO "sqlite_sequence" VALUES('job_events',1);
COMMIT;
