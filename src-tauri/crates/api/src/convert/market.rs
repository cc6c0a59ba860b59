//! Series, charts, live candles, files.

use promptpal_app::causes::{SymbolInfo, SymbolStatus};
use promptpal_app::{Chart, ChartQuery, FetchSource, LiveState, LiveUpdate, SeriesOverview};
use promptpal_domain::{Gap, GapReason, SeriesId};

use super::{id, refused};
use crate::{
    ApiError, ChartDto, ChartRequest, FetchRequest, FetchSourceDto, GapDto, GapReasonDto, LiveCandleDto,
    LiveStateDto, SeriesDto, SymbolDto, TimeMs,
};

impl From<SeriesOverview> for SeriesDto {
    fn from(overview: SeriesOverview) -> Self {
        let simulated = overview.simulated();
        let series = overview.series;
        Self {
            id: id(series.id.0),
            venue: series.key.venue.to_string(),
            symbol: series.key.symbol.to_string(),
            interval: series.key.interval.to_string(),
            asset: overview.asset.map(|asset| asset.to_string()),
            simulated,
            price_decimals: series.price_scale,
            rows: series.rows,
            first: series.first_last.map(|(first, _)| first.into()),
            last: series.first_last.map(|(_, last)| last.into()),
            gaps: series.gaps,
            absent: series.absent,
            pending: series.pending,
            corrections: series.corrections,
            wanted_from: series.wanted.map(|span| span.from().into()),
            last_price: overview.last_price,
            change_24h: overview.change_24h,
            sentiment_24h: overview.sentiment_24h,
        }
    }
}

impl From<Gap> for GapDto {
    fn from(gap: Gap) -> Self {
        let (reason, evidence) = match gap.reason {
            GapReason::ExchangeAbsent(evidence) => (GapReasonDto::ExchangeAbsent, Some(evidence.into())),
            GapReason::Pending => (GapReasonDto::Pending, None),
        };
        Self {
            from: gap.span.from().into(),
            to: gap.span.to().into(),
            missing: gap.missing,
            reason,
            evidence,
        }
    }
}

impl From<ChartRequest> for ChartQuery {
    fn from(request: ChartRequest) -> Self {
        Self {
            series: SeriesId(request.series_id.into()),
            before: request.before.map(Into::into),
            limit: request.limit,
            indicators: request.indicators.into_iter().map(Into::into).collect(),
        }
    }
}

impl ChartDto {
    /// A chart of the series with this id.
    #[must_use]
    pub fn from_chart(series_id: i32, chart: Chart) -> Self {
        let Chart {
            bars,
            lines,
            has_older,
        } = chart;
        Self {
            series_id,
            time: bars.open_time.into_iter().map(TimeMs).collect(),
            open: bars.open,
            high: bars.high,
            low: bars.low,
            close: bars.close,
            volume: bars.volume,
            indicators: lines.into_iter().map(Into::into).collect(),
            has_older,
        }
    }
}

impl From<LiveUpdate> for LiveCandleDto {
    fn from(update: LiveUpdate) -> Self {
        let next_open = update.next_open().into();
        let candle = update.live.candle;
        Self {
            series_id: id(update.series.0),
            time: candle.open_time.into(),
            open: candle.open.to_f64(),
            high: candle.high.to_f64(),
            low: candle.low.to_f64(),
            close: candle.close.to_f64(),
            volume: candle.volume.to_f64(),
            closed: update.live.closed,
            next_open,
        }
    }
}

impl From<LiveState> for LiveStateDto {
    fn from(state: LiveState) -> Self {
        match state {
            LiveState::Off => Self::Off,
            LiveState::Connecting => Self::Connecting,
            LiveState::Live(series) => Self::Live {
                series_ids: series.into_iter().map(|series| id(series.0)).collect(),
            },
            LiveState::Reconnecting { reason, wait_ms } => Self::Reconnecting {
                reason,
                wait_ms: u32::try_from(wait_ms).unwrap_or(u32::MAX),
            },
            LiveState::NotStored { reason } | LiveState::Failed { reason } => Self::Failed { reason },
        }
    }
}

impl From<SymbolInfo> for SymbolDto {
    fn from(info: SymbolInfo) -> Self {
        Self {
            symbol: info.symbol.to_string(),
            base: info.base,
            quote: info.quote,
            trading: info.status == SymbolStatus::Trading,
            status: match info.status {
                SymbolStatus::Trading => "TRADING".to_owned(),
                SymbolStatus::EndOfDay => "END_OF_DAY".to_owned(),
                SymbolStatus::Halt => "HALT".to_owned(),
                SymbolStatus::Break => "BREAK".to_owned(),
                SymbolStatus::CancelOnly => "CANCEL_ONLY".to_owned(),
                SymbolStatus::Other(word) => word,
            },
        }
    }
}

pub(super) const SYMBOL: &str = "Write the exchange's own name, such as BTCUSDT.";
pub(super) const INTERVAL: &str = "Choose one of the listed intervals.";

impl TryFrom<FetchRequest> for promptpal_app::FetchRequest {
    type Error = ApiError;

    fn try_from(request: FetchRequest) -> Result<Self, ApiError> {
        Ok(Self {
            venue: super::venue::venue(request.venue)?,
            symbol: request.symbol.parse().map_err(|error| refused(error, SYMBOL))?,
            interval: request
                .interval
                .parse()
                .map_err(|error| refused(error, INTERVAL))?,
            from: request.from.map(Into::into),
            to: request.to.map(Into::into),
            source: match request.source {
                FetchSourceDto::Auto => FetchSource::Auto,
                FetchSourceDto::Archive => FetchSource::Archive,
                FetchSourceDto::Rest => FetchSource::Rest,
            },
        })
    }
}
