//! The tables `runs` and `run_results`.

use promptpal_domain::{RunId, RunSummary, Span, Symbol, Timestamp};
use sqlx::SqliteConnection;

use super::{NewRun, Run, equity, trades};
use crate::apart::apart;
use crate::error::Fault;
use crate::names::{count, series_key, unreadable};
use crate::{Store, StoreError};

#[derive(sqlx::FromRow)]
struct RunRow {
    id: i64,
    hash: String,
    strategy: String,
    venue: String,
    symbol: String,
    others: String,
    interval: String,
    from_ms: i64,
    to_ms: i64,
    params: String,
    finished: i64,
    bars: i64,
    gaps: i64,
    trades: i64,
    total_return: f64,
    benchmark_return: f64,
    sharpe: Option<f64>,
    max_drawdown: f64,
    note: String,
}

impl RunRow {
    fn into_summary(self) -> Result<RunSummary, StoreError> {
        let span = Span::new(
            Timestamp::from_millis(self.from_ms),
            Timestamp::from_millis(self.to_ms),
        );
        Ok(RunSummary {
            id: RunId(self.id),
            strategy: self.strategy,
            series: series_key(&self.venue, &self.symbol, &self.interval)?,
            others: symbols(&self.others).ok_or_else(|| unreadable("runs.others", self.others))?,
            span: span.map_err(|_| unreadable("runs.to_ms", self.to_ms.to_string()))?,
            params: serde_json::from_str(&self.params).map_err(|_| unreadable("runs.params", self.params))?,
            finished: Timestamp::from_millis(self.finished),
            bars: count("runs.bars", self.bars)?,
            gaps: count("runs.gaps", self.gaps)?,
            trades: count("runs.trades", self.trades)?,
            total_return: self.total_return,
            benchmark_return: self.benchmark_return,
            sharpe: self.sharpe,
            max_drawdown: self.max_drawdown,
            hash: self.hash,
            note: self.note,
        })
    }
}

/// The symbols of a JSON list.
fn symbols(json: &str) -> Option<Vec<Symbol>> {
    let names: Vec<String> = serde_json::from_str(json).ok()?;
    names.iter().map(|name| name.parse().ok()).collect()
}

pub(super) fn not_found(id: RunId) -> StoreError {
    StoreError::NotFound {
        what: "run",
        id: id.0.to_string(),
    }
}

impl Store {
    /// Stores a run with its trades. A run with the same hash gives way to it: number and note stay as they were.
    ///
    /// # Errors
    /// [`StoreError::UnevenColumns`], [`StoreError::Refused`] when a figure is not a number, and those of every write.
    pub async fn put_run(&self, run: NewRun) -> Result<RunId, StoreError> {
        let doing = "store a run";
        let curve = run.equity.clone();
        let packed = apart(doing, move || equity::pack(&curve)).await?;
        self.write(doing, move |tx| Box::pin(put(tx, run, packed))).await
    }

    /// The newest `limit` runs. Reads no report.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn runs(&self, limit: u32) -> Result<Vec<RunSummary>, StoreError> {
        self.read("list the runs", move |tx| {
            Box::pin(async move {
                let rows: Vec<RunRow> = sqlx::query_as(
                    "SELECT id, hash, strategy, venue, symbol, interval, from_ms, to_ms, params, finished, bars, gaps,
                            trades, total_return, benchmark_return, sharpe, max_drawdown, note, others
                     FROM runs ORDER BY finished DESC, id DESC LIMIT ?1",
                )
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?;
                Ok(rows.into_iter().map(RunRow::into_summary).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// A run with report and equity curve.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn run(&self, id: RunId) -> Result<Run, StoreError> {
        let doing = "read a run";
        let (summary, report, packed) = self
            .read(doing, move |tx| {
                Box::pin(async move {
                    let row: Option<RunRow> = sqlx::query_as(
                        "SELECT id, hash, strategy, venue, symbol, interval, from_ms, to_ms, params, finished, bars,
                                gaps, trades, total_return, benchmark_return, sharpe, max_drawdown, note, others
                         FROM runs WHERE id = ?1",
                    )
                    .bind(id.0)
                    .fetch_optional(&mut **tx)
                    .await?;
                    let summary = row.ok_or_else(|| not_found(id))?.into_summary()?;
                    let (report, packed): (Vec<u8>, Vec<u8>) =
                        sqlx::query_as("SELECT report, equity FROM run_results WHERE run_id = ?1")
                            .bind(id.0)
                            .fetch_one(&mut **tx)
                            .await?;
                    Ok((summary, report, packed))
                })
            })
            .await?;
        let equity = apart(doing, move || equity::unpack(&packed)).await?;
        Ok(Run {
            summary,
            report,
            equity,
        })
    }

    /// The run of this hash, if there is one: it need not be computed again.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn run_by_hash(&self, hash: &str) -> Result<Option<RunSummary>, StoreError> {
        let hash = hash.to_owned();
        self.read("find a run", move |tx| {
            Box::pin(async move {
                let row: Option<RunRow> = sqlx::query_as(
                    "SELECT id, hash, strategy, venue, symbol, interval, from_ms, to_ms, params, finished, bars, gaps,
                            trades, total_return, benchmark_return, sharpe, max_drawdown, note, others
                     FROM runs WHERE hash = ?1",
                )
                .bind(hash)
                .fetch_optional(&mut **tx)
                .await?;
                Ok(row.map(RunRow::into_summary).transpose()?)
            })
        })
        .await
    }

    /// Changes the user's note.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn set_run_note(&self, id: RunId, note: &str) -> Result<(), StoreError> {
        let note = note.to_owned();
        self.write("change a note", move |tx| {
            Box::pin(async move {
                let changed = sqlx::query("UPDATE runs SET note = ?2 WHERE id = ?1")
                    .bind(id.0)
                    .bind(note)
                    .execute(tx)
                    .await?;
                if changed.rows_affected() == 0 {
                    Err(not_found(id).into())
                } else {
                    Ok(())
                }
            })
        })
        .await
    }

    /// Deletes a run with its report and trades.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn delete_run(&self, id: RunId) -> Result<(), StoreError> {
        self.write("delete a run", move |tx| {
            Box::pin(async move {
                let deleted = sqlx::query("DELETE FROM runs WHERE id = ?1")
                    .bind(id.0)
                    .execute(tx)
                    .await?;
                if deleted.rows_affected() == 0 {
                    Err(not_found(id).into())
                } else {
                    Ok(())
                }
            })
        })
        .await
    }
}

async fn put(connection: &mut SqliteConnection, run: NewRun, packed: Vec<u8>) -> Result<RunId, Fault> {
    let params = serde_json::to_string(&run.params)
        .map_err(|error| unreadable("runs.params", format!("{:?}: {error}", run.params)))?;
    let names: Vec<&str> = run.others.iter().map(Symbol::as_str).collect();
    let others = serde_json::to_string(&names)
        .map_err(|error| unreadable("runs.others", format!("{names:?}: {error}")))?;
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO runs (hash, strategy, venue, symbol, interval, from_ms, to_ms, params, finished, bars, gaps,
                           trades, total_return, benchmark_return, sharpe, max_drawdown, note, others)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
         ON CONFLICT (hash) DO UPDATE SET strategy = excluded.strategy, finished = excluded.finished,
             bars = excluded.bars, gaps = excluded.gaps, trades = excluded.trades,
             total_return = excluded.total_return, benchmark_return = excluded.benchmark_return,
             sharpe = excluded.sharpe, max_drawdown = excluded.max_drawdown
         RETURNING id",
    )
    .bind(&run.hash)
    .bind(&run.strategy)
    .bind(run.series.venue.as_str())
    .bind(run.series.symbol.as_str())
    .bind(run.series.interval.as_str())
    .bind(run.span.from().millis())
    .bind(run.span.to().millis())
    .bind(params)
    .bind(run.finished.millis())
    .bind(i64::try_from(run.bars).unwrap_or(i64::MAX))
    .bind(i64::try_from(run.gaps).unwrap_or(i64::MAX))
    .bind(i64::try_from(run.trades.len()).unwrap_or(i64::MAX))
    .bind(run.total_return)
    .bind(run.benchmark_return)
    .bind(run.sharpe)
    .bind(run.max_drawdown)
    .bind(&run.note)
    .bind(others)
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query("INSERT OR REPLACE INTO run_results (run_id, report, equity) VALUES (?1, ?2, ?3)")
        .bind(id)
        .bind(run.report)
        .bind(packed)
        .execute(&mut *connection)
        .await?;
    trades::replace(connection, RunId(id), &run.trades).await?;
    Ok(RunId(id))
}
