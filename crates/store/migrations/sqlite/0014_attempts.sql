-- Attempts on somebody's record, written down with the refusal, for a privacy officer to be told of.
-- A row stays for the day within which refusals are counted together, and until it was told if it is to be.
CREATE TABLE attempt (
    no     INTEGER PRIMARY KEY,
    worker TEXT NOT NULL,
    person BLOB NOT NULL,
    at     INTEGER NOT NULL,
    alone  INTEGER NOT NULL,  -- 1 if it is told by itself, 0 if only a number of them is
    told   INTEGER NOT NULL,
    body   TEXT NOT NULL
) STRICT;

CREATE INDEX attempt_of ON attempt (worker, person);
CREATE INDEX attempt_untold ON attempt (no) WHERE told = 0;
