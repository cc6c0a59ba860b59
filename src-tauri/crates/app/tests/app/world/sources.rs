//! The sites of the world, what they publish, and what goes wrong with them.

use std::sync::Arc;

use promptpal_domain::Timestamp;
use promptpal_testkit::news_site::{Fault, Guids, NewsSite, NewsSiteOptions, SiteArticle, Validators};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{DAY, HOUR, MINUTE, SECOND, VirtualTime};

/// Sites; three of them have two feeds, which list the same articles.
const SITES: usize = 22;
const WITH_TWO_FEEDS: usize = 3;
/// Sources whose pages are fetched.
const WITH_PAGES: usize = 2;

pub(super) struct World {
    pub(super) sites: Vec<Site>,
    pub(super) published: Vec<Published>,
    /// What is still to happen, the last first.
    to_come: Vec<(Timestamp, usize, Happening)>,
    random: ChaCha8Rng,
    texts: usize,
}

pub(super) struct Site {
    pub(super) name: String,
    pub(super) server: NewsSite,
    pub(super) began: Timestamp,
    max_age_s: Option<u32>,
    ttl_minutes: Option<u32>,
    feeds: Vec<&'static str>,
    /// From when to when requests are refused with a time: the moment that was named.
    refusals: Vec<(Timestamp, Timestamp)>,
    serial: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Happening {
    /// An article of its own.
    Publish,
    /// The text of an agency, on several sites within two hours.
    Wire {
        slug: String,
        title: String,
        paragraphs: Vec<String>,
        text: usize,
    },
    /// 429 until so many milliseconds later, named in seconds or as a date.
    Refuse { for_ms: i64, as_date: bool },
    /// The server fails.
    Break,
    /// Whatever was wrong is right again.
    Mend,
}

#[derive(Clone, Debug)]
pub(super) struct Published {
    pub(super) url: String,
    /// Which text it is.
    pub(super) text: usize,
}

impl Happening {
    /// Everything of a week that is no article of a site's own.
    pub(super) fn of_week(seed: u64) -> Vec<(i64, usize, Self)> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut all = faults(&mut random, 7);
        all.extend(wires(&mut random, 7));
        all
    }
}

/// Refusals and outages, by milliseconds from the beginning.
fn faults(random: &mut ChaCha8Rng, days: i64) -> Vec<(i64, usize, Happening)> {
    let mut all = Vec::new();
    for site in (0..SITES).filter(|site| site % 2 == 0) {
        let at = random.random_range(4 * HOUR..days * DAY - 8 * HOUR);
        let for_ms = random.random_range(20..5 * 3600) * SECOND;
        let refuse = Happening::Refuse {
            for_ms,
            as_date: site % 4 == 0,
        };
        all.push((at, site, refuse));
        all.push((at + for_ms, site, Happening::Mend));
    }
    for site in (0..SITES).filter(|site| site % 5 == 1) {
        let at = random.random_range(4 * HOUR..days * DAY - 8 * HOUR);
        all.push((at, site, Happening::Break));
        all.push((at + random.random_range(HOUR..6 * HOUR), site, Happening::Mend));
    }
    all
}

fn wires(random: &mut ChaCha8Rng, days: i64) -> Vec<(i64, usize, Happening)> {
    let mut all = Vec::new();
    for text in 0..usize::try_from(days * 3).unwrap() {
        let at = random.random_range(HOUR..days * DAY - 4 * HOUR);
        let paragraphs = vec![words(random, 60), words(random, 50)];
        for copy in 0..random.random_range(2..5) {
            let wire = Happening::Wire {
                slug: format!("wire-{text}"),
                title: format!("{} ({copy})", words(random, 8)),
                paragraphs: paragraphs.clone(),
                text,
            };
            let site = (text * 5 + copy * 7) % SITES;
            let after = i64::try_from(copy).unwrap() * 23 * MINUTE;
            all.push((at + after, site, wire));
        }
    }
    all
}

/// Made-up words: no two texts share three in a row.
fn words(random: &mut ChaCha8Rng, count: usize) -> String {
    const PARTS: [&str; 24] = [
        "ba", "co", "di", "fu", "ga", "he", "ji", "ko", "lu", "ma", "ne", "po", "qui", "ro", "su", "ta",
        "ve", "wi", "xo", "ya", "zu", "bri", "cla", "dro",
    ];
    let word = |random: &mut ChaCha8Rng| -> String {
        (0..random.random_range(2..4))
            .map(|_| *PARTS.choose(random).unwrap())
            .collect()
    };
    (0..count).map(|_| word(random)).collect::<Vec<_>>().join(" ")
}

impl World {
    pub(super) async fn start(seed: u64, begins: Timestamp, days: i64, time: &Arc<VirtualTime>) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut to_come = faults(&mut random, days);
        to_come.extend(wires(&mut random, days));
        let mut sites = Vec::new();
        for number in 0..SITES {
            let options = NewsSiteOptions {
                articles: Vec::new(),
                max_age: (number % 3 == 0).then(|| random.random_range(60..3 * 3600)),
                ttl_minutes: (number % 4 == 1).then(|| random.random_range(10..240)),
                listed: 30,
                validators: [Validators::Both, Validators::OnlyDate, Validators::NotWith304][number % 3],
                guids: [Guids::Own, Guids::Flipped, Guids::Places][number / 3 % 3],
                clock: Some(Arc::<VirtualTime>::clone(time)),
                ..NewsSiteOptions::default()
            };
            let (max_age_s, ttl_minutes) = (options.max_age, options.ttl_minutes);
            sites.push(Site {
                name: format!("site {number}"),
                server: NewsSite::start(options).await,
                began: begins,
                max_age_s,
                ttl_minutes,
                feeds: if number < WITH_TWO_FEEDS {
                    vec!["/feed.xml", "/atom.xml"]
                } else {
                    vec!["/feed.xml"]
                },
                refusals: Vec::new(),
                serial: 0,
            });
            // From one article in two days to twelve a day.
            let mean = DAY * 2 / [1, 2, 4, 8, 16, 24][number % 6];
            let mut at = -10 * mean;
            while at < days * DAY {
                at += random.random_range(mean / 2..mean * 3 / 2);
                to_come.push((at, number, Happening::Publish));
            }
        }
        to_come.retain(|(at, ..)| *at < days * DAY);
        to_come.sort_by_key(|(at, site, _)| (-*at, *site));
        let to_come = to_come
            .into_iter()
            .map(|(at, site, what)| (begins.plus_millis(at), site, what))
            .collect();
        let mut world = Self {
            sites,
            published: Vec::new(),
            to_come,
            random,
            texts: 1_000_000,
        };
        world.happen(begins);
        world
    }

    /// The addresses of the feeds, and whether their pages are fetched.
    pub(super) fn feeds(&self) -> Vec<(String, bool)> {
        let feeds = self.sites.iter().enumerate().flat_map(|(number, site)| {
            let base = &site.server.base_url;
            site.feeds
                .iter()
                .map(move |path| (format!("{base}{path}"), (3..3 + WITH_PAGES).contains(&number)))
        });
        feeds.collect()
    }

    pub(super) fn name_of(&self, url: &str) -> String {
        let site = self
            .sites
            .iter()
            .find(|site| url.starts_with(&site.server.base_url));
        site.map(|site| site.name.clone()).unwrap()
    }

    /// Whether another feed may have listed all of this feed's articles first.
    pub(super) fn lists_what_another_does(&self, url: &str) -> bool {
        let site = self
            .sites
            .iter()
            .find(|site| url.starts_with(&site.server.base_url));
        site.unwrap().feeds.len() > 1
    }

    pub(super) fn next_happening(&self) -> Option<Timestamp> {
        self.to_come.last().map(|(at, ..)| *at)
    }

    /// Lets everything up to `now` happen.
    pub(super) fn happen(&mut self, now: Timestamp) {
        while self.to_come.last().is_some_and(|(at, ..)| *at <= now) {
            let (at, site, what) = self.to_come.pop().unwrap();
            self.one_happens(at, site, what);
        }
    }

    /// Nothing is wrong any more.
    pub(super) fn calm(&mut self) {
        self.to_come.clear();
        for site in &self.sites {
            site.fault(None);
        }
    }

    fn one_happens(&mut self, at: Timestamp, number: usize, what: Happening) {
        let random = &mut self.random;
        let site = &mut self.sites[number];
        match what {
            Happening::Publish => {
                site.serial += 1;
                let title = format!("{} {}", words(random, 7), site.serial);
                let paragraphs = vec![words(random, 60), words(random, 40)];
                self.texts += 1;
                let slug = format!("own-{}", site.serial);
                let text = self.texts;
                self.publish(at, number, &slug, &title, &paragraphs, text);
            }
            Happening::Wire {
                slug,
                title,
                paragraphs,
                text,
            } => self.publish(at, number, &slug, &title, &paragraphs, text),
            Happening::Refuse { for_ms, as_date } => {
                let until = at.plus_millis(for_ms);
                // HTTP dates know no fractions: the second that is named lies not before the end.
                let until = Timestamp::from_millis((until.millis() + 999) / 1000 * 1000);
                site.refusals.push((at, until));
                site.fault(Some(Fault::RefusedUntil {
                    until_ms: until.millis(),
                    as_date,
                }));
            }
            Happening::Break => site.fault(Some(Fault::Status { status: 503 })),
            Happening::Mend => site.fault(None),
        }
    }

    fn publish(
        &mut self,
        at: Timestamp,
        number: usize,
        slug: &str,
        title: &str,
        paragraphs: &[String],
        text: usize,
    ) {
        let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
        let article = SiteArticle::new(slug, title, &at.to_string(), &paragraphs);
        let url = self.sites[number].server.publish(article);
        if self.published.iter().all(|known| known.url != url) {
            self.published.push(Published { url, text });
        }
    }
}

impl Site {
    pub(super) fn feed_paths(&self) -> &[&'static str] {
        &self.feeds
    }

    /// What feed and server ask for between two polls, and the program's own least.
    pub(super) fn least_wait_ms(&self, feed: &str) -> i64 {
        let ttl = self.ttl_minutes.filter(|_| feed == "/feed.xml");
        let said =
            (i64::from(self.max_age_s.unwrap_or(0)) * SECOND).max(i64::from(ttl.unwrap_or(0)) * MINUTE);
        said.max(5 * MINUTE * 9 / 10)
    }

    /// The moment that a refusal at `at` named.
    pub(super) fn refused_until(&self, at: Timestamp) -> Option<Timestamp> {
        let found = self
            .refusals
            .iter()
            .find(|(from, until)| (*from..*until).contains(&at));
        found.map(|(_, until)| *until)
    }

    fn fault(&self, fault: Option<Fault>) {
        self.server.set_fault_everywhere(fault);
    }
}
