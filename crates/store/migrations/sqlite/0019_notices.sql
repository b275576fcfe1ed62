-- Mail that says that there is something to read: who wishes it and where to, and what waits to be sent.
-- Neither row says about whom or what anybody is to read.

CREATE TABLE notice_address (
    person       BLOB PRIMARY KEY,
    sealed       BLOB,                      -- the address, under the key of the person's home; NULL once they stopped
    draw         BLOB NOT NULL,             -- what the code that was mailed there is made from, under a key kept elsewhere
    asked_at     INTEGER NOT NULL,          -- when that code was asked for
    day          INTEGER NOT NULL,          -- since when codes are counted
    asks         INTEGER NOT NULL,          -- codes asked for since then
    tries        INTEGER NOT NULL,          -- codes tried since the last was asked for
    confirmed_at INTEGER,
    refused_at   INTEGER,                   -- when the relay said for good that it takes no mail for it
    version      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
    id      BLOB PRIMARY KEY,
    person  BLOB NOT NULL,
    about   BLOB,                           -- the message that they are to read; NULL for a code
    made_at INTEGER NOT NULL,
    due     INTEGER NOT NULL,
    tries   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_due ON notice (due);
