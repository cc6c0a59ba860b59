-- The schema of a Promptpal workspace. docs/data-format.md explains it for people who read the file from elsewhere.
--
-- Times are UTC milliseconds since 1970. Spans are half-open: from_ms belongs to them, to_ms does not.
-- A migration that has landed is never edited; what changes is added in a new file.

-- "PPal": tells `file` and us whose database this is.
PRAGMA application_id = 0x5050616c;

-- Candles ---------------------------------------------------------------------------------------------------------

CREATE TABLE series (
    id             INTEGER PRIMARY KEY,
    venue          TEXT    NOT NULL,
    symbol         TEXT    NOT NULL,
    interval       TEXT    NOT NULL,
    -- Decimals of the integers in candles: value = ticks / 10^scale.
    price_scale    INTEGER NOT NULL DEFAULT 0 CHECK (price_scale BETWEEN 0 AND 18),
    volume_scale   INTEGER NOT NULL DEFAULT 0 CHECK (volume_scale BETWEEN 0 AND 18),
    quote_scale    INTEGER NOT NULL DEFAULT 0 CHECK (quote_scale BETWEEN 0 AND 18),
    -- Kept up by every write of candles, in its transaction, so that a list reads no candle.
    candle_count   INTEGER NOT NULL DEFAULT 0,
    gap_count      INTEGER NOT NULL DEFAULT 0,
    first_open     INTEGER,
    last_open      INTEGER,
    UNIQUE (venue, symbol, interval)
) STRICT;

CREATE TABLE candles (
    series_id          INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    open_time          INTEGER NOT NULL,
    -- Null: the last millisecond before the next candle of the grid.
    close_time         INTEGER,
    open               INTEGER NOT NULL,
    high               INTEGER NOT NULL,
    low                INTEGER NOT NULL,
    close              INTEGER NOT NULL,
    volume             INTEGER NOT NULL,
    quote_volume       INTEGER,
    trades             INTEGER,
    taker_base_volume  INTEGER,
    taker_quote_volume INTEGER,
    -- How often the candle was corrected since it was first stored.
    revision           INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (series_id, open_time)
) STRICT, WITHOUT ROWID;

-- What a candle was before a correction, with the scales of that moment.
CREATE TABLE corrections (
    series_id          INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    open_time          INTEGER NOT NULL,
    revision           INTEGER NOT NULL,
    replaced_at        INTEGER NOT NULL,
    price_scale        INTEGER NOT NULL,
    volume_scale       INTEGER NOT NULL,
    quote_scale        INTEGER NOT NULL,
    close_time         INTEGER,
    open               INTEGER NOT NULL,
    high               INTEGER NOT NULL,
    low                INTEGER NOT NULL,
    close              INTEGER NOT NULL,
    volume             INTEGER NOT NULL,
    quote_volume       INTEGER,
    trades             INTEGER,
    taker_base_volume  INTEGER,
    taker_quote_volume INTEGER,
    PRIMARY KEY (series_id, open_time, revision)
) STRICT, WITHOUT ROWID;

-- Spans that the source was asked for and answered. Rows of a series neither overlap nor touch.
CREATE TABLE coverage (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    from_ms   INTEGER NOT NULL,
    to_ms     INTEGER NOT NULL CHECK (to_ms > from_ms),
    PRIMARY KEY (series_id, from_ms)
) STRICT, WITHOUT ROWID;

CREATE VIEW candles_readable AS
WITH scaled AS (
    SELECT id, venue, symbol, interval, price_scale, volume_scale, quote_scale,
           CAST(substr('1000000000000000000', 1, price_scale + 1) AS INTEGER) AS price_unit,
           CAST(substr('1000000000000000000', 1, volume_scale + 1) AS INTEGER) AS volume_unit,
           CAST(substr('1000000000000000000', 1, quote_scale + 1) AS INTEGER) AS quote_unit
    FROM series
)
SELECT s.venue, s.symbol, s.interval, c.series_id,
       strftime('%Y-%m-%dT%H:%M:%fZ', c.open_time / 1000.0, 'unixepoch') AS open_time,
       c.open_time AS open_time_ms,
       CASE s.price_scale WHEN 0 THEN CAST(c.open AS TEXT)
           ELSE printf('%d.%0*d', c.open / s.price_unit, s.price_scale, c.open % s.price_unit) END AS open,
       CASE s.price_scale WHEN 0 THEN CAST(c.high AS TEXT)
           ELSE printf('%d.%0*d', c.high / s.price_unit, s.price_scale, c.high % s.price_unit) END AS high,
       CASE s.price_scale WHEN 0 THEN CAST(c.low AS TEXT)
           ELSE printf('%d.%0*d', c.low / s.price_unit, s.price_scale, c.low % s.price_unit) END AS low,
       CASE s.price_scale WHEN 0 THEN CAST(c.close AS TEXT)
           ELSE printf('%d.%0*d', c.close / s.price_unit, s.price_scale, c.close % s.price_unit) END AS close,
       CASE s.volume_scale WHEN 0 THEN CAST(c.volume AS TEXT)
           ELSE printf('%d.%0*d', c.volume / s.volume_unit, s.volume_scale, c.volume % s.volume_unit) END AS volume,
       CASE WHEN c.quote_volume IS NULL OR s.quote_scale = 0 THEN CAST(c.quote_volume AS TEXT)
           ELSE printf('%d.%0*d', c.quote_volume / s.quote_unit, s.quote_scale, c.quote_volume % s.quote_unit)
           END AS quote_volume,
       c.trades,
       CASE WHEN c.taker_base_volume IS NULL OR s.volume_scale = 0 THEN CAST(c.taker_base_volume AS TEXT)
           ELSE printf('%d.%0*d', c.taker_base_volume / s.volume_unit, s.volume_scale,
                       c.taker_base_volume % s.volume_unit) END AS taker_base_volume,
       CASE WHEN c.taker_quote_volume IS NULL OR s.quote_scale = 0 THEN CAST(c.taker_quote_volume AS TEXT)
           ELSE printf('%d.%0*d', c.taker_quote_volume / s.quote_unit, s.quote_scale,
                       c.taker_quote_volume % s.quote_unit) END AS taker_quote_volume,
       c.revision
FROM candles AS c
JOIN scaled AS s ON s.id = c.series_id;

-- News ------------------------------------------------------------------------------------------------------------

CREATE TABLE sources (
    id            INTEGER PRIMARY KEY,
    kind          TEXT    NOT NULL,
    url           TEXT    NOT NULL UNIQUE,
    title         TEXT    NOT NULL,
    enabled       INTEGER NOT NULL DEFAULT 1,
    full_text     INTEGER NOT NULL DEFAULT 0,
    etag          TEXT,
    last_modified TEXT,
    last_fetch    INTEGER,
    next_fetch    INTEGER,
    failures      INTEGER NOT NULL DEFAULT 0,
    last_error    TEXT
) STRICT;

CREATE TABLE articles (
    id           INTEGER PRIMARY KEY,
    source_id    INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    guid         TEXT    NOT NULL,
    url          TEXT    NOT NULL UNIQUE,
    title        TEXT    NOT NULL,
    -- The title's letters and digits in lower case: the same headline on the same day is the same story.
    title_key    TEXT    NOT NULL,
    summary      TEXT    NOT NULL,
    -- pending, full, summary, paywalled, blocked, not_article, failed
    status       TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    author       TEXT,
    language     TEXT,
    published    INTEGER,
    first_seen   INTEGER NOT NULL,
    -- From when a backtest may know it.
    available_at INTEGER NOT NULL GENERATED ALWAYS AS (max(first_seen, coalesce(published, first_seen))) STORED,
    UNIQUE (source_id, guid)
) STRICT;

CREATE INDEX articles_by_time ON articles (available_at, id);
CREATE INDEX articles_by_title ON articles (title_key, available_at);
-- The queue of pages to fetch.
CREATE INDEX articles_pending ON articles (first_seen, id) WHERE status = 'pending';
-- The queue of the scoring worker walks this, newest first, and skips what the current model has scored.
CREATE INDEX articles_to_score ON articles (available_at, id) WHERE status NOT IN ('pending', 'not_article');

CREATE TABLE article_assets (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    asset      TEXT    NOT NULL,
    -- Share of the attention, above 0 and at most 1.
    relevance  REAL    NOT NULL CHECK (relevance > 0 AND relevance <= 1),
    rule       TEXT    NOT NULL,
    PRIMARY KEY (article_id, asset)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_assets_by_asset ON article_assets (asset, article_id);

CREATE VIRTUAL TABLE articles_search USING fts5 (
    title, summary, text, content = 'articles', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER articles_search_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_search (rowid, title, summary, text) VALUES (new.id, new.title, new.summary, new.text);
END;

CREATE TRIGGER articles_search_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_search (articles_search, rowid, title, summary, text)
    VALUES ('delete', old.id, old.title, old.summary, old.text);
END;

CREATE TRIGGER articles_search_update AFTER UPDATE OF title, summary, text ON articles BEGIN
    INSERT INTO articles_search (articles_search, rowid, title, summary, text)
    VALUES ('delete', old.id, old.title, old.summary, old.text);
    INSERT INTO articles_search (rowid, title, summary, text) VALUES (new.id, new.title, new.summary, new.text);
END;

-- Sentiment -------------------------------------------------------------------------------------------------------

CREATE TABLE models (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    -- Of the weights, lower-case hex.
    sha256 TEXT NOT NULL,
    UNIQUE (name, sha256)
) STRICT;

CREATE TABLE article_scores (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    model_id   INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    positive   REAL    NOT NULL,
    negative   REAL    NOT NULL,
    neutral    REAL    NOT NULL,
    scored_at  INTEGER NOT NULL,
    PRIMARY KEY (article_id, model_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sentence_scores (
    article_id INTEGER NOT NULL,
    model_id   INTEGER NOT NULL,
    -- 0 is the headline.
    position   INTEGER NOT NULL,
    text       TEXT    NOT NULL,
    positive   REAL    NOT NULL,
    negative   REAL    NOT NULL,
    neutral    REAL    NOT NULL,
    -- Whether the model saw only the beginning.
    truncated  INTEGER NOT NULL,
    PRIMARY KEY (article_id, model_id, position),
    FOREIGN KEY (article_id, model_id) REFERENCES article_scores (article_id, model_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Strategies and runs ---------------------------------------------------------------------------------------------

CREATE TABLE strategies (
    name    TEXT    NOT NULL PRIMARY KEY,
    script  TEXT    NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    id               INTEGER PRIMARY KEY,
    -- SHA-256 over data, engine, script and parameters: same hash, same result.
    hash             TEXT    NOT NULL UNIQUE,
    strategy         TEXT    NOT NULL,
    venue            TEXT    NOT NULL,
    symbol           TEXT    NOT NULL,
    interval         TEXT    NOT NULL,
    from_ms          INTEGER NOT NULL,
    to_ms            INTEGER NOT NULL,
    -- JSON: [["fast", 10.0], ...]
    params           TEXT    NOT NULL,
    finished         INTEGER NOT NULL,
    bars             INTEGER NOT NULL,
    gaps             INTEGER NOT NULL,
    trades           INTEGER NOT NULL,
    total_return     REAL    NOT NULL,
    benchmark_return REAL    NOT NULL,
    sharpe           REAL,
    max_drawdown     REAL    NOT NULL,
    note             TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX runs_by_time ON runs (finished, id);

-- The big columns of a run, apart, so that the list reads none of them.
CREATE TABLE run_results (
    run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    -- JSON, as the backtest crate writes it.
    report BLOB NOT NULL,
    -- zlib over: u64 count, i64 time differences, f64 equity, f64 benchmark; all little-endian, column by column.
    equity BLOB NOT NULL
) STRICT;

CREATE TABLE trades (
    run_id      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    -- long or short
    side        TEXT    NOT NULL,
    entry_time  INTEGER NOT NULL,
    exit_time   INTEGER NOT NULL,
    entry_price REAL    NOT NULL,
    exit_price  REAL    NOT NULL,
    size        REAL    NOT NULL,
    pnl         REAL    NOT NULL,
    return_pct  REAL    NOT NULL,
    -- signal, sl, tp, trail
    reason      TEXT    NOT NULL,
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

-- Jobs and settings -----------------------------------------------------------------------------------------------

CREATE TABLE jobs (
    id          TEXT    NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    -- queued, running, succeeded, failed, cancelled, interrupted
    state       TEXT    NOT NULL,
    phase       TEXT    NOT NULL,
    done        INTEGER NOT NULL,
    total       INTEGER,
    unit        TEXT    NOT NULL,
    -- JSON: what is needed to start it again.
    params      TEXT    NOT NULL,
    -- JSON: what went wrong, for the screen.
    error       TEXT,
    -- JSON: lines, oldest first.
    log         TEXT    NOT NULL,
    result_id   INTEGER,
    -- The process that works on it, and what tells it from a later process with the same number.
    owner_pid   INTEGER NOT NULL,
    owner_start TEXT    NOT NULL,
    started     INTEGER NOT NULL,
    finished    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX jobs_by_time ON jobs (started, id);
-- The same job is not started twice, by whichever process.
CREATE UNIQUE INDEX jobs_active ON jobs (key) WHERE state IN ('queued', 'running');

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    -- JSON
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
