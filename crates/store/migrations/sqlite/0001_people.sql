-- Homes, the directory, people, and what decisions rest on.
--
-- Conventions of all migrations: ids are 16-byte blobs, instants are microseconds since 1970,
-- booleans are 0 or 1, and whatever rows refer to often has a small number (`no`) of its own.
-- No foreign keys: each would cost a look-up for every row of the ledger; `doctor` checks them.

-- What there is only one of.
CREATE TABLE exchange (
    one               INTEGER PRIMARY KEY CHECK (one = 1),
    policy            TEXT,              -- hash of the local policies in force
    directory_version INTEGER NOT NULL,  -- moves with every change of the directory
    checked_at        INTEGER NOT NULL   -- the last proof that this database can be written
) STRICT;

INSERT INTO exchange VALUES (1, NULL, 0, 0);

CREATE TABLE home (
    no            INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    wrapped_key   BLOB NOT NULL,
    facts_version INTEGER NOT NULL,  -- moves whenever a decision about its people might
    protected     INTEGER NOT NULL,
    names_single  INTEGER NOT NULL   -- whether a lock or objection ever named a single resource
) STRICT;

-- Directory and definition resources live in a home of their own, which has no key.
INSERT INTO home VALUES (1, x'00000000000000000000000000000000', x'', 0, 0, 0);

CREATE TABLE organisation (
    no       INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    home_no  INTEGER NOT NULL,
    resource BLOB,
    body     TEXT NOT NULL
) STRICT;

CREATE TABLE team (
    id   TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE duty (
    serves TEXT NOT NULL,
    team   TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (serves, team)
) STRICT, WITHOUT ROWID;

CREATE TABLE worker (
    id       TEXT PRIMARY KEY,
    until    INTEGER,
    resource BLOB,
    body     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE revoked (
    token   TEXT PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A Patient of one agency. The person it is may change by a link; the row's home never does.
CREATE TABLE subject (
    no           INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    home_no      INTEGER NOT NULL,
    person       BLOB NOT NULL,
    custodian_no INTEGER NOT NULL,
    rule         TEXT NOT NULL,
    birth_date   TEXT,
    postcode     TEXT,
    names        TEXT NOT NULL,  -- as JSON; the next two tables find by them
    identifiers  TEXT NOT NULL
) STRICT;

CREATE INDEX subject_person ON subject (person);

CREATE TABLE subject_name (
    name       TEXT NOT NULL,
    subject_no INTEGER NOT NULL,
    PRIMARY KEY (name, subject_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE subject_identifier (
    value      TEXT NOT NULL,
    system     TEXT NOT NULL,
    subject_no INTEGER NOT NULL,
    PRIMARY KEY (value, system, subject_no)
) STRICT, WITHOUT ROWID;

-- Relationships and wishes, replaced whole with the resource that proves them.
CREATE TABLE evidenced (
    home_no       INTEGER NOT NULL,
    evidence      BLOB NOT NULL,
    relationships TEXT NOT NULL,
    objections    TEXT NOT NULL,
    PRIMARY KEY (home_no, evidence)
) STRICT, WITHOUT ROWID;

CREATE TABLE bar (
    home_no INTEGER NOT NULL,
    worker  TEXT NOT NULL,
    since   INTEGER NOT NULL,
    lifted  INTEGER,
    PRIMARY KEY (home_no, worker)
) STRICT, WITHOUT ROWID;

CREATE TABLE locked (
    home_no  INTEGER NOT NULL,
    resource BLOB NOT NULL,
    holder   TEXT NOT NULL,
    since    INTEGER NOT NULL,
    team     TEXT,
    PRIMARY KEY (home_no, resource)
) STRICT, WITHOUT ROWID;

-- Sealed facts of logged decisions, for replay.
CREATE TABLE decision_facts (
    no      INTEGER PRIMARY KEY,
    home_no INTEGER NOT NULL,
    digest  BLOB NOT NULL,
    sealed  BLOB NOT NULL,
    UNIQUE (home_no, digest)
) STRICT;
