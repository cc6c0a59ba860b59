-- promptpal: rewrites a table
-- Which articles are one (identity), which repeat another's text, which tell one story, and which were read; what the hosts
-- asked for, and what a source was like when it was last asked.

ALTER TABLE sources ADD COLUMN last_status INTEGER;
-- How long is waited between two visits when nobody asked for more: from how often the source publishes.
ALTER TABLE sources ADD COLUMN interval_ms INTEGER;
-- How long its document asks to be kept (`ttl`).
ALTER TABLE sources ADD COLUMN ttl_ms INTEGER;

-- A host that asked to be left alone (Retry-After) is left alone by all sources and pages on it, after a restart too.
CREATE TABLE host_holds (
    host     TEXT    NOT NULL PRIMARY KEY,
    until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The address without what does not tell two articles apart: scheme, `www.`, the last slash.
ALTER TABLE articles ADD COLUMN url_key TEXT NOT NULL DEFAULT '';
UPDATE articles SET url_key = rtrim(CASE
    WHEN substr(url, 1, 12) = 'https://www.' THEN substr(url, 13)
    WHEN substr(url, 1, 11) = 'http://www.' THEN substr(url, 12)
    WHEN substr(url, 1, 8) = 'https://' THEN substr(url, 9)
    WHEN substr(url, 1, 7) = 'http://' THEN substr(url, 8)
    ELSE url END, '/');
CREATE INDEX articles_by_url_key ON articles (url_key);

-- Where the date comes from (feed, json_ld, meta, time_element, embedded, address, text, changed) and how exact it is
-- (instant, local_time, day); null where there is none.
ALTER TABLE articles ADD COLUMN date_source TEXT;
ALTER TABLE articles ADD COLUMN date_precision TEXT;
UPDATE articles SET date_source = 'feed', date_precision = 'instant' WHERE published IS NOT NULL;

-- Why the page of an article could not be had, for people; null where it could.
ALTER TABLE articles ADD COLUMN fault TEXT;
-- When it was read; null while it is unread.
ALTER TABLE articles ADD COLUMN read_at INTEGER;

-- The story's number is that of the article that began it; an article that is alone is its own story.
ALTER TABLE articles ADD COLUMN story INTEGER NOT NULL DEFAULT 0;
-- The article whose text this one repeats, or itself.
ALTER TABLE articles ADD COLUMN same_as INTEGER NOT NULL DEFAULT 0;
-- SimHash of the text's word 3-grams; null where the text is too short for one.
ALTER TABLE articles ADD COLUMN fingerprint INTEGER;
-- Whether it was compared with the others. 0 is the queue of that work.
ALTER TABLE articles ADD COLUMN gathered INTEGER NOT NULL DEFAULT 0;
UPDATE articles SET story = id, same_as = id;
CREATE TRIGGER articles_alone AFTER INSERT ON articles WHEN new.story = 0 BEGIN
    UPDATE articles SET story = new.id, same_as = new.id WHERE id = new.id;
END;

-- An article found in a source's past was not known when it was published: it counts from then plus this.
ALTER TABLE articles ADD COLUMN backfill_delay_ms INTEGER;
DROP INDEX articles_by_time;
DROP INDEX articles_by_title;
DROP INDEX articles_to_score;
ALTER TABLE articles DROP COLUMN available_at;
ALTER TABLE articles ADD COLUMN available_at INTEGER NOT NULL GENERATED ALWAYS AS (CASE
    WHEN backfill_delay_ms IS NULL THEN max(first_seen, coalesce(published, first_seen))
    ELSE coalesce(published, first_seen) + backfill_delay_ms END) VIRTUAL;
CREATE INDEX articles_by_time ON articles (available_at, id);
CREATE INDEX articles_by_title ON articles (title_key, available_at);
CREATE INDEX articles_to_score ON articles (available_at, id) WHERE status NOT IN ('pending', 'not_article');

CREATE INDEX articles_by_story ON articles (story, available_at, id);
CREATE INDEX articles_by_text ON articles (same_as, available_at, id);
CREATE INDEX articles_to_gather ON articles (available_at, id) WHERE gathered = 0;
CREATE INDEX articles_unread ON articles (available_at, id) WHERE read_at IS NULL;
