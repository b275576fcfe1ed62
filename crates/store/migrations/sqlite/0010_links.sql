-- Which Patients are of one person, as events: nothing is overwritten, so anything can be taken back.

-- The person that a Patient is by itself, whoever it is linked with.
ALTER TABLE subject ADD COLUMN origin BLOB;

UPDATE subject SET origin =
    CASE WHEN no = (SELECT MIN(o.no) FROM subject o WHERE o.person = subject.person)
         THEN person
         ELSE randomblob(16)
    END;

CREATE TABLE link_event (
    no       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,     -- linked, parted, sealed, undone
    left_no  INTEGER,           -- the subjects; absent where an event is undone
    right_no INTEGER,
    undoes   INTEGER,           -- the event that does not hold
    at       INTEGER NOT NULL,
    by       TEXT NOT NULL,     -- the worker who decided, or `exchange`
    reason   TEXT NOT NULL
) STRICT;

CREATE INDEX link_event_left ON link_event (left_no);
CREATE INDEX link_event_right ON link_event (right_no);
CREATE INDEX link_event_undoes ON link_event (undoes);

-- What was linked before events were kept.
INSERT INTO link_event (kind, left_no, right_no, at, by, reason)
SELECT 'linked', (SELECT MIN(o.no) FROM subject o WHERE o.person = s.person), s.no, 0, 'exchange', s.rule
FROM subject s
WHERE s.no <> (SELECT MIN(o.no) FROM subject o WHERE o.person = s.person);

-- What stewards are to decide.
CREATE TABLE review (
    no       INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    left_id  BLOB NOT NULL,
    right_id BLOB NOT NULL,
    priority REAL NOT NULL,     -- harm times uncertainty
    open     INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    body     TEXT NOT NULL
) STRICT;

CREATE INDEX review_open ON review (open, priority);
CREATE UNIQUE INDEX review_of_pair ON review (left_id, right_id, kind) WHERE open = 1;
