//! The table `sweeps`: backtests with many sets of parameters, their rows as one compressed text.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use promptpal_domain::{SeriesKey, Span, SweepId, SweepSummary, Timestamp};
use serde_json::Value;

use crate::apart::apart;
use crate::names::{count, series_key, unreadable};
use crate::{Store, StoreError};

/// A sweep to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSweep {
    /// Name of the strategy.
    pub strategy: String,
    /// What it ran on.
    pub series: SeriesKey,
    /// The bars it covers.
    pub span: Span,
    /// Names of the parameters that were tried.
    pub axes: Vec<String>,
    /// How many sets of parameters were tried.
    pub runs: u64,
    /// When it finished.
    pub finished: Timestamp,
    /// SHA-256 over data, engine, script, parameters and account: same hash, same result.
    pub hash: String,
    /// What was asked for.
    pub request: Value,
    /// All rows and what is known of them together, as JSON.
    pub result: Vec<u8>,
}

/// A stored sweep in full.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSweep {
    /// Its line in the list.
    pub summary: SweepSummary,
    /// What was asked for.
    pub request: Value,
    /// All rows and what is known of them together, as JSON.
    pub result: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct SweepRow {
    id: i64,
    hash: String,
    strategy: String,
    venue: String,
    symbol: String,
    interval: String,
    from_ms: i64,
    to_ms: i64,
    axes: String,
    runs: i64,
    finished: i64,
}

impl SweepRow {
    fn into_summary(self) -> Result<SweepSummary, StoreError> {
        let span = Span::new(
            Timestamp::from_millis(self.from_ms),
            Timestamp::from_millis(self.to_ms),
        );
        Ok(SweepSummary {
            id: SweepId(self.id),
            strategy: self.strategy,
            series: series_key(&self.venue, &self.symbol, &self.interval)?,
            span: span.map_err(|_| unreadable("sweeps.to_ms", self.to_ms.to_string()))?,
            axes: serde_json::from_str(&self.axes).map_err(|_| unreadable("sweeps.axes", self.axes))?,
            runs: count("sweeps.runs", self.runs)?,
            finished: Timestamp::from_millis(self.finished),
            hash: self.hash,
        })
    }
}

fn not_found(id: SweepId) -> StoreError {
    StoreError::NotFound {
        what: "sweep",
        id: id.0.to_string(),
    }
}

fn pack(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| StoreError::Sql {
            doing: "store a sweep",
            source: sqlx::Error::Io(error),
        })
}

fn unpack(blob: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(blob)
        .read_to_end(&mut bytes)
        .map_err(|_| unreadable("sweeps.result", format!("{} bytes", blob.len())))?;
    Ok(bytes)
}

impl Store {
    /// Stores a sweep. One with the same hash gives way to it and leaves it its number.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn put_sweep(&self, sweep: NewSweep) -> Result<SweepId, StoreError> {
        let doing = "store a sweep";
        let NewSweep { result, .. } = sweep;
        let packed = apart(doing, move || pack(&result)).await?;
        let axes = serde_json::to_string(&sweep.axes)
            .map_err(|error| unreadable("sweeps.axes", format!("{:?}: {error}", sweep.axes)))?;
        self.write(doing, move |tx| {
            Box::pin(async move {
                let id: i64 = sqlx::query_scalar(
                    "INSERT INTO sweeps (hash, strategy, venue, symbol, interval, from_ms, to_ms, axes, runs, finished,
                                         request, result)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                     ON CONFLICT (hash) DO UPDATE SET strategy = excluded.strategy, finished = excluded.finished,
                         axes = excluded.axes, runs = excluded.runs, request = excluded.request,
                         result = excluded.result
                     RETURNING id",
                )
                .bind(&sweep.hash)
                .bind(&sweep.strategy)
                .bind(sweep.series.venue.as_str())
                .bind(sweep.series.symbol.as_str())
                .bind(sweep.series.interval.as_str())
                .bind(sweep.span.from().millis())
                .bind(sweep.span.to().millis())
                .bind(axes)
                .bind(i64::try_from(sweep.runs).unwrap_or(i64::MAX))
                .bind(sweep.finished.millis())
                .bind(sweep.request.to_string())
                .bind(packed)
                .fetch_one(tx)
                .await?;
                Ok(SweepId(id))
            })
        })
        .await
    }

    /// The newest `limit` sweeps. Reads no row of theirs.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn sweeps(&self, limit: u32) -> Result<Vec<SweepSummary>, StoreError> {
        self.read("list the sweeps", move |tx| {
            Box::pin(async move {
                let rows: Vec<SweepRow> = sqlx::query_as(
                    "SELECT id, hash, strategy, venue, symbol, interval, from_ms, to_ms, axes, runs, finished
                     FROM sweeps ORDER BY finished DESC, id DESC LIMIT ?1",
                )
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?;
                Ok(rows
                    .into_iter()
                    .map(SweepRow::into_summary)
                    .collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// A sweep with all that came of it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn sweep(&self, id: SweepId) -> Result<StoredSweep, StoreError> {
        let doing = "read a sweep";
        let (summary, request, packed) = self
            .read(doing, move |tx| {
                Box::pin(async move {
                    let row: Option<SweepRow> = sqlx::query_as(
                        "SELECT id, hash, strategy, venue, symbol, interval, from_ms, to_ms, axes, runs, finished
                         FROM sweeps WHERE id = ?1",
                    )
                    .bind(id.0)
                    .fetch_optional(&mut **tx)
                    .await?;
                    let summary = row.ok_or_else(|| not_found(id))?.into_summary()?;
                    let (request, packed): (String, Vec<u8>) =
                        sqlx::query_as("SELECT request, result FROM sweeps WHERE id = ?1")
                            .bind(id.0)
                            .fetch_one(&mut **tx)
                            .await?;
                    let request =
                        serde_json::from_str(&request).map_err(|_| unreadable("sweeps.request", request))?;
                    Ok((summary, request, packed))
                })
            })
            .await?;
        let result = apart(doing, move || unpack(&packed)).await?;
        Ok(StoredSweep {
            summary,
            request,
            result,
        })
    }

    /// Deletes a sweep.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn delete_sweep(&self, id: SweepId) -> Result<(), StoreError> {
        self.write("delete a sweep", move |tx| {
            Box::pin(async move {
                let deleted = sqlx::query("DELETE FROM sweeps WHERE id = ?1")
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
