-- Whoever signs in as the person that a Patient is by itself is found, whomever it is joined with.

CREATE INDEX subject_origin ON subject (origin);
