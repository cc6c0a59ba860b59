//! What crosses from the program to its window: data transfer objects, error codes and events.
//!
//! The TypeScript in `ui/src/backend/bindings.ts` is generated from these types by a test of the desktop host, so the two
//! sides cannot drift. The command line prints the same shapes with `--json`.
//!
//! # Invariants
//! - Plain data only: no behaviour, no window, no I/O.
//! - Times are milliseconds since 1970 in UTC ([`TimeMs`]); prices and amounts are `f64` for display, never for storage.
//! - Columns, not rows, for anything that can be long.
//! - An error is an [`ApiError`] with one of the few [`ErrorCode`]s; the window switches over the code, never over text.

#![warn(missing_docs)]

mod account;
mod backtest;
mod convert;
mod error;
mod event;
mod job;
mod language;
mod market;
mod model;
mod news;
mod number;
mod report;
mod sweep;
mod system;
mod terms;

pub use account::{ProfileDto, SessionDto};
pub use backtest::{
    BacktestRequest, EquityDto, MetricDto, MonthDto, OpenPositionDto, OtherDto, ParamDto, ParamValue, RunDto,
    RunReportDto, ScriptProblemDto, StrategyDto, TradeDto,
};
pub use convert::venue;
pub use error::{ApiError, ErrorCode};
pub use event::EventDto;
pub use job::{
    JobDto, JobKindDto, JobPhaseDto, JobStateDto, JobStepDto, JobTaskDto, JobUnitDto, SeriesChangesDto,
    SeriesKeyDto,
};
pub use language::{FunctionDto, LanguageDto};
pub use market::{
    CandleFieldDto, CandleSourceDto, ChartDto, ChartRequest, ColumnChoiceDto, ConnectionDto,
    ConnectionStateDto, EvidenceDto, ExportFormat, ExportRequest, FetchRequest, FetchSourceDto,
    FileFormatDto, GapDto, GapReasonDto, HostsDto, ImportColumnDto, ImportPreviewDto, ImportRequest,
    IndicatorDto, IndicatorGroupDto, IndicatorInputDto, IndicatorLineDto, IndicatorOutputDto,
    IndicatorParamDto, IndicatorRequest, JournalRowDto, LedgerDto, LiveCandleDto, LiveStateDto, PaneDto,
    SeriesDto, ShapeDto, StripCellDto, SymbolDto, VenueDto, WatchRowDto, WatchStateDto, WatchSymbolDto,
};
pub use model::{
    AgreementDto, CalibrationBinDto, EvaluationDto, EvaluationRequest, LabelAgreementDto, LabelDto,
    ModelCardDto, ModelLineDto, ModelOriginDto, ModelStateDto, MoodStudyDto, MoodStudyRequest, RefusedRowDto,
    ResponseDto,
};
pub use news::{
    ArticleDto, ArticleRowDto, ArticleStatusDto, ArticlesRequest, AssetScoreDto, AssetTagDto, DateOriginDto,
    ExactnessDto, FoundFeedDto, FoundItemDto, ListImportDto, ModelDto, NewsMarkerDto, PublishedDto,
    SentenceDto, SentimentDto, SentimentSeriesDto, SentimentSeriesRequest, SourceDto, StoryDto, ToneDto,
};
pub use number::TimeMs;
pub use report::{RollingDto, RunFormatDto, SpreadDto};
pub use sweep::{
    AbsenceDto, DeflatedSharpeDto, OverfittingDto, OverfittingProbabilityDto, SweepAxisDto, SweepDto,
    SweepFiguresDto, SweepReportDto, SweepRequest, SweepRowDto,
};
pub use system::{
    AppInfoDto, CandleColours, EngineDto, EngineStateDto, FastAgreementDto, MissingPartDto, NotFastDto,
    SentimentStateDto, SettingsDto, StatusDto, ThemeDto, UpdateDto, WorkerFaultDto, ZoneDto,
};
pub use terms::{FillsDto, SideDto, TermsDto};
