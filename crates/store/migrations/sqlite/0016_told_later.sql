-- What is held back to a date is told on that date: into which chain, and of whom. Without a chain
-- something else tells it.
ALTER TABLE held ADD COLUMN into_view BLOB;
ALTER TABLE held ADD COLUMN person BLOB;

CREATE INDEX held_due ON held (until) WHERE opened IS NULL AND into_view IS NOT NULL;
