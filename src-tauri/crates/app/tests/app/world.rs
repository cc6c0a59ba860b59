//! One week of a world of 25 sources, hour after hour of it in seconds: what the crawler asks for, when, and what it keeps.
//!
//! The sites are real servers on loopback; only time is made up. Waiting moves the clock on, so a week passes as fast as the
//! requests are answered, in the same order for the same seed.

mod sources;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use promptpal_app::{App, ArticlesQuery, CrawlRequest, JobRequest};
use promptpal_domain::{ArticleId, Clock, Timestamp};
use promptpal_news::{Pace, Waiting};
use promptpal_store::ArticleRow;
use promptpal_testkit::news_site::LoggedRequest;

use self::sources::{Happening, World};
use crate::desk::Desk;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The pause between two requests to a host.
const DELAY: i64 = 2 * SECOND;

/// A clock that waiting moves on.
#[derive(Debug)]
pub(crate) struct VirtualTime(AtomicI64);

impl VirtualTime {
    fn advance_to(&self, at: Timestamp) {
        self.0.fetch_max(at.millis(), Ordering::SeqCst);
    }
}

impl Clock for VirtualTime {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

impl Pace for VirtualTime {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst).unsigned_abs())
    }

    fn wait_until(&self, at: Duration) -> Waiting {
        self.0
            .fetch_max(i64::try_from(at.as_millis()).unwrap(), Ordering::SeqCst);
        Box::pin(std::future::ready(()))
    }
}

/// What the week showed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Figures {
    polls: usize,
    unchanged: usize,
    answered_304: usize,
    pages: usize,
    refusals: usize,
    published: usize,
    stored: usize,
    texts: usize,
    counted_texts: usize,
    stories: usize,
}

async fn pass(seed: u64, days: i64, at_once: usize) -> Figures {
    let begins: Timestamp = "2025-03-03".parse().unwrap();
    let time = Arc::new(VirtualTime(AtomicI64::new(begins.millis())));
    let mut world = World::start(seed, begins, days, &time).await;
    let desk = Desk::with(|options| {
        options.clock = Arc::<VirtualTime>::clone(&time);
        options.news_pace = Some(Arc::<VirtualTime>::clone(&time));
        options.hosts_at_once = at_once;
        options.config.news.host_delay_ms = Some(2000);
        options.config.news.crawl_seconds = None;
    })
    .await;
    for (url, full_text) in world.feeds() {
        desk.app.add_source(&url, full_text).await.unwrap();
    }
    let end = begins.plus_millis(days * DAY);
    loop {
        let due = next_visit(&desk.app)
            .await
            .min(world.next_happening().unwrap_or(end));
        if due >= end {
            break;
        }
        time.advance_to(due);
        world.happen(Clock::now(&*time));
        round(&desk.app).await;
    }
    // What was published since the last visits.
    world.calm();
    time.advance_to(end.plus_millis(DAY));
    round(&desk.app).await;
    let figures = judge(&desk.app, &world).await;
    desk.app.shutdown().await;
    figures
}

async fn round(app: &App) {
    app.run(JobRequest::Crawl(CrawlRequest::default())).await.unwrap();
}

async fn next_visit(app: &App) -> Timestamp {
    let sources = app.sources().await.unwrap();
    let due = sources.iter().filter(|source| source.source.enabled);
    let due = due.map(|source| source.source.next_fetch.unwrap_or(Timestamp::EPOCH));
    due.min().unwrap()
}

async fn judge(app: &App, world: &World) -> Figures {
    let mut figures = Figures::default();
    for site in &world.sites {
        let log = site.server.requests();
        polite(site, &log);
        for feed in site.feed_paths() {
            let polls: Vec<&LoggedRequest> = log.iter().filter(|request| request.path == *feed).collect();
            kept_waiting(site, feed, &polls);
            let mut known = None;
            for poll in &polls {
                let answered = matches!(poll.status, 200 | 304);
                if answered && known == Some(poll.articles) {
                    figures.unchanged += 1;
                    figures.answered_304 += usize::from(poll.status == 304);
                }
                known = if answered { Some(poll.articles) } else { known };
            }
            figures.polls += polls.len();
        }
        figures.pages += log
            .iter()
            .filter(|request| request.path.starts_with("/articles/"))
            .count();
        figures.refusals += refused_in_time(site, &log);
    }
    for source in app.sources().await.unwrap() {
        let (health, title) = (&source.source, world.name_of(&source.source.url));
        assert!(
            health.enabled && health.failures == 0,
            "{title} is dead: {health:?}"
        );
        assert!(
            source.articles > 0 || world.lists_what_another_does(&health.url),
            "{title}"
        );
    }
    let articles = all_articles(app).await;
    figures.published = world.published.len();
    figures.stored = articles.len();
    for published in &world.published {
        let found = articles.iter().filter(|row| row.url == published.url).count();
        assert_eq!(found, 1, "{published:?}");
    }
    // A text that several sites print counts once.
    let mut texts: Vec<usize> = world.published.iter().map(|published| published.text).collect();
    texts.sort_unstable();
    texts.dedup();
    figures.texts = texts.len();
    let mut counted: Vec<ArticleId> = articles.iter().map(|row| row.repeats.unwrap_or(row.id)).collect();
    counted.sort_unstable();
    counted.dedup();
    figures.counted_texts = counted.len();
    let mut stories: Vec<ArticleId> = articles.iter().map(|row| row.story).collect();
    stories.sort_unstable();
    stories.dedup();
    figures.stories = stories.len();
    figures
}

/// One request at a time, and two seconds between the end of one and the beginning of the next.
fn polite(site: &sources::Site, log: &[LoggedRequest]) {
    for pair in log.windows(2) {
        let pause = i64::try_from(pair[1].at_ms).unwrap() - i64::try_from(pair[0].answered_ms).unwrap();
        assert!(pause >= DELAY, "{}: {pair:?}", site.name);
    }
    assert!(log.iter().all(|request| request.in_flight == 1), "{}", site.name);
}

/// No feed is asked again before its max-age and ttl are over, nor sooner than five minutes less a tenth.
fn kept_waiting(site: &sources::Site, feed: &str, polls: &[&LoggedRequest]) {
    for pair in polls.windows(2) {
        let waited = i64::try_from(pair[1].at_ms - pair[0].answered_ms).unwrap();
        // The very first one was to see whether it is a feed at all.
        let is_first = std::ptr::eq(pair[0], polls[0]);
        let least = match pair[0].status {
            // How long is left alone what refuses, is looked at by itself.
            _ if is_first || pair[0].status == 429 => DELAY,
            200 | 304 => site.least_wait_ms(feed),
            _ => 5 * MINUTE * 9 / 10,
        };
        assert!(
            waited >= least,
            "{} {feed}: {waited} ms, at least {least}: {pair:?}",
            site.name
        );
    }
}

/// After every refusal the host is left alone as long as it asked, to the second, and asked again right after.
fn refused_in_time(site: &sources::Site, log: &[LoggedRequest]) -> usize {
    let mut refusals = 0;
    for (n, refusal) in log
        .iter()
        .enumerate()
        .filter(|(_, request)| request.status == 429)
    {
        let at = site.began.plus_millis(i64::try_from(refusal.at_ms).unwrap());
        let Some(until) = site.refused_until(at) else {
            panic!("{}: nobody refused at {at}", site.name);
        };
        refusals += 1;
        let Some(next) = log.get(n + 1) else { continue };
        let next = site.began.plus_millis(i64::try_from(next.at_ms).unwrap());
        assert!(
            next >= until,
            "{}: asked {} ms too early",
            site.name,
            until.since(next)
        );
        // Other hosts have their turns as well; a poll waits for no more than theirs.
        assert!(
            next.since(until) <= 2 * MINUTE,
            "{}: asked {} ms late",
            site.name,
            next.since(until)
        );
    }
    refusals
}

async fn all_articles(app: &App) -> Vec<ArticleRow> {
    let mut rows: Vec<ArticleRow> = Vec::new();
    loop {
        let query = ArticlesQuery {
            limit: 500,
            before: rows.last().map(|row| (row.available_at, row.id)),
            ..ArticlesQuery::default()
        };
        let page = app.articles(query).await.unwrap();
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_of_25_sources() {
    let figures = pass(7, 7, 1).await;
    println!("a week of 25 sources: {figures:?}");
    assert!(figures.polls > 1000 && figures.refusals >= 5, "{figures:?}");
    assert!(
        figures.answered_304 * 100 >= figures.unchanged * 95,
        "{figures:?}"
    );
    assert_eq!(figures.stored, figures.published, "{figures:?}");
    assert_eq!(figures.counted_texts, figures.texts, "{figures:?}");
}

/// The same seed is the same day; and with several hosts asked at once everything holds as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_the_same_day_again_and_holds_with_hosts_asked_at_once() {
    let day = pass(3, 1, 1).await;
    assert_eq!(pass(3, 1, 1).await, day);
    let at_once = pass(3, 1, 6).await;
    println!("a day: {day:?}; six hosts at once: {at_once:?}");
    assert_eq!((at_once.stored, at_once.counted_texts), (day.stored, day.texts));
}

#[test]
fn something_happens_in_every_world() {
    let kinds = Happening::of_week(7).len();
    assert!(kinds >= 20, "{kinds}");
}
