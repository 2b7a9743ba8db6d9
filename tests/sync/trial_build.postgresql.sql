CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.audit_heads (
    kiosk_id character varying NOT NULL,
    lines integer NOT NULL,
    digest character varying NOT NULL,
    seen_at character varying NOT NULL,
    alarm character varying,
    alarmed_at character varying,
    CONSTRAINT audit_heads_alarm_check CHECK (((alarm)::text = ANY ((ARRAY['shorter'::character varying, 'forked'::character varying])::text[])))
);
CREATE TABLE public.changes (
    kiosk_id character varying NOT NULL,
    seq integer NOT NULL,
    submission_id character varying NOT NULL,
    revision integer NOT NULL,
    status_code integer NOT NULL,
    official_no character varying,
    due_at character varying,
    note character varying NOT NULL,
    changed_at character varying NOT NULL
);
CREATE TABLE public.documents (
    kiosk_id character varying NOT NULL,
    item_id character varying NOT NULL,
    receipt_no character varying NOT NULL,
    document_code character varying NOT NULL,
    name character varying NOT NULL,
    sha256 character varying,
    size integer,
    media_type character varying,
    is_gone boolean NOT NULL
);
CREATE TABLE public.enrolment_codes (
    code_hash character varying NOT NULL,
    kiosk_id character varying NOT NULL,
    unit_code character varying NOT NULL,
    expires_at character varying NOT NULL,
    used_by character varying,
    may_replace boolean NOT NULL
);
CREATE TABLE public.enrolment_tries (
    address character varying NOT NULL,
    wrong integer NOT NULL,
    locked_until character varying,
    tried_at character varying NOT NULL
);
CREATE TABLE public.epochs (
    id integer NOT NULL,
    epoch character varying NOT NULL,
    begun_at character varying NOT NULL,
    CONSTRAINT epochs_id_check CHECK ((id = 1))
);
CREATE SEQUENCE public.epochs_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.epochs_id_seq OWNED BY public.epochs.id;
CREATE TABLE public.events (
    event_id character varying NOT NULL,
    kiosk_id character varying NOT NULL,
    submission_id character varying NOT NULL,
    receipt_no character varying NOT NULL,
    seq integer NOT NULL,
    kind character varying NOT NULL,
    digest character varying NOT NULL,
    body bytea NOT NULL,
    received_at character varying NOT NULL
);
CREATE TABLE public.file_pieces (
    kiosk_id character varying NOT NULL,
    sha256 character varying NOT NULL,
    "offset" integer NOT NULL,
    content bytea NOT NULL
);
CREATE TABLE public.files (
    kiosk_id character varying NOT NULL,
    sha256 character varying NOT NULL,
    held integer NOT NULL,
    is_whole boolean NOT NULL,
    touched_at character varying NOT NULL
);
CREATE TABLE public.forward_attempts (
    no integer NOT NULL,
    kiosk_id character varying NOT NULL,
    receipt_no character varying NOT NULL,
    submission_id character varying NOT NULL,
    began_at character varying NOT NULL,
    seconds double precision NOT NULL,
    outcome character varying NOT NULL,
    code character varying NOT NULL,
    CONSTRAINT forward_attempts_outcome_check CHECK (((outcome)::text = ANY ((ARRAY['taken'::character varying, 'refused'::character varying, 'later'::character varying])::text[])))
);
CREATE SEQUENCE public.forward_attempts_no_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.forward_attempts_no_seq OWNED BY public.forward_attempts.no;
CREATE TABLE public.forwards (
    kiosk_id character varying NOT NULL,
    receipt_no character varying NOT NULL,
    state character varying NOT NULL,
    due_at character varying NOT NULL,
    tries integer NOT NULL,
    submission_id character varying,
    form_revision integer,
    accepted_at character varying NOT NULL,
    accepted_id character varying DEFAULT ''::character varying NOT NULL,
    CONSTRAINT forwards_state_check CHECK (((state)::text = ANY ((ARRAY['due'::character varying, 'sending'::character varying, 'done'::character varying, 'refused'::character varying, 'dropped'::character varying])::text[])))
);
CREATE TABLE public.kiosk_reports (
    kiosk_id character varying NOT NULL,
    content text NOT NULL,
    received_at character varying NOT NULL
);
CREATE TABLE public.kiosks (
    kiosk_id character varying NOT NULL,
    unit_code character varying NOT NULL,
    key_id character varying NOT NULL,
    public_key bytea NOT NULL,
    enrolled_at character varying NOT NULL,
    revoked_at character varying,
    seen_at character varying,
    last_seq integer NOT NULL,
    read_seq integer DEFAULT 0 NOT NULL,
    restores integer DEFAULT 0 NOT NULL,
    signs_restores boolean DEFAULT false NOT NULL,
    label character varying DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.meter (
    id integer NOT NULL,
    next_at character varying NOT NULL,
    slow_tries integer NOT NULL,
    CONSTRAINT meter_id_check CHECK ((id = 1))
);
CREATE SEQUENCE public.meter_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.meter_id_seq OWNED BY public.meter.id;
CREATE TABLE public.nonces (
    key_id character varying NOT NULL,
    nonce character varying NOT NULL,
    seen_at character varying NOT NULL
);
CREATE TABLE public.notices (
    no integer NOT NULL,
    noted_at character varying NOT NULL,
    text character varying NOT NULL
);
CREATE SEQUENCE public.notices_no_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.notices_no_seq OWNED BY public.notices.no;
CREATE TABLE public.opinion_reports (
    kiosk_id character varying NOT NULL,
    month character varying NOT NULL,
    content text NOT NULL,
    received_at character varying NOT NULL
);
CREATE TABLE public.people (
    login character varying NOT NULL,
    name character varying NOT NULL,
    role character varying NOT NULL,
    password_hash character varying NOT NULL,
    is_active boolean NOT NULL,
    added_at character varying NOT NULL,
    CONSTRAINT people_role_check CHECK (((role)::text = ANY ((ARRAY['operator'::character varying, 'auditor'::character varying])::text[])))
);
CREATE TABLE public.receipt_numbers (
    kiosk_id character varying NOT NULL,
    receipt_no character varying NOT NULL,
    dossier_id character varying NOT NULL,
    day character varying NOT NULL,
    seq integer NOT NULL,
    touched_at character varying DEFAULT ''::character varying NOT NULL,
    deleted_at character varying
);
CREATE TABLE public.refusals (
    kiosk_id character varying NOT NULL,
    subject character varying NOT NULL,
    refused_at character varying NOT NULL,
    why character varying DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.rollout_kiosks (
    rollout_no integer NOT NULL,
    kiosk_id character varying NOT NULL,
    stage character varying NOT NULL,
    attempt integer NOT NULL,
    outcome character varying,
    code character varying NOT NULL,
    back_to character varying NOT NULL,
    outcome_at character varying,
    CONSTRAINT rollout_kiosks_outcome_check CHECK (((outcome)::text = ANY ((ARRAY['taken'::character varying, 'failed'::character varying])::text[])))
);
CREATE TABLE public.rollouts (
    no integer NOT NULL,
    kind character varying NOT NULL,
    version character varying NOT NULL,
    former character varying NOT NULL,
    unit_code character varying NOT NULL,
    pace_hours integer NOT NULL,
    attempt integer NOT NULL,
    stage character varying NOT NULL,
    state character varying NOT NULL,
    started_at character varying NOT NULL,
    changed_at character varying NOT NULL,
    paused_by character varying NOT NULL,
    CONSTRAINT rollouts_kind_check CHECK (((kind)::text = ANY ((ARRAY['program'::character varying, 'content'::character varying])::text[]))),
    CONSTRAINT rollouts_stage_check CHECK (((stage)::text = ANY ((ARRAY['ward'::character varying, 'tenth'::character varying, 'all'::character varying])::text[]))),
    CONSTRAINT rollouts_state_check CHECK (((state)::text = ANY ((ARRAY['running'::character varying, 'paused'::character varying, 'done'::character varying, 'back'::character varying])::text[])))
);
CREATE SEQUENCE public.rollouts_no_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.rollouts_no_seq OWNED BY public.rollouts.no;
CREATE TABLE public.seal_checks (
    id integer NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT seal_checks_id_check CHECK ((id = 1))
);
CREATE SEQUENCE public.seal_checks_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.seal_checks_id_seq OWNED BY public.seal_checks.id;
CREATE TABLE public.sessions (
    token_hash character varying NOT NULL,
    login character varying NOT NULL,
    csrf character varying NOT NULL,
    opened_at character varying NOT NULL,
    seen_at character varying NOT NULL
);
CREATE TABLE public.stick_keys (
    id integer NOT NULL,
    private_key bytea NOT NULL,
    made_at character varying NOT NULL,
    CONSTRAINT stick_keys_id_check CHECK ((id = 1))
);
CREATE SEQUENCE public.stick_keys_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.stick_keys_id_seq OWNED BY public.stick_keys.id;
CREATE TABLE public.submissions (
    submission_id character varying NOT NULL,
    kiosk_id character varying NOT NULL,
    digest character varying NOT NULL,
    body bytea NOT NULL,
    receipt_no character varying NOT NULL,
    unit_code character varying NOT NULL,
    procedure_code character varying NOT NULL,
    form_revision integer NOT NULL,
    supersedes character varying,
    received_at character varying NOT NULL,
    revision integer NOT NULL,
    status_code integer NOT NULL,
    official_no character varying,
    due_at character varying,
    note character varying NOT NULL,
    taken_seq integer,
    dossier_id character varying DEFAULT ''::character varying NOT NULL,
    CONSTRAINT submissions_status_code_check CHECK (((status_code >= 1) AND (status_code <= 10)))
);
CREATE TABLE public.trail (
    no integer NOT NULL,
    at character varying NOT NULL,
    login character varying NOT NULL,
    act character varying NOT NULL,
    subject character varying NOT NULL,
    reason character varying NOT NULL
);
CREATE SEQUENCE public.trail_no_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trail_no_seq OWNED BY public.trail.no;
CREATE TABLE public.tries (
    login character varying NOT NULL,
    address character varying NOT NULL,
    wrong integer NOT NULL,
    closed_until character varying,
    tried_at character varying NOT NULL
);
ALTER TABLE ONLY public.epochs ALTER COLUMN id SET DEFAULT nextval('public.epochs_id_seq'::regclass);
ALTER TABLE ONLY public.forward_attempts ALTER COLUMN no SET DEFAULT nextval('public.forward_attempts_no_seq'::regclass);
ALTER TABLE ONLY public.meter ALTER COLUMN id SET DEFAULT nextval('public.meter_id_seq'::regclass);
ALTER TABLE ONLY public.notices ALTER COLUMN no SET DEFAULT nextval('public.notices_no_seq'::regclass);
ALTER TABLE ONLY public.rollouts ALTER COLUMN no SET DEFAULT nextval('public.rollouts_no_seq'::regclass);
ALTER TABLE ONLY public.seal_checks ALTER COLUMN id SET DEFAULT nextval('public.seal_checks_id_seq'::regclass);
ALTER TABLE ONLY public.stick_keys ALTER COLUMN id SET DEFAULT nextval('public.stick_keys_id_seq'::regclass);
ALTER TABLE ONLY public.trail ALTER COLUMN no SET DEFAULT nextval('public.trail_no_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('v0017');
INSERT INTO public.changes VALUES ('PK03', 2, 'f772d93f-8cf1-4e9c-a181-d55e73861321', 2, 2, NULL, NULL, '', '2026-11-24T01:30:00.000Z');
INSERT INTO public.enrolment_codes VALUES ('cad97ebc101c118653c3b9cb332145d8033517819f34b85ba9d1ad890db37ed4', 'PK03', 'H57.99.01', '2026-11-25T01:30:00.000Z', 'Hcl98Yvbw9iznd5_8SGovQiK5uhCdI5r76RVWpYB_8Q', true);
INSERT INTO public.epochs VALUES (1, 'T9tlxijuN-caKF7V5bPE.f19caa6688', '2026-11-24T01:30:00.000Z');
INSERT INTO public.events VALUES ('e78b5ff2-4d47-43ff-a19b-b54986ca8838', 'PK03', 'f772d93f-8cf1-4e9c-a181-d55e73861321', 'PK03-261124-0001-F', 1, 'accepted', '1185caee4ad3dd7a8128613fd5dd90bfdba55d6330b439bf6171c465fbae8e84', '\x7e7b7be6294bf461a7534d3f8cb2ab84165cd62ad2489f201a581cfd3b77343706108d0f15e059dcabc972520a3de7980fac9e17b7ca69b97ac94b391c7548587197b1404af3d0aecfc6d7e0d4f12741beeb678870c93baf37e6b95a251baa59b179749379a820b9804368352f67d7100c8c082e4f80af05eba262caf37d32c796c50e6ea1dc80868f1f12cfa90ee5f5fbcaf18ff82437a986ac1943cc4999f19b5bdc024c79264f0f3c784f3a0f09922bd0679aaddcbf156d0638b0afffa278e4564651ee6f9f27cc34c63b49403208668e2f2db1308b91bcab67', '2026-11-24T01:30:00.000Z');
INSERT INTO public.forwards VALUES ('PK03', 'PK03-261124-0001-F', 'due', '2026-11-24T01:30:00.000Z', 0, NULL, NULL, '2026-11-24T01:30:00.000Z', 'f772d93f-8cf1-4e9c-a181-d55e73861321');
INSERT INTO public.kiosks VALUES ('PK03', 'H57.99.01', 'Hcl98Yvbw9iznd5_8SGovQiK5uhCdI5r76RVWpYB_8Q', '\x842840a94434b4d842bdfad6f7e6a4acd1b0b6708d57fea7abba1f8ef3b8b314', '2026-11-24T01:30:00.000Z', NULL, '2026-11-24T01:30:00.000Z', 2, 0, 0, true, '');
INSERT INTO public.meter VALUES (1, '2026-11-24T01:30:00.000Z', 0);
INSERT INTO public.nonces VALUES ('Hcl98Yvbw9iznd5_8SGovQiK5uhCdI5r76RVWpYB_8Q', 'rw5pvcMvSRjZ6L59', '2026-11-24T01:30:00.000Z');
INSERT INTO public.nonces VALUES ('Hcl98Yvbw9iznd5_8SGovQiK5uhCdI5r76RVWpYB_8Q', 'sIpzgE01ksJFF9sg', '2026-11-24T01:30:00.000Z');
INSERT INTO public.nonces VALUES ('Hcl98Yvbw9iznd5_8SGovQiK5uhCdI5r76RVWpYB_8Q', '9oFKzUxLNhl_lSKc', '2026-11-24T01:30:00.000Z');
INSERT INTO public.people VALUES ('operator', 'Người trực cổng', 'operator', '$argon2id$v=19$m=64,t=1,p=4$E6wLaC1VB/QDcDleHMHLCw$2+tEZba6NmxyEx0NirSlH1KJnYuavN8UvGekDwAV2fA', true, '2026-11-24T01:30:00.000Z');
INSERT INTO public.receipt_numbers VALUES ('PK03', 'PK03-261124-0001-F', 'f772d93f-8cf1-4e9c-a181-d55e73861321', '261124', 1, '2026-11-24T01:30:00.000Z', NULL);
INSERT INTO public.seal_checks VALUES (1, '\xaa1ae667de14bd142c900cd646698a0108ee1df61894bf9e276d2e7ff9c896eb6f80e3b41aca70546e');
INSERT INTO public.submissions VALUES ('f772d93f-8cf1-4e9c-a181-d55e73861321', 'PK03', '52f89d205d35efab33269b8e01789c9d82f83744d0c5dbf9a0ed59b93720461d', '\x10c6eedce8105105ba9ed3a65a64a1d4f640a516464b3c5065f57ab8508009f71dfb8093d19a152af79451e7aef8bf36c6af1435383ff711e4bb87696978c646d87f62bf4ab397357261b0dc26b6595625a795bbd69db51a6d70b24375d9eb3f68d6b1e430b2e6a3927a6651d70c5606255ce8d3086d78242fb631233131e717a2755a93aadb4a685296a2ee945aace4a76cbc64abedb2ff0f83b4216ef0551cd52b9e49b14efcd48cf5c5899c6ea60fa93ac155b5cfc4b5e6e42599ecf24cee42b51c15f1910267fcec62ba2d1090369646494708b0598ffd956ed7524e3c6857dc709f5c2d4816f38a31f47c29d8af5789bb5ebb1041ada9c2ca49792b6657576ae7382dbd6a2870474e238a30d709274b6351d3287675d177ddcf0028ca32a36fe8feb4f7c0efd8d68207a6ffdcaad705549f3d1dd4ae2fc9663f9cbd94e24042fedacfa92e2bccdfa49a3f5e5ebd7b88676594e02ce6706f59b9fc46dd6a9abec7ff2e7830513867605581d61d1d5786fa2661e4b3238ece82ca8cafefe16a73d54352038142f31bcfed91b41a240158a5845041ec87485ccefb8abb67680074e5684bfeee0e409fdccd0fd3dfad008ed2aac919260c21a9266f7ca9fc3fac5cd8925634c2c6e2a551dc68f4f1c7e50ce0d59768a24b6b5861d92616a52dd73f22ca4383d56f3fb675b43a70b97c8cbe407cf0064643341b47d5883ad28a6ede61b1c38472f002e5f99bda481955f68f154820e000be798f60f13fb6db145d45c7832c628a5bb66314526c1e10019beecbc4a49320889d30bc27c8515624e77ec1b06ec24a', 'PK03-261124-0001-F', 'H57.99.01', '1.001193', 1, NULL, '2026-11-24T01:30:00.000Z', 2, 2, NULL, NULL, '', 1, 'f772d93f-8cf1-4e9c-a181-d55e73861321');
INSERT INTO public.trail VALUES (1, '2026-11-24T01:30:00.000Z', 'operator', 'looked', 's', 'Đối chiếu');
SELECT pg_catalog.setval('public.epochs_id_seq', 1, false);
SELECT pg_catalog.setval('public.forward_attempts_no_seq', 1, false);
SELECT pg_catalog.setval('public.meter_id_seq', 1, false);
SELECT pg_catalog.setval('public.notices_no_seq', 1, false);
SELECT pg_catalog.setval('public.rollouts_no_seq', 1, false);
SELECT pg_catalog.setval('public.seal_checks_id_seq', 1, false);
SELECT pg_catalog.setval('public.stick_keys_id_seq', 1, false);
SELECT pg_catalog.setval('public.trail_no_seq', 1, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.audit_heads
    ADD CONSTRAINT audit_heads_pkey PRIMARY KEY (kiosk_id);
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (kiosk_id, seq);
ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (kiosk_id, item_id);
ALTER TABLE ONLY public.enrolment_codes
    ADD CONSTRAINT enrolment_codes_pkey PRIMARY KEY (code_hash);
ALTER TABLE ONLY public.enrolment_tries
    ADD CONSTRAINT enrolment_tries_pkey PRIMARY KEY (address);
ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT epochs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_kiosk_id_receipt_no_seq_key UNIQUE (kiosk_id, receipt_no, seq);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (event_id);
ALTER TABLE ONLY public.file_pieces
    ADD CONSTRAINT file_pieces_pkey PRIMARY KEY (kiosk_id, sha256, "offset");
ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (kiosk_id, sha256);
ALTER TABLE ONLY public.forward_attempts
    ADD CONSTRAINT forward_attempts_pkey PRIMARY KEY (no);
ALTER TABLE ONLY public.forwards
    ADD CONSTRAINT forwards_pkey PRIMARY KEY (kiosk_id, receipt_no);
ALTER TABLE ONLY public.kiosk_reports
    ADD CONSTRAINT kiosk_reports_pkey PRIMARY KEY (kiosk_id);
ALTER TABLE ONLY public.kiosks
    ADD CONSTRAINT kiosks_key_id_key UNIQUE (key_id);
ALTER TABLE ONLY public.kiosks
    ADD CONSTRAINT kiosks_pkey PRIMARY KEY (kiosk_id);
ALTER TABLE ONLY public.meter
    ADD CONSTRAINT meter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.nonces
    ADD CONSTRAINT nonces_pkey PRIMARY KEY (key_id, nonce);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY (no);
ALTER TABLE ONLY public.opinion_reports
    ADD CONSTRAINT opinion_reports_pkey PRIMARY KEY (kiosk_id, month);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.receipt_numbers
    ADD CONSTRAINT receipt_numbers_pkey PRIMARY KEY (kiosk_id, receipt_no);
ALTER TABLE ONLY public.refusals
    ADD CONSTRAINT refusals_pkey PRIMARY KEY (kiosk_id, subject);
ALTER TABLE ONLY public.rollout_kiosks
    ADD CONSTRAINT rollout_kiosks_pkey PRIMARY KEY (rollout_no, kiosk_id);
ALTER TABLE ONLY public.rollouts
    ADD CONSTRAINT rollouts_pkey PRIMARY KEY (no);
ALTER TABLE ONLY public.seal_checks
    ADD CONSTRAINT seal_checks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.stick_keys
    ADD CONSTRAINT stick_keys_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.submissions
    ADD CONSTRAINT submissions_pkey PRIMARY KEY (submission_id);
ALTER TABLE ONLY public.trail
    ADD CONSTRAINT trail_pkey PRIMARY KEY (no);
ALTER TABLE ONLY public.tries
    ADD CONSTRAINT tries_pkey PRIMARY KEY (login, address);
CREATE INDEX attempts_of ON public.forward_attempts USING btree (kiosk_id, receipt_no);
CREATE INDEX documents_of ON public.documents USING btree (kiosk_id, receipt_no);
CREATE INDEX documents_with ON public.documents USING btree (kiosk_id, sha256);
CREATE INDEX forwards_due ON public.forwards USING btree (state, due_at);
CREATE INDEX ix_files_touched_at ON public.files USING btree (touched_at);
CREATE INDEX ix_nonces_seen_at ON public.nonces USING btree (seen_at);
CREATE INDEX ix_sessions_login ON public.sessions USING btree (login);
CREATE INDEX ix_submissions_receipt_no ON public.submissions USING btree (receipt_no);
CREATE INDEX ix_submissions_received_at ON public.submissions USING btree (received_at);
CREATE INDEX ix_trail_subject ON public.trail USING btree (subject);
CREATE INDEX numbers_of_day ON public.receipt_numbers USING btree (kiosk_id, day, seq);
CREATE INDEX numbers_touched ON public.receipt_numbers USING btree (touched_at);
CREATE INDEX submissions_taken ON public.submissions USING btree (kiosk_id, taken_seq);
