-- One-time links for people without an account. What a link is for is a fact about the person, under
-- the same id; here is only what opens it. Neither the link nor its code can be had from these rows.

CREATE TABLE invitation (
    id         BLOB PRIMARY KEY,
    subject_no INTEGER NOT NULL,
    link       BLOB NOT NULL UNIQUE,        -- SHA-256 of the link
    code       BLOB NOT NULL,               -- HMAC-SHA-256 of link and code, under a key kept elsewhere
    tries      INTEGER NOT NULL DEFAULT 0,  -- codes tried before the right one
    session    BLOB,                        -- SHA-256 of what the one browser holds that opened it
    opened_at  INTEGER
) STRICT, WITHOUT ROWID;
