-- View chains, the global log, and what makes a retried operation safe.

CREATE TABLE chain (
    no   INTEGER PRIMARY KEY,
    view BLOB NOT NULL UNIQUE
) STRICT;

-- Entries in the order they were committed, so that a batch fills few pages. `head` is the chain's
-- head after this entry: the last entry of a chain says where it stands, and no other row must move.
CREATE TABLE entry (
    no          INTEGER PRIMARY KEY,
    chain_no    INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    log_index   INTEGER,           -- its place in the global log, once sequenced
    home_no     INTEGER NOT NULL,
    operation   BLOB NOT NULL,
    root        BLOB NOT NULL,
    commitment  BLOB NOT NULL,
    head        BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    sealed      BLOB NOT NULL,
    UNIQUE (chain_no, place)
) STRICT;

-- The outbox: entries that wait for the global log.
CREATE INDEX entry_waiting ON entry (no) WHERE log_index IS NULL;

-- The leaves of the global log: commitments in their final order, and nothing about whose.
CREATE TABLE leaf (
    log_index  INTEGER PRIMARY KEY,
    commitment BLOB NOT NULL
) STRICT;

-- Tiles of hashes, each as wide as it has become; a narrower one is its beginning.
CREATE TABLE tile (
    level  INTEGER NOT NULL,
    place  INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, place)
) STRICT;

CREATE TABLE log (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    origin     TEXT NOT NULL,
    frontier   BLOB NOT NULL,
    checkpoint TEXT
) STRICT;

-- What was answered under a caller's own key for an operation.
CREATE TABLE answered (
    key      BLOB PRIMARY KEY,
    at       INTEGER NOT NULL,
    receipts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX answered_at ON answered (at);
