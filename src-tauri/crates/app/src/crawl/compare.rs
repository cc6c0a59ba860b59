//! New articles get their place among the others: which story they tell, and whose text they repeat.
//!
//! An article that was not compared *is* the queue, so a kill loses nothing. What was compared lately is kept in memory, made
//! again from the store when articles from elsewhere in time come up.

use promptpal_domain::{Span, Timestamp};
use promptpal_news::{Place, StoryIndex, Told};
use promptpal_store::{ComparedArticle, StoryPlace};

use crate::bus::Event;
use crate::{App, AppError};

/// Articles placed in one go.
const BATCH: u32 = 200;

/// What is in memory of the articles compared lately.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    index: StoryIndex,
    /// The time that it knows all articles of. Without an end where it reaches into the present: what comes is added.
    known: Option<(Timestamp, Option<Timestamp>)>,
}

impl App {
    /// Gives every article that waits for it its place.
    pub(crate) async fn compare_articles(&self) -> Result<(), AppError> {
        let mut compared = self.inner.compared.lock().await;
        loop {
            let waiting = self.store().articles_to_compare(BATCH).await?;
            let (Some(first), Some(last)) = (waiting.first(), waiting.last()) else {
                return Ok(());
            };
            let (first, last) = (first.available_at, last.available_at);
            if !compared.knows(first, last) {
                *compared = self.compared_around(first, last).await?;
            }
            let known = compared.known;
            let mut work = std::mem::take(&mut *compared);
            let placed = tokio::task::spawn_blocking(move || {
                let places: Vec<_> = waiting
                    .into_iter()
                    .map(|article| (article.id, stored(work.index.place(&told(article)))))
                    .collect();
                work.index.forget_before(first);
                (work, places)
            })
            .await;
            // Broken off: nothing was placed, and the next round begins with what the store has.
            let Ok((mut work, places)) = placed else {
                return Ok(());
            };
            work.known = known.map(|(from, to)| (from.max(before(first)), to));
            *compared = work;
            let ids = places.iter().map(|(id, _)| *id).collect();
            self.store().place_articles(places).await?;
            self.bus().announce(Event::ArticlesStored(ids));
        }
    }

    /// Forgets what is in memory: articles were removed.
    pub(crate) async fn forget_compared(&self) {
        *self.inner.compared.lock().await = Compared::default();
    }

    async fn compared_around(&self, first: Timestamp, last: Timestamp) -> Result<Compared, AppError> {
        let is_present = after(last) >= self.inner.clock.now();
        let to = if is_present { Span::ALL.to() } else { after(last) };
        let Ok(span) = Span::new(before(first), to) else {
            return Ok(Compared::default());
        };
        let articles = self.store().compared_articles(span).await?;
        let made = tokio::task::spawn_blocking(move || {
            let mut index = StoryIndex::default();
            for article in articles {
                let place = article.place;
                index.know(&told(article), place.story, place.same_as);
            }
            index
        });
        Ok(Compared {
            index: made.await.unwrap_or_default(),
            known: Some((span.from(), (!is_present).then_some(to))),
        })
    }
}

impl Compared {
    /// Whether all articles are here that those of this time are compared with.
    fn knows(&self, first: Timestamp, last: Timestamp) -> bool {
        self.known
            .is_some_and(|(from, to)| from <= before(first) && to.is_none_or(|to| after(last) <= to))
    }
}

const fn before(at: Timestamp) -> Timestamp {
    at.plus_millis(-StoryIndex::REACH_MS)
}

const fn after(at: Timestamp) -> Timestamp {
    at.plus_millis(StoryIndex::REACH_MS)
}

fn told(article: ComparedArticle) -> Told {
    Told {
        id: article.id,
        at: article.available_at,
        title: article.title,
        text: article.text,
    }
}

fn stored(place: Place) -> StoryPlace {
    StoryPlace {
        story: place.story,
        same_as: place.same_as,
        fingerprint: place.fingerprint,
    }
}
