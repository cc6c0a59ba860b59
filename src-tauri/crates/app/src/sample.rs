//! The sample workspace: a simulated market and articles of our own, so that a first start shows every screen alive
//! without any network. Nothing of it can be taken for real: the venue is `simulated`, the sources are of a kind of
//! their own.

use promptpal_domain::{
    ArticleContent, ArticleId, AssetTag, Candle, CandleSource, ContentStatus, DateOrigin, Exactness,
    Interval, Published, SeriesKey, SourceKind, Span, Symbol, Timestamp, Venue,
};
use promptpal_market::{NewsShock, Scenario, resample, simulate};
use promptpal_store::{NewArticle, NewSource, Page};
use serde::{Deserialize, Serialize};

use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::requests::{BacktestRequest, JobRequest, Terms};
use crate::{App, AppError};

/// Our articles, with what they do to the simulated prices.
const ARTICLES: &str = include_str!("../sample/articles.json");
/// The simulation's seed: the same on every machine, so the same sample.
const SEED: u64 = 20_250_101;
/// First and last day, 2025-01-01 to 2025-07-01.
const FROM: Timestamp = Timestamp::from_millis(1_735_689_600_000);
const TO: Timestamp = Timestamp::from_millis(1_751_328_000_000);
/// The price effect, as a share of the price, that the simulator calls strength 1.
const FULL_STRENGTH: f64 = 0.02;
/// Five-minute candles are kept for the last two weeks only.
const FINE_MS: i64 = 14 * 86_400_000;

#[derive(Clone, Debug, Deserialize)]
struct SampleArticle {
    id: String,
    source: String,
    published: String,
    title: String,
    text: String,
    assets: Vec<String>,
    shock: Shock,
}

#[derive(Clone, Debug, Deserialize)]
struct Shock {
    asset: String,
    strength: f64,
}

/// What the sample holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SampleReport {
    /// Series.
    pub series: u64,
    /// Candles.
    pub candles: u64,
    /// Articles.
    pub articles: u64,
}

impl App {
    pub(crate) async fn load_first_sample(&self) {
        if let Err(error) = self.add_default_sources().await {
            tracing::warn!(%error, "the default news sources were not added");
        }
        if let Err(error) = self.run(JobRequest::Sample).await {
            tracing::warn!(%error, "the sample workspace was not loaded");
            return;
        }
        if let Err(error) = self.test_sample().await {
            tracing::warn!(%error, "the sample's backtest was not run");
        }
    }

    /// One real backtest on the sample, so that the first look at the Backtest screen shows a report.
    async fn test_sample(&self) -> Result<(), AppError> {
        let symbol: Symbol = "BTCUSDT".parse().map_err(wrong)?;
        let series = self
            .find_series(&symbol, Interval::Hour1, Some(&Venue::simulated()))
            .await?;
        let request = BacktestRequest {
            strategy: "sma-cross".to_owned(),
            script: None,
            series: series.id.0,
            others: Vec::new(),
            from: None,
            to: None,
            terms: Terms::default(),
        };
        self.start_job(JobRequest::Backtest(request)).await?;
        Ok(())
    }

    pub(crate) async fn sample(&self, progress: &Progress) -> Result<SampleReport, AppError> {
        let articles: Vec<SampleArticle> = serde_json::from_str(ARTICLES)
            .map_err(|error| AppError::Internal(format!("sample articles: {error}")))?;
        progress.phase(
            Step::WritingSampleNews,
            Unit::Articles,
            Some(articles.len() as u64),
        );
        let mut report = SampleReport {
            articles: self.sample_articles(&articles).await?,
            ..SampleReport::default()
        };
        progress.phase(Step::Simulating, Unit::Candles, None);
        let shocks = articles.iter().map(shock).collect::<Result<Vec<_>, _>>()?;
        let made = tokio::task::spawn_blocking(move || simulated_series(&shocks)).await??;
        let total = made.iter().map(|(_, candles)| candles.len() as u64).sum();
        progress.phase(Step::StoringSample, Unit::Candles, Some(total));
        for (key, candles) in made {
            progress.check()?;
            let id = self.store().ensure_series(&key).await?;
            let asked = Span::new(FROM, TO)
                .ok()
                .filter(|_| key.interval != Interval::Minute5);
            let count = candles.len() as u64;
            let page = Page {
                candles,
                asked,
                source: CandleSource::Simulation,
                name: "sample".to_owned(),
                sha256: None,
            };
            self.store().put_page(id, page, self.inner.clock.now()).await?;
            self.bus().announce(Event::CandlesStored(id));
            report.series += 1;
            report.candles += count;
            progress.advance(count);
        }
        Ok(report)
    }

    async fn sample_articles(&self, articles: &[SampleArticle]) -> Result<u64, AppError> {
        let mut outlets: Vec<&str> = articles.iter().map(|article| article.source.as_str()).collect();
        outlets.sort_unstable();
        outlets.dedup();
        let mut stored: Vec<ArticleId> = Vec::new();
        for outlet in outlets {
            let source = NewSource {
                kind: SourceKind::Sample,
                url: format!("sample:{}", outlet.to_lowercase().replace(' ', "-")),
                title: outlet.to_owned(),
                full_text: true,
            };
            let id = self.store().add_source(&source).await?;
            let items = articles
                .iter()
                .filter(|article| article.source == outlet)
                .map(item);
            stored.extend(
                self.store()
                    .put_feed_items(id, items.collect::<Result<Vec<_>, _>>()?)
                    .await?,
            );
        }
        let count = stored.len() as u64;
        self.bus().announce(Event::SourcesChanged);
        self.bus().announce(Event::ArticlesStored(stored));
        Ok(count)
    }

    /// Removes the sample's series, sources and articles. Runs made on it stay.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn remove_sample(&self) -> Result<(), AppError> {
        for series in self.store().list_series().await? {
            if series.key.venue == Venue::simulated() {
                self.delete_series(series.id).await?;
            }
        }
        for source in self.store().sources().await? {
            if source.kind == SourceKind::Sample {
                self.remove_source(source.id).await?;
            }
        }
        Ok(())
    }
}

fn wrong(error: impl std::fmt::Display) -> AppError {
    AppError::Internal(format!("sample: {error}"))
}

fn shock(article: &SampleArticle) -> Result<NewsShock, AppError> {
    Ok(NewsShock {
        at: article.published.parse().map_err(wrong)?,
        asset: article.shock.asset.parse().map_err(wrong)?,
        strength: (article.shock.strength / FULL_STRENGTH).clamp(-1.0, 1.0),
    })
}

fn item(article: &SampleArticle) -> Result<NewArticle, AppError> {
    let published: Timestamp = article.published.parse().map_err(wrong)?;
    let tag = |(index, name): (usize, &String)| {
        let relevance = if index == 0 { 1.0 } else { 0.5 };
        Ok(AssetTag {
            asset: name.parse().map_err(wrong)?,
            relevance,
            rule: "sample".to_owned(),
        })
    };
    Ok(NewArticle {
        guid: article.id.clone(),
        url: format!("sample:{}", article.id),
        title: article.title.clone(),
        summary: article
            .text
            .split_inclusive(". ")
            .take(2)
            .collect::<String>()
            .trim()
            .to_owned(),
        content: ArticleContent {
            status: ContentStatus::Full,
            text: article.text.clone(),
            author: None,
            language: Some("en".to_owned()),
        },
        published: Some(Published {
            at: published,
            origin: DateOrigin::Feed,
            exactness: Exactness::Instant,
        }),
        backfill_delay_ms: None,
        // The sample's own world: there it was seen when it was published.
        first_seen: published,
        assets: article
            .assets
            .iter()
            .enumerate()
            .map(tag)
            .collect::<Result<Vec<_>, AppError>>()?,
    })
}

/// Every symbol at 1h over the whole time, at 4h and 1d from the same candles, at 5m for the last two weeks.
fn simulated_series(shocks: &[NewsShock]) -> Result<Vec<(SeriesKey, Vec<Candle>)>, AppError> {
    let (mut all, mut all_fine) = (Vec::new(), Vec::new());
    let whole = Span::new(FROM, TO).map_err(wrong)?;
    let scenario = Scenario::sample(SEED, whole).with_shocks(shocks.to_vec());
    let late = TO.plus_millis(-FINE_MS);
    for mut series in simulate(&scenario, Interval::Minute5).map_err(wrong)? {
        let key = |interval| SeriesKey {
            venue: Venue::simulated(),
            symbol: series.symbol.clone(),
            interval,
        };
        let hours = resample(&series.candles, Interval::Hour1).map_err(wrong)?;
        all.push((
            key(Interval::Hour4),
            resample(&hours, Interval::Hour4).map_err(wrong)?,
        ));
        all.push((
            key(Interval::Day1),
            resample(&hours, Interval::Day1).map_err(wrong)?,
        ));
        all.push((key(Interval::Hour1), hours));
        series.candles.retain(|candle| candle.open_time >= late);
        all_fine.push((key(Interval::Minute5), series.candles));
    }
    all.append(&mut all_fine);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One simulation serves all intervals.
    #[test]
    fn hours_of_five_minutes_are_hours_of_minutes() {
        let some = Span::new(FROM, FROM.plus_millis(FINE_MS)).unwrap();
        let scenario = Scenario::sample(SEED, some);
        let fine = simulate(&scenario, Interval::Minute5).unwrap();
        for (fine, hours) in fine.iter().zip(simulate(&scenario, Interval::Hour1).unwrap()) {
            assert_eq!(resample(&fine.candles, Interval::Hour1).unwrap(), hours.candles);
        }
    }
}
