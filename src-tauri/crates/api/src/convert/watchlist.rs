//! Watched symbols.

use promptpal_app::{WatchRow, WatchState, WatchSymbol};

use super::{finite, id, refused};
use crate::{ApiError, WatchRowDto, WatchStateDto, WatchSymbolDto};

impl TryFrom<WatchSymbolDto> for WatchSymbol {
    type Error = ApiError;

    fn try_from(symbol: WatchSymbolDto) -> Result<Self, ApiError> {
        const HINT: &str = "Choose a symbol from the list.";
        Ok(Self {
            venue: symbol.venue.parse().map_err(|error| refused(error, HINT))?,
            symbol: symbol.symbol.parse().map_err(|error| refused(error, HINT))?,
        })
    }
}

impl From<WatchRow> for WatchRowDto {
    fn from(row: WatchRow) -> Self {
        let figure = |value: Option<f64>| value.and_then(finite);
        Self {
            venue: row.watched.venue.to_string(),
            symbol: row.watched.symbol.to_string(),
            series_ids: row.series.into_iter().map(|series| id(series.0)).collect(),
            last: figure(row.last),
            price_decimals: row.price_decimals,
            change_24h: figure(row.change_24h),
            high_24h: figure(row.high_24h),
            low_24h: figure(row.low_24h),
            quote_volume_24h: figure(row.quote_volume_24h),
            at: row.at.map(Into::into),
            state: match row.state {
                WatchState::Live => WatchStateDto::Live,
                WatchState::Stale => WatchStateDto::Stale,
                WatchState::Stored => WatchStateDto::Stored,
            },
            sentiment_24h: figure(row.sentiment_24h),
        }
    }
}
