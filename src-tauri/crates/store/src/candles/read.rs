//! Reading candles: exact, or as columns of `f64`.

use promptpal_domain::{Bars, Candle, Decimal, SeriesId, Span, Timestamp};

use super::ticks::{Scales, Ticks};
use super::{Correction, SeriesRow, series};
use crate::{Store, StoreError};

/// Rows that one read transaction fetches: short enough not to keep the write-ahead log from being emptied.
pub(crate) const PAGE_ROWS: u32 = 50_000;

/// Open time, open, high, low, close, volume.
type BarTicks = (i64, i64, i64, i64, i64, i64);

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

    /// All candles that open in `span` as columns.
    ///
    /// Reads in pages: a correction that is committed meanwhile may be seen in the later ones.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn bars(&self, id: SeriesId, span: Span) -> Result<Bars, StoreError> {
        let (mut bars, mut at) = (None, span.from());
        loop {
            let rest = Span::new(at, span.to().max(at)).unwrap_or(Span::ALL);
            let (series, rows) = self.bar_page(id, rest).await?;
            let bars = bars.get_or_insert(Bars::empty(series.key()?.interval, 0, 0));
            append(bars, series.scales(), &rows);
            match rows.last() {
                Some(last) if rows.len() == PAGE_ROWS as usize => {
                    at = Timestamp::from_millis(last.0).plus_millis(1)
                }
                _ => return Ok(std::mem::replace(bars, Bars::empty(series.key()?.interval, 0, 0))),
            }
        }
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
                append(&mut bars, series.scales(), &rows);
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
        self.read("read candles", move |tx| {
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

    async fn bar_page(&self, id: SeriesId, span: Span) -> Result<(SeriesRow, Vec<BarTicks>), StoreError> {
        self.read("read candles", move |tx| {
            Box::pin(async move {
                let series = SeriesRow::load(tx, id).await?;
                let rows = sqlx::query_as(
                    "SELECT open_time, open, high, low, close, volume FROM candles
                     WHERE series_id = ?1 AND open_time >= ?2 AND open_time < ?3 ORDER BY open_time LIMIT ?4",
                )
                .bind(id.0)
                .bind(span.from().millis())
                .bind(span.to().millis())
                .bind(PAGE_ROWS)
                .fetch_all(&mut **tx)
                .await?;
                Ok((series, rows))
            })
        })
        .await
    }
}

/// Appends rows at their scales; the columns keep the finest scale seen, since scales only grow.
fn append(bars: &mut Bars, scales: Scales, rows: &[BarTicks]) {
    bars.price_scale = bars.price_scale.max(scales.price);
    bars.volume_scale = bars.volume_scale.max(scales.volume);
    let columns = [
        &mut bars.open,
        &mut bars.high,
        &mut bars.low,
        &mut bars.close,
        &mut bars.volume,
    ];
    for column in columns {
        column.reserve(rows.len());
    }
    bars.open_time.reserve(rows.len());
    for (at, open, high, low, close, volume) in rows {
        bars.open_time.push(*at);
        bars.open.push(Decimal::new(*open, scales.price).to_f64());
        bars.high.push(Decimal::new(*high, scales.price).to_f64());
        bars.low.push(Decimal::new(*low, scales.price).to_f64());
        bars.close.push(Decimal::new(*close, scales.price).to_f64());
        bars.volume.push(Decimal::new(*volume, scales.volume).to_f64());
    }
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
