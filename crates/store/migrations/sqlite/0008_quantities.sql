-- Numbers and quantities, by which resources are found too; and by which tables the index was made.

CREATE TABLE index_quantity (
    home_no   INTEGER NOT NULL,
    type_no   INTEGER NOT NULL,
    param_no  INTEGER NOT NULL,
    low       REAL NOT NULL,
    high      REAL NOT NULL,     -- the same as low, or the end of a range
    code      TEXT NOT NULL,     -- the unit's code or its words
    system_no INTEGER NOT NULL,  -- the system of the code
    row       INTEGER NOT NULL,
    PRIMARY KEY (home_no, type_no, param_no, low, high, code, system_no, row)
) STRICT, WITHOUT ROWID;

-- Of all index tables: values that are found only together belong to an item of a resource. An item
-- has a row number of its own, below zero: -(row * 65536 + place). `param_no` is the place of a
-- value in the resource, which several search parameters may share.

-- A store that was indexed by an earlier program is indexed anew when it is opened.
ALTER TABLE exchange ADD COLUMN indexed_by INTEGER NOT NULL DEFAULT 0;
