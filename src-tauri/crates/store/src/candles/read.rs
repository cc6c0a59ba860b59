//! Reading candles: exact, or as columns of `f64`.

use promptpal_domain::{Bars, Candle, SeriesId, Span, Timestamp};

use super::columns::{self, BarChunk, BarTicks};
use super::stretches::{Stretch, stretch_of};
use super::ticks::{Scales, Ticks};
use super::{Correction, SeriesRow, series};
use crate::apart::apart;
use crate::{Store, StoreError};

/// Rows that one read transaction fetches: short enough not to keep the write-ahead log from being emptied.
pub(crate) const PAGE_ROWS: u32 = 50_000;

const READING: &str = "read candles";

/// A page of candles with the scales that they had when it was read.
pub(crate) struct ReadPage {
    pub(crate) scales: Scales,
    pub(crate) rows: Vec<Ticks>,
}

impl Store {
    /// The first `limit` candles that open in `span`, exact, ascending.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn candles(&self, id: SeriesId, span: Span, limit: u32) -> Result<Vec<Candle>, StoreError> {
        let page = self.candle_page(id, span, limit).await?;
        Ok(page
            .rows
            .into_iter()
            .map(|row| row.to_candle(page.scales))
            .collect())
    }

    /// All candles that open in `span` as columns: sealed stretches are read from theirs, the rest from rows.
    ///
    /// Reads in short transactions: a correction that is committed meanwhile may be seen in the later ones.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn bars(&self, id: SeriesId, span: Span) -> Result<Bars, StoreError> {
        let mut rest = stretch_of(span);
        let mut chunk = self.bar_chunk(id, rest, true).await?;
        let mut bars = Bars::empty(chunk.series.key()?.interval, 0, 0);
        columns::reserve(&mut bars, chunk.series.expected_within(rest)?);
        loop {
            // The next is read while this one is decoded.
            let next = chunk.next;
            let ahead = async {
                match next {
                    Some(at) => Some((at, self.bar_chunk(id, (at, rest.1), true).await)),
                    None => None,
                }
            };
            let (ahead, decoded) = tokio::join!(ahead, decoded(bars, chunk, rest));
            let unusable;
            (bars, unusable) = decoded?;
            (rest.0, chunk) = match (unusable, ahead) {
                (Some(stretch), _) => {
                    tracing::warn!(
                        series = id.0,
                        from = stretch.0,
                        "columns cannot be read; taking the rows"
                    );
                    rest.0 = rest.0.max(stretch.0);
                    return self.bars_of_rows(id, rest, bars).await;
                }
                (None, Some((at, ahead))) => (at, ahead?),
                (None, None) => return Ok(bars),
            };
        }
    }

    /// Appends all candles that open in `rest` from their rows.
    async fn bars_of_rows(
        &self,
        id: SeriesId,
        mut rest: Stretch,
        mut bars: Bars,
    ) -> Result<Bars, StoreError> {
        loop {
            let chunk = self.bar_chunk(id, rest, false).await?;
            let next = chunk.next;
            (bars, _) = decoded(bars, chunk, rest).await?;
            match next {
                Some(at) => rest.0 = at,
                None => return Ok(bars),
            }
        }
    }

    /// The first candles that open in `span`, as many as one short transaction may read, where `sealed` from columns.
    async fn bar_chunk(&self, id: SeriesId, span: Stretch, sealed: bool) -> Result<BarChunk, StoreError> {
        self.read(READING, move |tx| {
            Box::pin(columns::read_chunk(tx, id, span, sealed))
        })
        .await
    }

    /// The newest `limit` candles, at most 1,000,000, or the newest that open before `before`, as ascending columns.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn last_bars(
        &self,
        id: SeriesId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Bars, StoreError> {
        self.read("read the newest candles", move |tx| {
            Box::pin(async move {
                let series = SeriesRow::load(tx, id).await?;
                let mut rows: Vec<BarTicks> = sqlx::query_as(
                    "SELECT open_time, open, high, low, close, volume FROM candles
                     WHERE series_id = ?1 AND open_time < ?2 ORDER BY open_time DESC LIMIT ?3",
                )
                .bind(id.0)
                .bind(before.unwrap_or(Span::ALL.to()).millis())
                .bind(limit.min(1_000_000))
                .fetch_all(&mut **tx)
                .await?;
                rows.reverse();
                let mut bars = Bars::empty(series.key()?.interval, 0, 0);
                let scales = series.scales();
                (bars.price_scale, bars.volume_scale) = (scales.price, scales.volume);
                columns::append_rows(&mut bars, scales, &rows);
                Ok(bars)
            })
        })
        .await
    }

    /// The newest `limit` corrections of a series: what candles were before they were corrected.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn corrections(&self, id: SeriesId, limit: u32) -> Result<Vec<Correction>, StoreError> {
        self.read("read the corrections", move |tx| {
            Box::pin(async move {
                let rows: Vec<CorrectionRow> = sqlx::query_as(
                    "SELECT open_time, revision, replaced_at, price_scale, volume_scale, quote_scale, close_time, open,
                            high, low, close, volume, quote_volume, trades, taker_base_volume, taker_quote_volume
                     FROM corrections WHERE series_id = ?1
                     ORDER BY replaced_at DESC, open_time DESC, revision DESC LIMIT ?2",
                )
                .bind(id.0)
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?;
                Ok(rows.into_iter().map(CorrectionRow::into_correction).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// The first `limit` candles that open in `span`, as ticks.
    pub(crate) async fn candle_page(
        &self,
        id: SeriesId,
        span: Span,
        limit: u32,
    ) -> Result<ReadPage, StoreError> {
        self.read(READING, move |tx| {
            Box::pin(async move {
                let series = SeriesRow::load(tx, id).await?;
                let rows = sqlx::query_as(
                    "SELECT open_time, close_time, open, high, low, close, volume, quote_volume, trades,
                            taker_base_volume, taker_quote_volume
                     FROM candles WHERE series_id = ?1 AND open_time >= ?2 AND open_time < ?3
                     ORDER BY open_time LIMIT ?4",
                )
                .bind(id.0)
                .bind(span.from().millis())
                .bind(span.to().millis())
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?;
                Ok(ReadPage {
                    scales: series.scales(),
                    rows,
                })
            })
        })
        .await
    }
}

/// The bars with what a chunk holds of `span` behind them, and the first stretch whose columns cannot be read. Two threads share
/// the work where it is much.
async fn decoded(bars: Bars, chunk: BarChunk, span: Stretch) -> Result<(Bars, Option<Stretch>), StoreError> {
    let interval = bars.interval;
    let one = |mut bars: Bars, chunk: BarChunk| {
        move || {
            let unusable = columns::append_chunk(&mut bars, &chunk, span).err();
            Ok((bars, unusable))
        }
    };
    if !chunk.has_sealed() {
        return one(bars, chunk)();
    }
    let (first, second) = chunk.halves();
    let first = apart(READING, one(bars, first));
    let Some(second) = second else { return first.await };
    let mut more = Bars::empty(interval, 0, 0);
    columns::reserve(&mut more, second.candles());
    let second = apart(READING, one(more, second));
    let ((mut bars, unusable), (mut more, later)) = tokio::try_join!(first, second)?;
    if unusable.is_some() {
        return Ok((bars, unusable));
    }
    columns::append_bars(&mut bars, &mut more);
    Ok((bars, later))
}

#[derive(sqlx::FromRow)]
struct CorrectionRow {
    revision: i64,
    replaced_at: i64,
    price_scale: u8,
    volume_scale: u8,
    quote_scale: u8,
    #[sqlx(flatten)]
    ticks: Ticks,
}

impl CorrectionRow {
    fn into_correction(self) -> Result<Correction, StoreError> {
        let scales = Scales {
            price: self.price_scale,
            volume: self.volume_scale,
            quote: self.quote_scale,
        };
        Ok(Correction {
            candle: self.ticks.to_candle(scales),
            revision: series::revision(self.revision)?,
            replaced_at: Timestamp::from_millis(self.replaced_at),
        })
    }
}
