-- What the exchange says of itself in its log: that it was recovered from a copy, that a key was changed.
CREATE TABLE statement (
    log_index  INTEGER PRIMARY KEY,
    statement  BLOB NOT NULL,           -- kind, time and what is said, as the leaf commits to them
    checkpoint TEXT NOT NULL            -- the first that covers it
) STRICT;
