-- What is known about a series beside its candles: which openings stand, which a source has none for, what is wanted,
-- which pages came in; and sealed stretches of candles as columns. Nothing that stood before is changed.

-- Kept up by every write, in its transaction, so that a list of series reads no other table.
ALTER TABLE series ADD COLUMN wanted_from INTEGER;
ALTER TABLE series ADD COLUMN wanted_to INTEGER;
-- Openings between the first and last that are wanted or stored: those a source has none for, those still to be asked.
ALTER TABLE series ADD COLUMN absent_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE series ADD COLUMN pending_count INTEGER NOT NULL DEFAULT 0;
-- Candles whose open time is no opening of the grid.
ALTER TABLE series ADD COLUMN off_grid_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE series ADD COLUMN correction_count INTEGER NOT NULL DEFAULT 0;
-- 0: the series is older than these tables; opening the workspace fills them from its candles and coverage.
ALTER TABLE series ADD COLUMN ledger_built INTEGER NOT NULL DEFAULT 0;

-- Where candles came from, or who said that there are none.
CREATE TABLE origins (
    id     INTEGER PRIMARY KEY,
    -- rest, archive, live, import, simulation
    source TEXT NOT NULL,
    -- A host, the name of an archive's file, or of the user's file.
    name   TEXT NOT NULL,
    -- Of the file, lower-case hex; empty where the source is no file.
    sha256 TEXT NOT NULL,
    UNIQUE (source, name, sha256)
) STRICT;

-- The time of the stored candles: from each opening to the next of the grid. Rows of a series neither overlap nor
-- touch, so that between two of them is a gap, and a ledger reads a row for each stretch instead of each candle.
CREATE TABLE presence (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    from_ms   INTEGER NOT NULL,
    to_ms     INTEGER NOT NULL CHECK (to_ms > from_ms),
    PRIMARY KEY (series_id, from_ms)
) STRICT, WITHOUT ROWID;

-- Openings without a candle of which a source said that it has none. Rows of a series do not overlap; where several
-- sources spoke, the row names the one whose word counts most.
CREATE TABLE absences (
    series_id   INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    from_ms     INTEGER NOT NULL,
    to_ms       INTEGER NOT NULL CHECK (to_ms > from_ms),
    origin_id   INTEGER NOT NULL REFERENCES origins (id),
    first_asked INTEGER NOT NULL,
    last_asked  INTEGER NOT NULL,
    times       INTEGER NOT NULL,
    PRIMARY KEY (series_id, from_ms)
) STRICT, WITHOUT ROWID;

-- The journal: a row for each page of candles, written with them. Live candles of one stream that follow each other
-- extend its last row.
CREATE TABLE pages (
    id        INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    origin_id INTEGER NOT NULL REFERENCES origins (id),
    -- What was asked for, or else the time of the candles.
    from_ms   INTEGER NOT NULL,
    to_ms     INTEGER NOT NULL,
    candles   INTEGER NOT NULL,
    inserted  INTEGER NOT NULL,
    corrected INTEGER NOT NULL,
    stored_at INTEGER NOT NULL
) STRICT;

CREATE INDEX pages_by_series ON pages (series_id, id);

-- Files of a venue's archive that were read, so that one that was issued again is noticed.
CREATE TABLE archive_files (
    series_id  INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    sha256     TEXT    NOT NULL,
    from_ms    INTEGER NOT NULL,
    to_ms      INTEGER NOT NULL,
    candles    INTEGER NOT NULL,
    stored_at  INTEGER NOT NULL,
    -- When the checksum was last compared with that of the archive.
    checked_at INTEGER NOT NULL,
    PRIMARY KEY (series_id, name)
) STRICT, WITHOUT ROWID;

-- Sealed stretches of candles as compressed columns: derived from candles, dropped by any write into the stretch, and
-- made again at leisure. What charts and backtests read comes first, so that the rest of a row need not be read.
CREATE TABLE candle_columns (
    series_id    INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    from_ms      INTEGER NOT NULL,
    to_ms        INTEGER NOT NULL CHECK (to_ms > from_ms),
    candles      INTEGER NOT NULL,
    -- How the blobs are written.
    format       INTEGER NOT NULL,
    price_scale  INTEGER NOT NULL,
    volume_scale INTEGER NOT NULL,
    quote_scale  INTEGER NOT NULL,
    -- Open time, open, high, low, close, volume.
    bars         BLOB    NOT NULL,
    -- Close time, quote volume, trades, taker base volume, taker quote volume.
    amounts      BLOB    NOT NULL,
    PRIMARY KEY (series_id, from_ms)
) STRICT;
