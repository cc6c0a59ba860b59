//! Whether the mood of news led the price of an asset, on what is stored.

use promptpal_domain::{Asset, SeriesId, SeriesKey, Span};
use promptpal_indicators::{EventStudy, event_study};

use crate::{App, AppError, base_and_quote};

/// What is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct MoodStudyRequest {
    /// The prices.
    pub series: SeriesId,
    /// Which of them.
    pub span: Span,
    /// From which mean score on news are strong, above 0 and at most 1.
    pub strong: f64,
    /// After how many bars the price is looked at, each at least 1.
    pub lengths: Vec<usize>,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub struct MoodStudy {
    /// The prices.
    pub series: SeriesKey,
    /// Whose news.
    pub asset: Asset,
    /// Scored articles about it in the span, each story once.
    pub articles: usize,
    /// Candles in the span.
    pub bars: usize,
    /// The responses to good and to bad news.
    pub study: EventStudy,
}

impl App {
    /// Looks at what a price did after strong news about its base asset, as the current model scores them.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Invalid`] for a symbol whose base asset is not known and for numbers out of range,
    /// [`AppError::Scoring`] without a model, [`AppError::Store`].
    pub async fn mood_study(&self, request: MoodStudyRequest) -> Result<MoodStudy, AppError> {
        let MoodStudyRequest {
            series,
            span,
            strong,
            lengths,
        } = request;
        if !(strong > 0.0 && strong <= 1.0) {
            return Err(AppError::invalid(
                format!("{strong} is no strength of news"),
                "give a number above 0 and at most 1",
            ));
        }
        if lengths.is_empty() || lengths.contains(&0) {
            return Err(AppError::invalid(
                "there is no candle to look at",
                "give numbers of candles, each at least 1",
            ));
        }
        let key = self.store().series(series).await?.key;
        let (asset, _) = base_and_quote(&key.symbol).ok_or_else(|| {
            AppError::invalid(
                format!("the asset of {} is not known", key.symbol),
                "take a symbol that ends in an asset that prices are counted in, such as BTCUSDT",
            )
        })?;
        let model = self.model()?;
        let bars = self.store().bars(series, span).await?;
        let points = self.store().sentiment_points(&asset, &model, span).await?;
        let (articles, count) = (points.len(), bars.len());
        let study = tokio::task::spawn_blocking(move || event_study(&bars, &points, strong, &lengths))
            .await
            .map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(MoodStudy {
            series: key,
            asset,
            articles,
            bars: count,
            study,
        })
    }
}
