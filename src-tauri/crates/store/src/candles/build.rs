//! The ledger of series that are older than its tables, made from their candles and coverage when a workspace is opened.

use std::sync::Arc;

use promptpal_domain::{CandleSource, SeriesId, Span, Timestamp, Venue};
use sqlx::SqliteConnection;

use super::SeriesRow;
use super::absences::{self, Asked};
use super::origins::Origin;
use super::put::on_grid;
use super::stretches::{self, CALENDAR, Stretch, Table, ceil, clip, hull_of, slot, stretch_of};
use crate::error::Fault;
use crate::{Store, StoreError};

/// Open times that are read at once.
const CHUNK: i64 = 100_000;

/// Makes what is missing, a series in a transaction. What was asked for counts as asked once, at `now` at the latest:
/// the workspace did not note when.
pub(crate) async fn build_ledgers(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let doing = "bring the ledger up to date";
    let waiting: Vec<i64> = store
        .read(doing, |tx| {
            Box::pin(async move {
                Ok(sqlx::query_scalar("SELECT id FROM series WHERE ledger_built = 0")
                    .fetch_all(&mut **tx)
                    .await?)
            })
        })
        .await?;
    for id in waiting {
        store
            .write(doing, move |tx| Box::pin(build(tx, SeriesId(id), now)))
            .await?;
    }
    Ok(())
}

async fn build(connection: &mut SqliteConnection, id: SeriesId, now: Timestamp) -> Result<(), Fault> {
    // Another process may have been faster.
    let waiting: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM series WHERE id = ?1 AND ledger_built = 0)")
            .bind(id.0)
            .fetch_one(&mut *connection)
            .await?;
    if !waiting {
        return Ok(());
    }
    let mut series = SeriesRow::load(connection, id).await?;
    let key = series.key()?;
    let interval = key.interval;
    let mut present: Vec<Stretch> = Vec::new();
    let mut after = i64::MIN;
    loop {
        let times: Vec<i64> = sqlx::query_scalar(
            "SELECT open_time FROM candles WHERE series_id = ?1 AND open_time > ?2 ORDER BY open_time LIMIT ?3",
        )
        .bind(id.0)
        .bind(after)
        .bind(CHUNK)
        .fetch_all(&mut *connection)
        .await?;
        let Some(last) = times.last() else { break };
        after = *last;
        for at in times {
            stretches::append(&mut present, slot(interval, at));
            series.off_grid_count += i64::from(ceil(interval, at) != at);
        }
    }
    Table::Presence.add(connection, id, &present).await?;
    let asked = Table::Coverage
        .within(connection, id, stretch_of(Span::ALL), usize::MAX)
        .await?;
    let whole: Vec<Stretch> = asked
        .iter()
        .map(|stretch| clip(*stretch, CALENDAR))
        .map(|(from, to)| (ceil(interval, from), ceil(interval, to)))
        .filter(|(from, to)| from < to)
        .collect();
    let absent = stretches::subtract(&whole, &on_grid(interval, &present));
    let source = if key.venue == Venue::simulated() {
        CandleSource::Simulation
    } else {
        CandleSource::Rest
    };
    let origin = Origin::ensure(connection, source, key.venue.as_str(), None).await?;
    let heard = Asked::once(Arc::new(origin), now);
    absences::change(connection, id, &[], &absent, &heard).await?;
    series.correction_count = sqlx::query_scalar("SELECT count(*) FROM corrections WHERE series_id = ?1")
        .bind(id.0)
        .fetch_one(&mut *connection)
        .await?;
    let wanted = hull_of(&asked).map(|stretch| clip(stretch, CALENDAR));
    (series.wanted_from, series.wanted_to) = (wanted.map(|w| w.0), wanted.map(|w| w.1));
    series.widen_absences(connection, None).await?;
    series.save_figures(connection).await
}
