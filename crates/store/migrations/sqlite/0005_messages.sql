-- Messages between teams, the lists that they stand on, and work that falls due.

-- A message about one person. What decides who may open it and what stands or falls together are
-- columns; the rest is the body.
CREATE TABLE message (
    no         INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    thread     BLOB NOT NULL,
    root       BLOB NOT NULL,
    subject_no INTEGER NOT NULL,
    version    INTEGER NOT NULL,  -- moves with every write: whoever saw another decides again
    at         INTEGER NOT NULL,
    body       TEXT NOT NULL
) STRICT;

CREATE INDEX message_thread ON message (thread);
CREATE INDEX message_root ON message (root);
CREATE INDEX message_subject ON message (subject_no, at);

-- Lines of lists: one for each team and message, worst harm first, then what is due first. A line
-- that is off the list has no row. `team` is whoever has it now, `worker` stands above a team.
CREATE TABLE listed (
    list       TEXT NOT NULL,     -- a team, or @ and a worker
    harm       INTEGER NOT NULL,
    due        INTEGER NOT NULL,  -- the last moment there is, where nothing is due
    message_no INTEGER NOT NULL,
    PRIMARY KEY (list, harm, due, message_no)
) STRICT, WITHOUT ROWID;

CREATE INDEX listed_message ON listed (message_no);

CREATE TABLE rota (
    team TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Work that falls due. Whoever does it takes a lease first, and ends it in the same change that
-- does it: so it is done once, and done by another if the first one dies.
CREATE TABLE due_work (
    no           INTEGER PRIMARY KEY,
    at           INTEGER NOT NULL,
    subject      BLOB NOT NULL,     -- what it is about, such as a message
    body         TEXT NOT NULL,
    holder       BLOB,
    leased_until INTEGER,
    UNIQUE (subject, body)
) STRICT;

CREATE INDEX due_work_at ON due_work (at);
CREATE INDEX due_work_holder ON due_work (holder) WHERE holder IS NOT NULL;
