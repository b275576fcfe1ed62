-- Epochs: the moments at which the map of all views was made and its root put into the log. The map
-- itself follows from the entries that the log held then, and is not kept.
CREATE TABLE epoch (
    number     INTEGER PRIMARY KEY,
    log_index  INTEGER NOT NULL UNIQUE,
    statement  BLOB NOT NULL,           -- number, time, size, key and root, as the leaf commits to them
    checkpoint TEXT NOT NULL            -- the first that covers it
) STRICT;
