-- What is held back from somebody's account. Each such entry stands alone in its chain, so that it
-- can be opened without a word about any other.
CREATE TABLE held (
    chain_no     INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL,       -- the agency that holds it back
    ground       TEXT NOT NULL,
    since        INTEGER NOT NULL,
    until        INTEGER NOT NULL,    -- when it is opened, or must be looked at again
    opened       INTEGER              -- when it was
) STRICT;

-- Homes of which nothing may be erased, and the rule that says so.
CREATE TABLE legal_hold (
    home_no INTEGER PRIMARY KEY,
    rule    TEXT NOT NULL
) STRICT;
