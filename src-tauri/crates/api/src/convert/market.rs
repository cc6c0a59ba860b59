//! Series, charts, live candles, files.

use std::path::PathBuf;

use promptpal_app::causes::{Indicator, Pane, SymbolInfo, SymbolStatus};
use promptpal_app::{Chart, ChartQuery, ImportPreview, LiveState, LiveUpdate, SeriesOverview};
use promptpal_domain::{CandleSource, Evidence, Gap, GapReason, SeriesId};

use super::{finite, id, refused};
use crate::{
    ApiError, CandleFieldDto, CandleSourceDto, ChartDto, ChartRequest, ColumnChoiceDto, EvidenceDto,
    ExportFormat, ExportRequest, FetchRequest, FetchSourceDto, FileFormatDto, GapDto, GapReasonDto,
    ImportColumnDto, ImportPreviewDto, ImportRequest, IndicatorDto, IndicatorLineDto, IndicatorParamDto,
    LiveCandleDto, LiveStateDto, PaneDto, SeriesDto, SymbolDto, TimeMs,
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
            last_price: overview.last_price,
            change_24h: overview.change_24h,
            sentiment_24h: overview.sentiment_24h,
        }
    }
}

impl From<CandleSource> for CandleSourceDto {
    fn from(source: CandleSource) -> Self {
        match source {
            CandleSource::Rest => Self::Rest,
            CandleSource::Archive => Self::Archive,
            CandleSource::Live => Self::Live,
            CandleSource::Import => Self::Import,
            CandleSource::Simulation => Self::Simulation,
        }
    }
}

impl From<Evidence> for EvidenceDto {
    fn from(evidence: Evidence) -> Self {
        Self {
            source: evidence.source.into(),
            name: evidence.name,
            first_asked: evidence.first_asked.into(),
            last_asked: evidence.last_asked.into(),
            times: evidence.times,
        }
    }
}

impl From<Gap> for GapDto {
    fn from(gap: Gap) -> Self {
        let reason = match gap.reason {
            GapReason::ExchangeAbsent(_) => GapReasonDto::ExchangeAbsent,
            GapReason::Pending => GapReasonDto::Pending,
        };
        Self {
            from: gap.span.from().into(),
            to: gap.span.to().into(),
            missing: gap.missing,
            reason,
            evidence: None,
        }
    }
}

impl From<ChartRequest> for ChartQuery {
    fn from(request: ChartRequest) -> Self {
        Self {
            series: SeriesId(request.series_id.into()),
            before: request.before.map(Into::into),
            limit: request.limit,
            indicators: request
                .indicators
                .into_iter()
                .map(|wanted| (wanted.id, wanted.params))
                .collect(),
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
        let line = |line: promptpal_app::Line| IndicatorLineDto {
            id: line.id.to_owned(),
            name: line.name,
            pane: line.pane.into(),
            values: line.values.into_iter().map(finite).collect(),
        };
        Self {
            series_id,
            time: bars.open_time.into_iter().map(TimeMs).collect(),
            open: bars.open,
            high: bars.high,
            low: bars.low,
            close: bars.close,
            volume: bars.volume,
            indicators: lines.into_iter().map(line).collect(),
            has_older,
        }
    }
}

impl From<Pane> for PaneDto {
    fn from(pane: Pane) -> Self {
        match pane {
            Pane::Overlay => Self::Overlay,
            Pane::Own => Self::Own,
        }
    }
}

impl From<&Indicator> for IndicatorDto {
    fn from(indicator: &Indicator) -> Self {
        let param = |spec: &promptpal_app::causes::IndicatorParam| IndicatorParamDto {
            name: spec.name.to_owned(),
            default: spec.default,
            min: spec.min,
            max: spec.max,
        };
        Self {
            id: indicator.id.to_owned(),
            title: indicator.title.to_owned(),
            about: indicator.about.to_owned(),
            pane: indicator.pane.into(),
            params: indicator.params.iter().map(param).collect(),
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
            LiveState::Failed { reason } => Self::Failed { reason },
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

const SYMBOL: &str = "Write the exchange's own name, such as BTCUSDT.";
const INTERVAL: &str = "Choose one of the listed intervals.";

impl TryFrom<FetchRequest> for promptpal_app::FetchRequest {
    type Error = ApiError;

    fn try_from(request: FetchRequest) -> Result<Self, ApiError> {
        if let Some(venue) = request.venue.filter(|venue| venue != "binance") {
            return Err(refused(
                format!("no history can be fetched from {venue}"),
                "Choose Binance.",
            ));
        }
        if request.source == FetchSourceDto::Archive {
            return Err(refused(
                "archives alone cannot be chosen yet",
                "Choose pages of the exchange.",
            ));
        }
        Ok(Self {
            symbol: request.symbol.parse().map_err(|error| refused(error, SYMBOL))?,
            interval: request
                .interval
                .parse()
                .map_err(|error| refused(error, INTERVAL))?,
            from: request.from.map(Into::into),
            to: request.to.map(Into::into),
        })
    }
}

impl TryFrom<ImportRequest> for promptpal_app::ImportRequest {
    type Error = ApiError;

    fn try_from(request: ImportRequest) -> Result<Self, ApiError> {
        let venue = request.venue.as_deref().unwrap_or("csv");
        let file = PathBuf::from(request.path);
        let format = match request.format {
            Some(FileFormatDto::Archive) => promptpal_app::CandleFormat::Archive,
            Some(FileFormatDto::Capture) => promptpal_app::CandleFormat::Capture,
            Some(FileFormatDto::Csv) => promptpal_app::CandleFormat::Csv {
                map: column_names(request.map),
            },
            None => match promptpal_app::CandleFormat::of_file(&file) {
                promptpal_app::CandleFormat::Csv { .. } => promptpal_app::CandleFormat::Csv {
                    map: column_names(request.map),
                },
                other => other,
            },
        };
        Ok(Self {
            format,
            file,
            venue: venue
                .parse()
                .map_err(|error| refused(error, "Write a short name such as binance."))?,
            symbol: request.symbol.parse().map_err(|error| refused(error, SYMBOL))?,
            interval: request
                .interval
                .parse()
                .map_err(|error| refused(error, INTERVAL))?,
        })
    }
}

impl CandleFieldDto {
    /// The name that mappings and our own exports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenTime => "open_time",
            Self::Open => "open",
            Self::High => "high",
            Self::Low => "low",
            Self::Close => "close",
            Self::Volume => "volume",
            Self::CloseTime => "close_time",
            Self::QuoteVolume => "quote_volume",
            Self::Trades => "trades",
            Self::TakerBaseVolume => "taker_base_volume",
            Self::TakerQuoteVolume => "taker_quote_volume",
        }
    }
}

/// The choices as the file reader takes them: our name of a column, and the file's.
fn column_names(choices: Vec<ColumnChoiceDto>) -> Vec<(String, String)> {
    choices
        .into_iter()
        .map(|choice| (choice.field.as_str().to_owned(), choice.column))
        .collect()
}

/// The columns of the rows of [`ImportPreview::first_candles`].
const SHOWN: [CandleFieldDto; 6] = [
    CandleFieldDto::OpenTime,
    CandleFieldDto::Open,
    CandleFieldDto::High,
    CandleFieldDto::Low,
    CandleFieldDto::Close,
    CandleFieldDto::Volume,
];

impl From<ImportPreview> for ImportPreviewDto {
    fn from(preview: ImportPreview) -> Self {
        let row = |candle: promptpal_domain::Candle| {
            let values = [candle.open, candle.high, candle.low, candle.close, candle.volume];
            let mut row = vec![candle.open_time.to_string()];
            row.extend(values.iter().map(ToString::to_string));
            row
        };
        let format = match promptpal_app::CandleFormat::of_file(&preview.path) {
            promptpal_app::CandleFormat::Csv { .. } => FileFormatDto::Csv,
            promptpal_app::CandleFormat::Archive => FileFormatDto::Archive,
            promptpal_app::CandleFormat::Capture => FileFormatDto::Capture,
        };
        let column = |field: CandleFieldDto| ImportColumnDto {
            name: field.as_str().to_owned(),
            field: Some(field),
        };
        Self {
            path: preview.path.display().to_string(),
            format,
            // The preview holds candles as read, not the file's own columns: there is nothing to choose among.
            has_header: false,
            columns: SHOWN.map(column).into(),
            missing: Vec::new(),
            venue: None,
            rows: preview.first_candles.into_iter().map(row).collect(),
            candles: preview.candles,
            rejected: preview.rejected,
            problems: preview.problems,
            interval: preview.interval.map(|interval| interval.to_string()),
            symbol: preview.symbol.map(|symbol| symbol.to_string()),
            first: preview.first.map(Into::into),
            last: preview.last.map(Into::into),
        }
    }
}

impl ExportFormat {
    /// The usual ending of such a file.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet | Self::ParquetPartitioned => "parquet",
        }
    }
}

impl From<ExportRequest> for promptpal_app::ExportRequest {
    fn from(request: ExportRequest) -> Self {
        let format = match request.format {
            ExportFormat::Csv => promptpal_app::ExportFormat::Csv,
            ExportFormat::Parquet => promptpal_app::ExportFormat::Parquet,
            ExportFormat::ParquetPartitioned => promptpal_app::ExportFormat::ParquetPartitioned,
        };
        Self {
            series: request.series_id.into(),
            format,
            out: PathBuf::from(request.path),
        }
    }
}
