//! How the words of the vocabulary are spelt in the tables, and back.

use promptpal_domain::{
    Asset, ContentStatus, DateOrigin, Exactness, ExitReason, Interval, JobKind, JobState, SeriesKey, Side,
    SourceKind, Symbol, Venue,
};

use crate::StoreError;

/// `value` stands in `column` but is no word of ours.
pub(crate) fn unreadable(column: &'static str, value: impl Into<String>) -> StoreError {
    StoreError::Unreadable {
        column,
        value: value.into(),
    }
}

pub(crate) fn series_key(venue: &str, symbol: &str, interval: &str) -> Result<SeriesKey, StoreError> {
    Ok(SeriesKey {
        venue: venue
            .parse::<Venue>()
            .map_err(|_| unreadable("series.venue", venue))?,
        symbol: symbol
            .parse::<Symbol>()
            .map_err(|_| unreadable("series.symbol", symbol))?,
        interval: interval
            .parse::<Interval>()
            .map_err(|_| unreadable("series.interval", interval))?,
    })
}

pub(crate) fn asset(name: &str) -> Result<Asset, StoreError> {
    name.parse().map_err(|_| unreadable("article_assets.asset", name))
}

pub(crate) const fn source_kind_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Feed => "feed",
        SourceKind::Sample => "sample",
    }
}

pub(crate) fn source_kind(name: &str) -> Result<SourceKind, StoreError> {
    match name {
        "feed" => Ok(SourceKind::Feed),
        "sample" => Ok(SourceKind::Sample),
        other => Err(unreadable("sources.kind", other)),
    }
}

pub(crate) const fn date_origin_name(origin: DateOrigin) -> &'static str {
    match origin {
        DateOrigin::Feed => "feed",
        DateOrigin::Sitemap => "sitemap",
        DateOrigin::JsonLd => "json_ld",
        DateOrigin::Meta => "meta",
        DateOrigin::TimeElement => "time_element",
        DateOrigin::Embedded => "embedded",
        DateOrigin::Address => "address",
        DateOrigin::Text => "text",
        DateOrigin::Changed => "changed",
    }
}

pub(crate) fn date_origin(name: &str) -> Result<DateOrigin, StoreError> {
    match name {
        "feed" => Ok(DateOrigin::Feed),
        "sitemap" => Ok(DateOrigin::Sitemap),
        "json_ld" => Ok(DateOrigin::JsonLd),
        "meta" => Ok(DateOrigin::Meta),
        "time_element" => Ok(DateOrigin::TimeElement),
        "embedded" => Ok(DateOrigin::Embedded),
        "address" => Ok(DateOrigin::Address),
        "text" => Ok(DateOrigin::Text),
        "changed" => Ok(DateOrigin::Changed),
        other => Err(unreadable("articles.date_source", other)),
    }
}

pub(crate) const fn exactness_name(exactness: Exactness) -> &'static str {
    match exactness {
        Exactness::Instant => "instant",
        Exactness::LocalTime => "local_time",
        Exactness::Day => "day",
    }
}

pub(crate) fn exactness(name: &str) -> Result<Exactness, StoreError> {
    match name {
        "instant" => Ok(Exactness::Instant),
        "local_time" => Ok(Exactness::LocalTime),
        "day" => Ok(Exactness::Day),
        other => Err(unreadable("articles.date_precision", other)),
    }
}

pub(crate) const fn status_name(status: ContentStatus) -> &'static str {
    match status {
        ContentStatus::Pending => "pending",
        ContentStatus::Full => "full",
        ContentStatus::Summary => "summary",
        ContentStatus::Paywalled => "paywalled",
        ContentStatus::Blocked => "blocked",
        ContentStatus::NotArticle => "not_article",
        ContentStatus::Failed => "failed",
    }
}

pub(crate) fn status(name: &str) -> Result<ContentStatus, StoreError> {
    match name {
        "pending" => Ok(ContentStatus::Pending),
        "full" => Ok(ContentStatus::Full),
        "summary" => Ok(ContentStatus::Summary),
        "paywalled" => Ok(ContentStatus::Paywalled),
        "blocked" => Ok(ContentStatus::Blocked),
        "not_article" => Ok(ContentStatus::NotArticle),
        "failed" => Ok(ContentStatus::Failed),
        other => Err(unreadable("articles.status", other)),
    }
}

pub(crate) const fn side_name(side: Side) -> &'static str {
    match side {
        Side::Long => "long",
        Side::Short => "short",
    }
}

pub(crate) fn side(name: &str) -> Result<Side, StoreError> {
    match name {
        "long" => Ok(Side::Long),
        "short" => Ok(Side::Short),
        other => Err(unreadable("trades.side", other)),
    }
}

pub(crate) fn exit_reason(name: &str) -> Result<ExitReason, StoreError> {
    ExitReason::from_name(name).ok_or_else(|| unreadable("trades.reason", name))
}

pub(crate) fn job_kind(name: &str) -> Result<JobKind, StoreError> {
    JobKind::from_name(name).ok_or_else(|| unreadable("jobs.kind", name))
}

pub(crate) fn job_state(name: &str) -> Result<JobState, StoreError> {
    JobState::from_name(name).ok_or_else(|| unreadable("jobs.state", name))
}

/// A count that is never negative in the tables.
pub(crate) fn count(column: &'static str, value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| unreadable(column, value.to_string()))
}
