//! What an article says of each of its assets: only the sentences that mention one count for it.

use std::collections::BTreeMap;

use promptpal_domain::{Asset, AssetScore, SentenceScore, Sentiment};
use promptpal_news::asset_mentions;
use promptpal_sentiment::aggregate;
use promptpal_store::UnsharedScore;

use crate::progress::Progress;
use crate::{App, AppError};

/// Articles of an earlier version that are read at a time.
const BATCH: u32 = 100;

/// The score of an article for each of `assets`: of the sentences that mention it, weighted as those of a whole article are. Where none
/// does (the feed's summary named it), the headline stands for it; where there is no headline either, the `whole`.
///
/// What it gives depends on nothing but what is stored, so that it can be made again.
pub(crate) fn asset_scores(
    sentences: &[SentenceScore],
    whole: Sentiment,
    assets: &[Asset],
) -> Vec<AssetScore> {
    let texts: Vec<&str> = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    let mentions: BTreeMap<Asset, Vec<usize>> = asset_mentions(&texts);
    let of_one = |asset: &Asset| {
        let places = mentions.get(asset).map(Vec::as_slice).unwrap_or_default();
        let mut counted: Vec<&SentenceScore> = places.iter().filter_map(|at| sentences.get(*at)).collect();
        if counted.is_empty() {
            counted.extend(sentences.iter().filter(|sentence| sentence.position == 0));
        }
        AssetScore {
            asset: asset.clone(),
            sentiment: aggregate(counted.iter().copied()).unwrap_or(whole),
            sentences: counted.iter().map(|sentence| sentence.position).collect(),
        }
    };
    assets.iter().map(of_one).collect()
}

impl App {
    /// Gives scores that an earlier version stored their share for each asset, from the scores of their sentences.
    pub(crate) async fn share_old_scores(&self, progress: Option<&Progress>) -> Result<(), AppError> {
        loop {
            let batch = self.store().unshared_scores(BATCH).await?;
            if batch.is_empty() {
                return Ok(());
            }
            for UnsharedScore { article, model } in batch {
                if let Some(progress) = progress {
                    progress.check()?;
                }
                let (Some(whole), tags) = (
                    self.store().article_score(article, &model).await?,
                    self.store().article(article).await?.assets,
                ) else {
                    continue;
                };
                let sentences = self.store().sentence_scores(article, &model).await?;
                let assets: Vec<Asset> = tags.into_iter().map(|tag| tag.asset).collect();
                let scores =
                    tokio::task::spawn_blocking(move || asset_scores(&sentences, whole, &assets)).await?;
                self.store().put_asset_scores(article, &model, scores).await?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(position: u32, text: &str, score: f64) -> SentenceScore {
        let (positive, negative) = (score.max(0.0), (-score).max(0.0));
        SentenceScore {
            position,
            text: text.to_owned(),
            sentiment: Sentiment::new(positive, negative, 1.0 - positive - negative).unwrap(),
            truncated: false,
        }
    }

    #[test]
    fn each_asset_has_the_sentences_about_it() {
        let check = |sentences: &[SentenceScore], expected: &[(&str, f64, &[u32])]| {
            let assets: Vec<Asset> = expected
                .iter()
                .map(|(asset, _, _)| asset.parse().unwrap())
                .collect();
            let whole = Sentiment::new(0.25, 0.25, 0.5).unwrap();
            let found = asset_scores(sentences, whole, &assets);
            for (found, (asset, score, positions)) in found.iter().zip(expected) {
                assert_eq!(found.asset.as_str(), *asset);
                assert!(
                    (found.sentiment.score() - score).abs() < 1e-12,
                    "{found:?} is not {score}"
                );
                assert_eq!(found.sentences, *positions, "{asset}");
            }
            assert_eq!(found.len(), expected.len());
        };
        let two = [
            sentence(0, "What moved crypto markets on Monday", 0.1),
            sentence(1, "Bitcoin rose to a record high as funds bought.", 0.8),
            sentence(2, "Ethereum fell after an exploit.", -0.6),
            sentence(3, "Traders were surprised.", -0.1),
            sentence(4, "Demand for BTC is expected to last.", 0.6),
        ];
        check(&two, &[("BTC", 0.7, &[1, 4]), ("ETH", -0.6, &[2])]);
        // The headline counts for those that it names, as it does in a whole article.
        let named = [
            sentence(0, "Bitcoin hits a record", 0.9),
            sentence(1, "Bitcoin rose.", 0.4),
            sentence(2, "Ethereum fell.", -0.5),
        ];
        check(
            &named,
            &[("BTC", 0.4 * 0.9 + 0.6 * 0.4, &[0, 1]), ("ETH", -0.5, &[2])],
        );
        // Named by nobody but the feed: the headline stands for it, without one the whole.
        check(&two, &[("SOL", 0.1, &[0])]);
        check(&two[1..], &[("SOL", 0.0, &[])]);
        check(&[], &[("BTC", 0.0, &[])]);
    }
}
