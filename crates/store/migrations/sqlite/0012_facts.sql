-- What the law turns on beyond relationships, objections, bars and locks: each fact as a document in
-- the words of a written case. It belongs to the Patient of whom it was said, and so to the person.

CREATE TABLE fact (
    subject_no   INTEGER NOT NULL,
    evidence     BLOB NOT NULL,     -- the resource that proves it, or an id of its own
    organisation TEXT NOT NULL,     -- the agency that said so, and alone may say otherwise
    said_by      TEXT NOT NULL,     -- who there
    said_at      INTEGER NOT NULL,
    body         TEXT NOT NULL,     -- a list
    PRIMARY KEY (subject_no, evidence)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX fact_evidence ON fact (evidence);
