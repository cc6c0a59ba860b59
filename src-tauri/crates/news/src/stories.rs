//! Which articles tell one story.
//!
//! Reports of one event share its rare words and amounts: two articles belong together where the cosine of their TF-IDF vectors is
//! at least .35 and they lie close in time (`tests/stories` has what that gets right). A text that repeats another (see [`fingerprint`](crate::fingerprint())), or of a
//! story's articles one that contains another, as an article does its summary, is the same report. Articles are placed one by one and stay where they were placed, so a story grows and is never cut anew.

use std::collections::HashMap;

use promptpal_domain::{ArticleId, Timestamp};

use crate::fingerprint::{beginning_of, contains, fingerprint, nearly_same};
use crate::words::terms_of;

/// From here on two articles tell one story. Chosen on reports whose stories are known: at .30 other events of the same company
/// come in, at .40 a tenth of the reports that belong together is apart.
const ALIKE: f32 = 0.35;
/// An article joins a story whose first report is at most so far from it.
const STORY_MS: i64 = 48 * 3_600_000;
/// A text is compared with those of so long before and after it: columns are printed again some days later.
const REPEAT_MS: i64 = 7 * 24 * 3_600_000;
/// What an article is about stands in its beginning.
const READ_BYTES: usize = 4000;

/// An article to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its number.
    pub id: ArticleId,
    /// From when it could be known.
    pub at: Timestamp,
    /// Headline.
    pub title: String,
    /// Its text, or the feed's summary where there is no text.
    pub text: String,
}

/// Where an article belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The story's number: that of the article that was placed in it first.
    pub story: ArticleId,
    /// The article whose text it repeats, or itself.
    pub same_as: ArticleId,
    /// The text's fingerprint, where it is long enough to have one.
    pub fingerprint: Option<u64>,
}

/// The articles of the last days, ready to be compared with.
#[derive(Debug, Default)]
pub struct StoryIndex {
    articles: Vec<Placed>,
    terms: HashMap<String, u32>,
    /// By term: in how many articles it stands.
    frequency: Vec<u32>,
    /// By story: when its first report could be known.
    began: HashMap<ArticleId, Timestamp>,
}

#[derive(Debug)]
struct Placed {
    at: Timestamp,
    place: Place,
    /// Terms, ascending, with `1 + ln(count)`.
    weights: Vec<(u32, f32)>,
    /// The 3-grams of its beginning, sorted.
    beginning: Vec<u64>,
}

impl StoryIndex {
    /// How far around an article others must be known for it to be placed.
    pub const REACH_MS: i64 = REPEAT_MS;

    /// Adds an article that was placed before.
    pub fn know(&mut self, article: &Told, story: ArticleId, same_as: ArticleId) {
        let weights = self.weights(article);
        let place = Place {
            story,
            same_as,
            fingerprint: fingerprint(&article.text),
        };
        self.keep(article, place, weights);
    }

    /// Finds the place of an article and adds it there.
    pub fn place(&mut self, article: &Told) -> Place {
        let weights = self.weights(article);
        let fingerprint = fingerprint(&article.text);
        let repeated = fingerprint.and_then(|print| self.repeated(article.at, print));
        let in_reach = |story: &ArticleId| {
            let began = self.began.get(story);
            began.is_some_and(|began| article.at.since(*began).abs() <= STORY_MS)
        };
        let story = repeated
            .map(|same| same.story)
            .filter(in_reach)
            .or_else(|| self.most_alike(article.at, &weights));
        let same_as = repeated.or_else(|| self.containing(story?, &beginning_of(&article.text)));
        let place = Place {
            story: story.unwrap_or(article.id),
            same_as: same_as.map_or(article.id, |same| same.same_as),
            fingerprint,
        };
        self.keep(article, place, weights);
        place
    }

    /// The place of the earliest article of a story that contains this beginning of a text, or is contained in it.
    fn containing(&self, story: ArticleId, beginning: &[u64]) -> Option<Place> {
        let reports = self.articles.iter().filter(|known| known.place.story == story);
        reports
            .filter(|known| contains(beginning, &known.beginning))
            .min_by_key(|known| known.at)
            .map(|known| known.place)
    }

    /// The place of the earliest article with nearly this text.
    fn repeated(&self, at: Timestamp, print: u64) -> Option<Place> {
        let near = self.articles.iter().filter(|known| {
            at.since(known.at).abs() <= REPEAT_MS
                && known
                    .place
                    .fingerprint
                    .is_some_and(|other| nearly_same(print, other))
        });
        near.min_by_key(|known| known.at).map(|known| known.place)
    }

    /// The story of the article that is most like this one, where it is enough so.
    fn most_alike(&self, at: Timestamp, weights: &[(u32, f32)]) -> Option<ArticleId> {
        let mut best: Option<(f32, ArticleId)> = None;
        let own = self.norm(weights);
        for known in &self.articles {
            let began = self.began.get(&known.place.story);
            let in_reach = began.is_some_and(|began| at.since(*began).abs() <= STORY_MS);
            if !in_reach || known.weights.is_empty() {
                continue;
            }
            let alike = self.product(weights, &known.weights) / (own * self.norm(&known.weights));
            if alike >= ALIKE && best.is_none_or(|(most, _)| alike > most) {
                best = Some((alike, known.place.story));
            }
        }
        best.map(|(_, story)| story)
    }

    /// `1 + ln((1 + articles) / (1 + articles with the term))`, the article in question counted among them.
    fn rarity(&self, term: u32) -> f32 {
        let with = self.frequency.get(term as usize).copied().unwrap_or(0);
        1.0 + ((2.0 + self.articles.len() as f32) / (2.0 + with as f32)).ln()
    }

    fn norm(&self, weights: &[(u32, f32)]) -> f32 {
        let squares = weights
            .iter()
            .map(|(term, weight)| (weight * self.rarity(*term)).powi(2));
        squares.sum::<f32>().sqrt().max(f32::MIN_POSITIVE)
    }

    fn product(&self, a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
        let mut others = b.iter().peekable();
        let mut sum = 0.0;
        for (term, weight) in a {
            while others.next_if(|(other, _)| other < term).is_some() {}
            if let Some((_, other)) = others.next_if(|(other, _)| other == term) {
                sum += weight * other * self.rarity(*term).powi(2);
            }
        }
        sum
    }

    fn weights(&mut self, article: &Told) -> Vec<(u32, f32)> {
        let mut counts: HashMap<u32, f32> = HashMap::new();
        let beginning = crate::text::truncated(&article.text, READ_BYTES);
        // The headline says what it is about: its words count twice.
        let title = terms_of(&article.title);
        let words = title.iter().cloned().chain(title.iter().cloned());
        for word in words.chain(terms_of(beginning)) {
            let new = u32::try_from(self.frequency.len()).unwrap_or(u32::MAX);
            let term = *self.terms.entry(word).or_insert_with(|| {
                self.frequency.push(0);
                new
            });
            *counts.entry(term).or_default() += 1.0;
        }
        let mut weights: Vec<(u32, f32)> = counts.into_iter().map(|(term, n)| (term, 1.0 + n.ln())).collect();
        weights.sort_unstable_by_key(|(term, _)| *term);
        weights
    }

    fn keep(&mut self, article: &Told, place: Place, weights: Vec<(u32, f32)>) {
        let at = article.at;
        for (term, _) in &weights {
            if let Some(frequency) = self.frequency.get_mut(*term as usize) {
                *frequency += 1;
            }
        }
        let began = self.began.entry(place.story).or_insert(at);
        *began = at.min(*began);
        self.articles.push(Placed {
            at,
            place,
            weights,
            beginning: beginning_of(&article.text),
        });
    }

    /// Forgets what no article at `at` or later is compared with.
    pub fn forget_before(&mut self, at: Timestamp) {
        let repeats_from = at.plus_millis(-REPEAT_MS);
        // The story may have begun as long before its last report as that lies before `at`.
        let stories_from = at.plus_millis(-2 * STORY_MS);
        for known in self.articles.iter_mut().filter(|known| known.at < stories_from) {
            known.beginning = Vec::new();
            for (term, _) in std::mem::take(&mut known.weights) {
                if let Some(frequency) = self.frequency.get_mut(term as usize) {
                    *frequency = frequency.saturating_sub(1);
                }
            }
        }
        self.articles.retain(|known| known.at >= repeats_from);
        self.began.retain(|_, began| *began >= stories_from);
        let frequency = &self.frequency;
        self.terms
            .retain(|_, term| frequency.get(*term as usize).is_some_and(|n| *n > 0));
    }
}

#[cfg(test)]
mod tests;
