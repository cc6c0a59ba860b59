//! Articles are scored by the worker. An article without a score under the current model *is* the queue.

use std::time::Duration;

use promptpal_domain::{ArticleId, Asset, ModelRef, SentenceScore, SentimentPoint, Span};
use promptpal_sentiment::{Passage, ScoringError, TextScore, WorkerState, aggregate, passages};
use promptpal_store::{ArticleScores, UnscoredArticle};
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::asset_scores::asset_scores;
use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::{Progress, lock};
use crate::requests::JobRequest;
use crate::{App, AppError, ErrorKind};

/// Articles scored before they are stored and announced.
const BATCH: u32 = 8;

/// How long scoring by somebody else is left alone.
const ANOTHER_SCORES: Duration = Duration::from_secs(1);

/// How often the pause after rounds that failed doubles.
const DOUBLINGS: u32 = 6;

/// How patient scoring is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoringTimings {
    /// How long the worker may go without a sign of progress before it is killed.
    pub patience: Duration,
    /// How long after a round that failed the next one begins by itself. Doubles with every further one that fails, up to 64 times
    /// that long; what arrives meanwhile is a reason to try at once.
    pub again: Duration,
}

impl Default for ScoringTimings {
    /// 30 s without progress, 1 minute to the next round.
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(30),
            again: Duration::from_secs(60),
        }
    }
}

/// What a round of scoring did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScoreReport {
    /// Articles scored.
    pub scored: u64,
    /// Articles left out because they bring the worker down.
    pub left_out: u64,
    /// The model.
    pub model: String,
}

impl App {
    /// The current model.
    ///
    /// # Errors
    /// [`AppError::Scoring`] when it is missing or damaged.
    pub fn model(&self) -> Result<ModelRef, AppError> {
        Ok(self.inner.scorer.model()?)
    }

    /// What the worker is doing.
    #[must_use]
    pub fn worker_state(&self) -> WorkerState {
        self.inner.scorer.state().borrow().clone()
    }

    /// Scores texts as they are, in their order.
    ///
    /// # Errors
    /// [`AppError::Scoring`]
    pub async fn score_texts(
        &self,
        texts: Vec<String>,
        cancel: &CancellationToken,
    ) -> Result<Vec<TextScore>, AppError> {
        Ok(self.inner.scorer.score(texts, cancel).await?)
    }

    pub(crate) async fn score_articles(&self, progress: &Progress) -> Result<ScoreReport, AppError> {
        self.share_old_scores(Some(progress)).await?;
        let mut report = ScoreReport::default();
        let mut under_way = None;
        loop {
            progress.check()?;
            // Read again for each batch: when another model is chosen meanwhile, the articles wait for that one.
            let model = self.model()?;
            if under_way.as_ref() != Some(&model) {
                let waiting = self.store().unscored_count(&model).await?;
                progress.phase(Step::ScoringArticles, Unit::Articles, Some(waiting));
                report.model = model.id.clone();
                under_way = Some(model.clone());
            }
            let left_out = lock(&self.inner.left_out).clone();
            let limit = BATCH + u32::try_from(left_out.len()).unwrap_or(u32::MAX - BATCH);
            let mut batch = self.store().unscored_articles(&model, limit).await?;
            batch.retain(|article| !left_out.contains(&article.id));
            if batch.is_empty() {
                report.left_out = left_out.len() as u64;
                return Ok(report);
            }
            let scored = match self.score_batch(&model, batch, progress).await {
                Err(AppError::Scoring(ScoringError::Stopped)) if self.model()? != model => continue,
                outcome => outcome?,
            };
            report.scored += scored.len() as u64;
            progress.advance(scored.len() as u64);
            if !scored.is_empty() {
                self.bus().announce(Event::ArticlesScored(scored));
            }
        }
    }

    async fn score_batch(
        &self,
        model: &ModelRef,
        batch: Vec<UnscoredArticle>,
        progress: &Progress,
    ) -> Result<Vec<ArticleId>, AppError> {
        let articles: Vec<(ArticleId, Vec<Asset>, Vec<Passage>)> = batch
            .into_iter()
            .map(|article| {
                let passages = passages(&article.title, &article.text);
                (article.id, article.assets, passages)
            })
            .collect();
        let texts = articles
            .iter()
            .flat_map(|(_, _, passages)| passages.iter().map(|p| p.text.clone()))
            .collect();
        let scores = match self.inner.scorer.score(texts, progress.cancel_token()).await {
            Ok(scores) => scores.into_iter().map(Some).collect(),
            Err(ScoringError::Quarantined { texts, scored }) => {
                for text in texts {
                    progress.log(format!("Left out, it brings the worker down: {}", text.excerpt));
                }
                scored
            }
            Err(ScoringError::Cancelled) => return Err(AppError::Cancelled),
            Err(error) => return Err(error.into()),
        };
        if self.model()? != *model {
            // Scores of the one are none of the other.
            return Err(ScoringError::Stopped.into());
        }
        let mut scores = scores.into_iter();
        let mut stored = Vec::new();
        for (id, assets, passages) in articles {
            let own = scores.by_ref().take(passages.len());
            let sentences: Vec<SentenceScore> = passages
                .into_iter()
                .zip(own)
                .filter_map(|(passage, score)| sentence(passage, score?))
                .collect();
            match aggregate(sentences.iter()) {
                Some(whole) => {
                    // Looking for names in a long text takes its time.
                    let scores = tokio::task::spawn_blocking(move || ArticleScores {
                        assets: asset_scores(&sentences, whole, &assets),
                        whole,
                        sentences,
                    });
                    let (scores, now) = (scores.await?, self.inner.clock.now());
                    self.store().put_scores(id, model, scores, now).await?;
                    stored.push(id);
                }
                None => {
                    lock(&self.inner.left_out).insert(id);
                }
            }
        }
        Ok(stored)
    }

    /// What an asset's articles say of it, by the time from which they may be known. Empty without a model.
    pub(crate) async fn sentiment_points(
        &self,
        asset: &Asset,
        span: Span,
    ) -> Result<Vec<SentimentPoint>, AppError> {
        match self.model() {
            Ok(model) => Ok(self.store().sentiment_points(asset, &model, span).await?),
            Err(_) => Ok(Vec::new()),
        }
    }

    /// Scores new articles as they are stored, and those that an earlier run left. After a failure it tries again by itself: what was
    /// wrong may be put right without anybody telling the program.
    pub(crate) fn score_what_arrives(&self) {
        let app = self.clone();
        self.spawn(async move {
            let mut facts = app.bus().listen();
            if let Err(error) = app.share_old_scores(None).await {
                tracing::warn!(%error, "scores of an earlier version have no share for each asset yet");
            }
            let mut failed = 0;
            loop {
                if app.settings().score_automatically && app.waits_for_scores().await {
                    match app.run(JobRequest::Score).await {
                        Ok(_) => {
                            failed = 0;
                            continue;
                        }
                        // Another one scores, perhaps past the article that woke us: look again when it has ended.
                        Err(error) if error.kind() == ErrorKind::Busy => {
                            tokio::time::sleep(ANOTHER_SCORES).await;
                            continue;
                        }
                        Err(error) => {
                            tracing::warn!(%error, "new articles were not scored");
                            failed = if error.is_cancelled() { 0 } else { failed + 1 };
                        }
                    }
                } else {
                    // Without a model nobody knows what waits.
                    failed = if app.model().is_ok() { 0 } else { failed + 1 };
                }
                let pause = app.pause_after(failed);
                if !something_to_score(&mut facts, pause).await {
                    return;
                }
            }
        });
    }

    /// How long to wait for the next round after so many in a row that failed; `None` after one that did not.
    fn pause_after(&self, failed: u32) -> Option<Duration> {
        let doublings = failed.checked_sub(1)?.min(DOUBLINGS);
        let first = self.inner.scoring_timings.again;
        Some(first.saturating_mul(2_u32.saturating_pow(doublings)))
    }

    async fn waits_for_scores(&self) -> bool {
        let Ok(model) = self.model() else { return false };
        let left_out = lock(&self.inner.left_out).len() as u64;
        self.store()
            .unscored_count(&model)
            .await
            .is_ok_and(|waiting| waiting > left_out)
    }

    /// Tells the bus whenever the worker changes its state.
    pub(crate) fn announce_worker_states(&self) {
        let mut states = self.inner.scorer.state();
        let app = self.clone();
        self.spawn(async move {
            while states.changed().await.is_ok() {
                states.borrow_and_update();
                app.bus().announce(Event::StatusChanged);
            }
        });
    }
}

/// Waits for a reason to look whether articles wait for their scores, no longer than `pause`. False when the bus is closed.
async fn something_to_score(facts: &mut Receiver<Event>, pause: Option<Duration>) -> bool {
    let due = async {
        match pause {
            Some(pause) => tokio::time::sleep(pause).await,
            None => std::future::pending().await,
        }
    };
    let told = async {
        loop {
            match facts.recv().await {
                Ok(Event::ArticlesStored(_) | Event::SettingsChanged | Event::ModelsChanged)
                | Err(RecvError::Lagged(_)) => return true,
                Ok(_) => {}
                Err(RecvError::Closed) => return false,
            }
        }
    };
    tokio::select! {
        () = due => true,
        open = told => open,
    }
}

fn sentence(passage: Passage, score: TextScore) -> Option<SentenceScore> {
    Some(SentenceScore {
        position: passage.position,
        text: passage.text,
        sentiment: score.sentiment,
        truncated: score.truncated,
    })
}
