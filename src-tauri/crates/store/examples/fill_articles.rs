//! Fills a workspace with articles that wait for their score, for `cargo xtask bench window`.
//!
//! `fill_articles DATABASE HEADLINES.csv COUNT`: articles about Bitcoin, spread over the last thirty days of the sample workspace,
//! each a headline and five more as its text. The program must not run meanwhile.
#![allow(clippy::print_stdout, reason = "it says what it stored")]

use std::error::Error;
use std::path::PathBuf;

use promptpal_domain::{
    ArticleContent, AssetTag, ContentStatus, DateOrigin, Exactness, Published, SourceKind, Timestamp,
};
use promptpal_store::{NewArticle, NewSource, Store, StoreOptions};

/// The end of the sample, 2025-07-01.
const TO_MS: i64 = 1_751_328_000_000;
const SPREAD_MS: i64 = 30 * 86_400_000;
/// Sentences of a text.
const SENTENCES: usize = 5;
/// Articles in one write.
const PAGE: usize = 500;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(database), Some(headlines), Some(count)) = (words.next(), words.next(), words.next()) else {
        return Err("fill_articles DATABASE HEADLINES.csv COUNT".into());
    };
    let count: usize = count.parse()?;
    let headlines = headlines_of(&std::fs::read_to_string(headlines)?);
    if headlines.is_empty() {
        return Err("there are no headlines".into());
    }
    let now = Timestamp::from_millis(TO_MS);
    let store = Store::open(PathBuf::from(database), StoreOptions::default(), now).await?;
    let source = NewSource {
        kind: SourceKind::Sample,
        url: "sample:bench".to_owned(),
        title: "Bench wire".to_owned(),
        full_text: true,
    };
    let source = store.add_source(&source).await?;
    let articles = (0..count)
        .map(|index| article(&headlines, index, count))
        .collect::<Result<Vec<_>, _>>()?;
    let mut stored = 0;
    for page in articles.chunks(PAGE) {
        stored += store.put_feed_items(source, page.to_vec()).await?.len();
    }
    println!("{stored} articles stored");
    Ok(())
}

/// The first field of each line but the first; quoted where it holds a comma.
fn headlines_of(table: &str) -> Vec<String> {
    let field = |line: &str| match line.strip_prefix('"') {
        Some(quoted) => quoted.split("\",").next().unwrap_or(quoted).replace("\"\"", "\""),
        None => line.split(',').next().unwrap_or(line).to_owned(),
    };
    table.lines().skip(1).map(field).collect()
}

fn article(headlines: &[String], index: usize, count: usize) -> Result<NewArticle, Box<dyn Error>> {
    let said = |at: usize| headlines.get(at % headlines.len()).map_or("", String::as_str);
    let text: String = (1..=SENTENCES)
        .map(|step| format!("{}. ", said(index + step * 37)))
        .collect();
    let at =
        Timestamp::from_millis(TO_MS - SPREAD_MS + SPREAD_MS * i64::try_from(index)? / i64::try_from(count)?);
    Ok(NewArticle {
        guid: format!("bench-{index}"),
        url: format!("sample:bench-{index}"),
        title: format!("{} ({index})", said(index)),
        summary: String::new(),
        content: ArticleContent {
            status: ContentStatus::Full,
            text,
            author: None,
            language: Some("en".to_owned()),
        },
        published: Some(Published {
            at,
            origin: DateOrigin::Feed,
            exactness: Exactness::Instant,
        }),
        first_seen: at,
        backfill_delay_ms: None,
        assets: vec![AssetTag {
            asset: "BTC".parse()?,
            relevance: 1.0,
            rule: "bench".to_owned(),
        }],
    })
}
