-- JSON; NULL is as if it said nothing.
ALTER TABLE projects ADD COLUMN settings TEXT;
