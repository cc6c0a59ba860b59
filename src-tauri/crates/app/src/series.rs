//! Stored series: lists, gaps, figures for the watchlist.

use promptpal_domain::{Asset, Gap, Interval, Series, SeriesId, SeriesKey, Span, Symbol, Timestamp, Venue};

use crate::asset::base_and_quote;
use crate::bus::Event;
use crate::{App, AppError};

/// Gaps listed for one series.
const GAPS_LISTED: u32 = 1_000;
const DAY_MS: i64 = 86_400_000;

/// A series with what a watchlist shows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesOverview {
    /// The series.
    pub series: Series,
    /// Its base asset, where it can be told.
    pub asset: Option<Asset>,
    /// Last close.
    pub last_price: Option<f64>,
    /// Change of the close over the 24 hours before the last candle: 0.01 is one percent.
    pub change_24h: Option<f64>,
    /// Mean score of the asset's news over the 24 hours before the close of the last candle.
    pub sentiment_24h: Option<f64>,
}

impl SeriesOverview {
    /// Whether the series belongs to the sample workspace.
    #[must_use]
    pub fn simulated(&self) -> bool {
        self.series.key.venue == Venue::simulated()
    }
}

impl App {
    /// Every stored series.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn series(&self) -> Result<Vec<SeriesOverview>, AppError> {
        let mut overviews = Vec::new();
        for series in self.store().list_series().await? {
            overviews.push(self.overview(series).await?);
        }
        Ok(overviews)
    }

    async fn overview(&self, series: Series) -> Result<SeriesOverview, AppError> {
        let (last_price, change_24h) = self.stored_prices(&series).await?;
        let sentiment_24h = self.stored_mood(&series).await?;
        Ok(SeriesOverview {
            asset: base_and_quote(&series.key.symbol).map(|(base, _)| base),
            series,
            last_price,
            change_24h,
            sentiment_24h,
        })
    }

    /// The last close and its change over the 24 hours before.
    pub(crate) async fn stored_prices(
        &self,
        series: &Series,
    ) -> Result<(Option<f64>, Option<f64>), AppError> {
        let Some((_, last)) = series.first_last else {
            return Ok((None, None));
        };
        let newest = self.store().last_bars(series.id, None, 1).await?;
        let day_before = last.plus_millis(1 - DAY_MS);
        let then = self.store().last_bars(series.id, Some(day_before), 1).await?;
        let last_price = newest.close.last().copied();
        let change = last_price
            .zip(then.close.last())
            .map(|(now, then)| now / then - 1.0);
        Ok((last_price, change))
    }

    /// The mean score of the asset's news over the 24 hours before the close of the last candle.
    pub(crate) async fn stored_mood(&self, series: &Series) -> Result<Option<f64>, AppError> {
        let Some(((_, last), (asset, _))) = series.first_last.zip(base_and_quote(&series.key.symbol)) else {
            return Ok(None);
        };
        let end = series.key.interval.next(last);
        let span = Span::new(end.plus_millis(-DAY_MS), end.plus_millis(1)).unwrap_or(Span::ALL);
        let points = self.sentiment_points(&asset, span).await?;
        let (values, _) =
            promptpal_indicators::sentiment_window(&points, &[end.millis()], DAY_MS, DAY_MS / 2);
        Ok(values.first().copied().filter(|value| value.is_finite()))
    }

    /// The holes of a series, oldest first, the first thousand.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn gaps(&self, id: SeriesId) -> Result<Vec<Gap>, AppError> {
        Ok(self.store().gaps(id, GAPS_LISTED).await?)
    }

    /// Deletes a series with its candles.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn delete_series(&self, id: SeriesId) -> Result<(), AppError> {
        self.store().delete_series(id).await?;
        self.bus().announce(Event::CandlesStored(id));
        Ok(())
    }

    /// The stored series of a symbol and interval, at `venue` or at the only venue that has it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, [`AppError::Invalid`] when several venues have it.
    pub async fn find_series(
        &self,
        symbol: &Symbol,
        interval: Interval,
        venue: Option<&Venue>,
    ) -> Result<Series, AppError> {
        let matches = |key: &SeriesKey| {
            key.symbol == *symbol && key.interval == interval && venue.is_none_or(|venue| key.venue == *venue)
        };
        let mut found: Vec<Series> = self
            .store()
            .list_series()
            .await?
            .into_iter()
            .filter(|series| matches(&series.key))
            .collect();
        if found.len() > 1 {
            // The exchange's own candles go before the sample's.
            found.retain(|series| series.key.venue != Venue::simulated());
        }
        match (found.pop(), found.is_empty()) {
            (Some(series), true) => Ok(series),
            (Some(_), false) => Err(AppError::invalid(
                format!("several venues have {symbol} {interval}"),
                "Say which with --venue; `promptpal series list` shows them.",
            )),
            (None, _) => Err(AppError::NotFound {
                what: "stored series",
                id: format!("{symbol} {interval}"),
            }),
        }
    }

    /// The stretch that a series covers: from its first opening to the end of its last candle.
    #[must_use]
    pub fn covered(series: &Series) -> Option<Span> {
        let (first, last) = series.first_last?;
        Span::new(first, series.key.interval.next(last)).ok()
    }

    /// `from` and `to` limited to what a series covers.
    pub(crate) fn limited(
        series: &Series,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Span, AppError> {
        let covered = Self::covered(series).ok_or_else(|| AppError::NotFound {
            what: "candle in",
            id: series.key.to_string(),
        })?;
        let (from, to) = (from.unwrap_or(covered.from()), to.unwrap_or(covered.to()));
        let span = Span::new(from.max(covered.from()), to.min(covered.to()))
            .ok()
            .filter(|span| !span.is_empty());
        span.ok_or_else(|| {
            AppError::invalid(
                format!("{} has no candles in that time; it covers {covered}", series.key),
                "Choose a time inside it, or fetch the rest first.",
            )
        })
    }
}
