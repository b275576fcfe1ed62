-- What resources can be found by. Each table is clustered by home, type and parameter, so a search
-- within a person reads neighbouring rows, however many other people there are.

CREATE TABLE index_token (
    home_no   INTEGER NOT NULL,
    type_no   INTEGER NOT NULL,
    param_no  INTEGER NOT NULL,
    code      TEXT NOT NULL,
    system_no INTEGER NOT NULL,
    row       INTEGER NOT NULL,
    PRIMARY KEY (home_no, type_no, param_no, code, system_no, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE index_text (
    home_no  INTEGER NOT NULL,
    type_no  INTEGER NOT NULL,
    param_no INTEGER NOT NULL,
    folded   TEXT NOT NULL,
    exact    TEXT NOT NULL,
    row      INTEGER NOT NULL,
    PRIMARY KEY (home_no, type_no, param_no, folded, exact, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE index_date (
    home_no  INTEGER NOT NULL,
    type_no  INTEGER NOT NULL,
    param_no INTEGER NOT NULL,
    from_us  INTEGER NOT NULL,
    to_us    INTEGER NOT NULL,  -- the microsecond after the last
    row      INTEGER NOT NULL,
    PRIMARY KEY (home_no, type_no, param_no, from_us, to_us, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE index_reference (
    home_no        INTEGER NOT NULL,
    type_no        INTEGER NOT NULL,
    param_no       INTEGER NOT NULL,
    target         BLOB NOT NULL,     -- 1 and an id of ours, or 0 and any other text
    target_type_no INTEGER NOT NULL,
    row            INTEGER NOT NULL,
    PRIMARY KEY (home_no, type_no, param_no, target, target_type_no, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE index_uri (
    home_no  INTEGER NOT NULL,
    type_no  INTEGER NOT NULL,
    param_no INTEGER NOT NULL,
    uri      TEXT NOT NULL,
    row      INTEGER NOT NULL,
    PRIMARY KEY (home_no, type_no, param_no, uri, row)
) STRICT, WITHOUT ROWID;
