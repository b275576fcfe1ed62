-- Who acts for somebody, found by whoever acts: one row for each authority that is recorded as a fact,
-- by its holder. What it comes to is decided from the facts themselves.

CREATE TABLE acting (
    holder     TEXT NOT NULL,
    evidence   BLOB NOT NULL,
    subject_no INTEGER NOT NULL,
    PRIMARY KEY (holder, evidence)
) STRICT, WITHOUT ROWID;

CREATE INDEX acting_evidence ON acting (evidence);

INSERT OR IGNORE INTO acting (holder, evidence, subject_no)
SELECT json_extract(said.value, '$.authority.holder'), f.evidence, f.subject_no
FROM fact f, json_each(f.body) said
WHERE json_extract(said.value, '$.authority.holder') IS NOT NULL;
