//! The articles of the site and the pages they are shown on.

use promptpal_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// How a page is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// A blog engine: semantic elements, cookie banner, related links, comments, JSON-LD with the article's body.
    #[default]
    Ledger,
    /// An old portal: `div`s with ids, tables, side bar, no JSON-LD.
    Daily,
    /// A front-end framework: nameless classes, data in scripts, JSON-LD in a graph without the body.
    Weekly,
}

/// An article of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteArticle {
    /// Last part of its address.
    pub slug: String,
    /// Headline.
    pub title: String,
    /// Its text.
    pub paragraphs: Vec<String>,
    /// Who wrote it.
    #[serde(default = "newsroom")]
    pub author: String,
    /// RFC 3339, as it stands in the feeds and on the page.
    pub published: String,
    /// The page it is shown on.
    #[serde(default)]
    pub layout: Layout,
}

fn newsroom() -> String {
    "Sample Newsroom".to_owned()
}

impl SiteArticle {
    /// An article with the layout `Ledger`.
    #[must_use]
    pub fn new(slug: &str, title: &str, published: &str, paragraphs: &[&str]) -> Self {
        Self {
            slug: slug.to_owned(),
            title: title.to_owned(),
            paragraphs: paragraphs.iter().map(|&text| text.to_owned()).collect(),
            author: newsroom(),
            published: published.to_owned(),
            layout: Layout::default(),
        }
    }

    /// The main text as an extractor should give it.
    #[must_use]
    pub fn text(&self) -> String {
        self.paragraphs.join("\n\n")
    }

    /// The first paragraph, which the feeds carry.
    #[must_use]
    pub fn summary(&self) -> &str {
        self.paragraphs.first().map_or("", String::as_str)
    }

    /// When it was published; the beginning of 1970 when its date cannot be read.
    #[must_use]
    pub fn published_at(&self) -> Timestamp {
        self.published.parse().unwrap_or_default()
    }

    /// Its page at `url`. `shown` limits the paragraphs, as a paywall does.
    pub(super) fn page(&self, url: &str, shown: usize) -> String {
        let paragraphs: Vec<&String> = self.paragraphs.iter().take(shown).collect();
        let body: Vec<String> = paragraphs
            .iter()
            .map(|text| format!("<p>{}</p>", escaped(text)))
            .collect();
        let template = match self.layout {
            Layout::Ledger => include_str!("pages/ledger.html"),
            Layout::Daily => include_str!("pages/daily.html"),
            Layout::Weekly => include_str!("pages/weekly.html"),
        };
        let fields = [
            ("{{title}}", escaped(&self.title)),
            ("{{url}}", escaped(url)),
            ("{{published}}", escaped(&self.published)),
            ("{{author}}", escaped(&self.author)),
            ("{{summary}}", escaped(self.summary())),
            ("{{json_ld}}", self.json_ld(shown)),
            ("{{paragraphs}}", body.join("\n    ")),
        ];
        fields
            .into_iter()
            .fold(template.to_owned(), |page, (name, value)| {
                page.replace(name, &value)
            })
    }

    fn json_ld(&self, shown: usize) -> String {
        let mut node = serde_json::json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.title,
            "datePublished": self.published,
            "author": {"@type": "Person", "name": self.author},
        });
        if self.layout == Layout::Ledger && shown >= self.paragraphs.len() {
            node["articleBody"] = self.text().into();
        }
        if shown < self.paragraphs.len() {
            node["isAccessibleForFree"] = false.into();
        }
        // A closing tag inside of a string would end the script.
        node.to_string().replace("</", "<\\/")
    }
}

/// Text for XML and HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What the site shows when it is started without articles of its own.
#[must_use]
pub fn front_page() -> Vec<SiteArticle> {
    let mut articles = vec![
        SiteArticle::new(
            "bitcoin-steady-before-fed",
            "Bitcoin holds steady as traders wait for the Fed",
            "2025-01-06T08:30:00Z",
            &[
                "Bitcoin traded in a narrow range on Monday as desks waited for the minutes of the central bank's last meeting. Volumes on the large venues were a fifth below their average of the past month.",
                "\"Nobody wants to carry a large position into the release,\" said a trader at a market maker, who asked not to be named because he is not allowed to speak to the press. Open interest in futures fell for the third day in a row.",
                "Options point the same way. The price of protection against a fall over the coming week rose to its highest since November, while the one-month measure hardly moved.",
                "Analysts at two brokers said a figure in line with the forecasts would leave the range intact. A surprise in either direction, they wrote, could move the price by four to five percent within the hour.",
            ],
        ),
        SiteArticle::new(
            "ether-staking-queue-grows",
            "Ethereum staking queue grows to its longest in a year",
            "2025-01-07T14:05:00+01:00",
            &[
                "The number of validators waiting to join the Ethereum network rose to its highest in a year on Tuesday, according to figures from three block explorers. A newcomer now waits nine days before the first reward.",
                "The queue is a sign of confidence: whoever stakes ether gives up the right to sell it at once. The reward itself has hardly changed and stands at a little over three percent a year.",
                "Developers are debating a larger limit for each validator, which would shorten the queue without speeding up issuance. A decision is expected at the next call, in two weeks.",
            ],
        ),
        SiteArticle::new(
            "solana-fees-fall",
            "Solana fees fall after software update",
            "2025-01-08T19:45:00-05:00",
            &[
                "Average fees on Solana fell by more than half on Wednesday after most validators had moved to a new version of the client. The update changes how the fee for busy accounts is reckoned.",
                "Two exchanges that had paused withdrawals during the change opened them again within the hour. No transactions were lost, the maintainers said in a note.",
                "The token rose by two percent on the news and gave back the gain later in the day, in step with the rest of the market.",
            ],
        ),
    ];
    for (article, layout) in articles
        .iter_mut()
        .zip([Layout::Ledger, Layout::Daily, Layout::Weekly])
    {
        article.layout = layout;
    }
    articles
}
