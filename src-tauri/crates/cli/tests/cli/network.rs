//! fetch, stream, symbols, sources, crawl against the doubles.

use std::time::{Duration, Instant};

use promptpal_domain::Timestamp;
use promptpal_testkit::exchange::{Exchange, ExchangeOptions, Fault};
use promptpal_testkit::news_site::{NewsSite, NewsSiteOptions};

use crate::program::Home;

const MINUTE: i64 = 60_000;

fn start() -> Timestamp {
    "2024-03-01".parse().unwrap()
}

/// An exchange 300 minutes after the start of its tape; `speed` virtual seconds a second.
pub(crate) async fn exchange(seed: u64, speed: Option<f64>) -> Exchange {
    let now = start().plus_millis(300 * MINUTE);
    let options = ExchangeOptions {
        speed,
        ..ExchangeOptions::sample(seed, start(), now)
    };
    Exchange::start(options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fetches_what_is_missing() {
    let (home, exchange) = (Home::new(), exchange(1, None).await);
    let url = exchange.rest_url();
    let line = [
        "fetch",
        "BTCUSDT",
        "--interval",
        "1m",
        "--from",
        "2024-03-01",
        "--base-url",
        &url,
    ];
    let first = home.json(&line);
    assert_eq!((&first["inserted"], &first["rows"]), (&300.into(), &300.into()));
    let second = home.json(&line);
    assert_eq!((&second["pages"], &second["inserted"]), (&0.into(), &0.into()));
    let people = home.run(&line);
    assert!(people.stdout.contains("300 stored"), "{}", people.stdout);
    home.error(
        &["fetch", "NOSUCHUSDT", "--interval", "1m", "--base-url", &url],
        "not_found",
    );
    home.error(
        &[
            "fetch",
            "ETHUSDT",
            "--interval",
            "1m",
            "--base-url",
            "http://127.0.0.1:9/",
        ],
        "offline",
    );
    home.file("config.toml", &format!("[exchange]\nrest_url = '{url}'\n"));
    let found = home.json(&["symbols", "search", "eth"]);
    assert_eq!(found["symbols"][0]["symbol"], "ETHUSDT");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_stream_printed_is_stored() {
    // Two minutes a second.
    let (home, exchange) = (Home::new(), exchange(2, Some(120.0)).await);
    let (rest, stream) = (exchange.rest_url(), exchange.stream_url());
    let line = [
        "stream",
        "BTCUSDT",
        "ETHUSDT",
        "--interval",
        "1m",
        "--for",
        "5s",
        "--ws-url",
        &stream,
    ];
    let began = Instant::now();
    let answer = home.run(&[&line[..], &["--base-url", &rest, "--json"]].concat());
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(
        (5..15).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
    assert!(
        answer.stderr.contains("connecting") && answer.stderr.contains("live"),
        "{}",
        answer.stderr
    );
    let lines = answer.lines();
    assert!(lines.len() >= 4, "{}", answer.stdout);
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        home.json(&[
            "export",
            symbol,
            "--interval",
            "1m",
            "--to",
            "csv",
            "--out",
            "a.csv",
        ]);
        let stored = std::fs::read_to_string(home.path().join("a.csv")).unwrap();
        for line in lines.iter().filter(|line| line["symbol"] == symbol) {
            assert_eq!((&line["schema"], &line["interval"]), (&1.into(), &"1m".into()));
            assert!(
                stored.contains(&line["open_time"].to_string()),
                "{line} is not stored"
            );
        }
        assert_eq!(
            home.json(&["series", "show", symbol, "--interval", "1m"])["missing"],
            0
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_stream_ends_with_an_error() {
    let (home, exchange) = (Home::new(), exchange(3, None).await);
    exchange.refuse_streams(451, 4);
    let (rest, stream) = (exchange.rest_url(), exchange.stream_url());
    let line = [
        "stream",
        "BTCUSDT",
        "--interval",
        "1m",
        "--for",
        "1m",
        "--ws-url",
        &stream,
        "--base-url",
        &rest,
    ];
    let error = home.json_with(1, &line);
    assert!(error["error"]["message"].is_string(), "{error}");
    let people = home.run(&line);
    assert!(
        people.code == 1 && people.stderr.contains("error: "),
        "{}",
        people.stderr
    );
}

/// Ctrl+C ends work that waits for the network within a second, and the job says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[cfg(unix)]
async fn ctrl_c_ends_at_once() {
    let (home, exchange) = (Home::new(), exchange(4, None).await);
    let url = exchange.rest_url();
    let check = async |line: &[&str]| {
        let asked = exchange.requests().len();
        exchange.inject(Fault::Silence);
        let child = home.command(line).spawn().unwrap();
        let id = child.id().to_string();
        while exchange.requests().len() == asked {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let began = Instant::now();
        assert!(
            std::process::Command::new("kill")
                .args(["-INT", &id])
                .status()
                .unwrap()
                .success()
        );
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{line:?}");
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    };
    check(&["fetch", "BTCUSDT", "--interval", "1m", "--base-url", &url]).await;
    assert_eq!(home.json(&["jobs", "list"])["jobs"][0]["state"], "cancelled");
    home.file("config.toml", &format!("[exchange]\nrest_url = '{url}'\n"));
    check(&["symbols", "search", "btc"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_the_news() {
    let (home, site) = (Home::new(), NewsSite::start(NewsSiteOptions::default()).await);
    home.file(
        "config.toml",
        "[news]\nallow_private_addresses = true\nhost_delay_ms = 1\ncrawl_seconds = 1\n",
    );
    let added = home.json(&["sources", "add", &site.rss_url()]);
    let id = added["id"].to_string();
    home.error(&["sources", "add", &site.base_url], "invalid");
    let crawled = home.json(&["crawl", "--once", "--no-score"]);
    assert_eq!(
        (&crawled["new_articles"], &crawled["pages"]),
        (&3.into(), &3.into())
    );
    let again = home.json(&["crawl", "--once", "--no-score", "--source", &id]);
    assert_eq!(
        (&again["not_modified"], &again["new_articles"]),
        (&1.into(), &0.into())
    );
    // The articles are safe; only their scores are missing.
    let partly = home.json_with(3, &["crawl", "--once"]);
    assert_eq!(partly["sources"], 1);
    assert_eq!(home.json(&["sources", "list"])["sources"][0]["articles"], 3);
    let found = home.json(&["sources", "test", &site.base_url]);
    let known: Vec<_> = (0..2)
        .map(|n| found["feeds"][n]["known"].as_bool().unwrap())
        .collect();
    assert_eq!(known, [true, false]);
    assert_eq!(found["feeds"][1]["items"].as_array().unwrap().len(), 3);
    home.json(&["sources", "pause", &id]);
    home.json(&["sources", "full-text", &id, "off"]);
    let paused = home.json(&["sources", "list"])["sources"][0].clone();
    assert_eq!(
        (&paused["enabled"], &paused["fullText"]),
        (&false.into(), &false.into())
    );
    assert_eq!(
        (&paused["lastStatus"], &paused["articlesADay"]),
        (&304.into(), &3.0.into())
    );
    home.json(&["sources", "resume", &id]);
    home.error(&["sources", "pause", "99"], "not_found");
    assert_eq!(home.json(&["sources", "export", "out.opml"])["exported"], 1);
    assert_eq!(home.json(&["sources", "import", "out.opml"])["known"], 1);
    home.file(
        "list.opml",
        "<outline text='A' xmlUrl='https://a.example/rss'/><outline xmlUrl='x'/>",
    );
    let import = home.json_with(3, &["sources", "import", "list.opml"]);
    assert_eq!(
        (&import["added"][0], &import["refused"][0]),
        (&"A".into(), &"x".into())
    );
    home.error(&["sources", "import", "none.opml"], "file");
    home.json(&["sources", "remove", "2"]);
    home.json(&["sources", "remove", &id]);
    assert_eq!(
        home.json(&["sources", "list"])["sources"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}
