-- The newest checkpoint that enough witnesses cosigned, with their lines.
ALTER TABLE log ADD COLUMN cosigned TEXT;
