-- Backtests of a strategy with many sets of parameters. Nothing that stood before is changed.

CREATE TABLE sweeps (
    id       INTEGER PRIMARY KEY,
    -- SHA-256 over data, engine, script, all sets of parameters and the account: same hash, same result.
    hash     TEXT    NOT NULL UNIQUE,
    strategy TEXT    NOT NULL,
    venue    TEXT    NOT NULL,
    symbol   TEXT    NOT NULL,
    interval TEXT    NOT NULL,
    -- The bars that it covers.
    from_ms  INTEGER NOT NULL,
    to_ms    INTEGER NOT NULL,
    -- JSON: the names of the parameters that were tried, ["fast", "slow"]
    axes     TEXT    NOT NULL,
    -- How many sets of parameters were tried.
    runs     INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    -- JSON: what was asked for, so that one of the runs can be made again.
    request  TEXT    NOT NULL,
    -- zlib over the JSON that the backtest crate writes. The last column, so that the list reads none of it.
    result   BLOB    NOT NULL
) STRICT;

CREATE INDEX sweeps_by_time ON sweeps (finished, id);
