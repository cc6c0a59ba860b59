//! extract, feeds, robots, assets: a JSON line in, a JSON line out.

use crate::program::Home;

#[test]
fn extracts_the_main_text() {
    let home = Home::new();
    let paragraph = "Bitcoin rose by four percent on Monday after a quiet week, and traders pointed to thin order books. ";
    let page = format!(
        "<html><head><title>Bitcoin rises</title></head><body><nav>Home | Markets</nav>\
         <article><h1>Bitcoin rises</h1><p>{p}</p><p>{p}</p><p>{p}</p></article></body></html>",
        p = paragraph.repeat(3)
    );
    home.file("page.html", &page);
    let input = "{\"id\":7,\"path\":\"page.html\",\"url\":\"https://example.org/a\"}\n\n{\"id\":8,\"path\":\"gone.html\"}\n";
    let answer = home.fed(&["extract", "--jsonl"], input);
    assert_eq!(answer.code, 3, "one of two could not be read");
    let lines = answer.lines();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[0]["id"], &lines[0]["status"]),
        (&7.into(), &"full".into())
    );
    assert!(lines[0]["text"].as_str().unwrap().contains("thin order books"));
    assert!(!lines[0]["text"].as_str().unwrap().contains("Markets"));
    assert!(lines[0]["ms"].is_number() && lines[1]["error"].is_string());
}

#[test]
fn reads_feeds() {
    let home = Home::new();
    home.file(
        "feed.xml",
        "<rss version=\"2.0\"><channel><title>Sample</title><link>https://example.org/</link><description>d</description>\
         <item><title>One</title><link>https://example.org/1</link><guid>1</guid>\
         <pubDate>Mon, 06 Jan 2025 08:30:00 GMT</pubDate></item></channel></rss>",
    );
    let answer = home.fed(&["feeds", "parse", "--jsonl"], "feed.xml\n");
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let feed = &answer.lines()[0];
    assert_eq!(
        (&feed["title"], &feed["file"]),
        (&"Sample".into(), &"feed.xml".into())
    );
    assert_eq!(feed["entries"][0]["link"], "https://example.org/1");
}

#[test]
fn reads_robots() {
    let home = Home::new();
    let line = serde_json::json!({
        "body_latin1": "User-agent: *\nDisallow: /private/\n",
        "agent": "Promptpal",
        "urls": ["https://example.org/a", "https://example.org/private/b"],
    });
    let answer = home.fed(&["robots", "check", "--jsonl"], &line.to_string());
    assert_eq!(
        (answer.code, &answer.lines()[0]["r"]),
        (0, &serde_json::json!([true, false]))
    );
    assert_eq!(home.fed(&["robots", "check", "--jsonl"], "nonsense").code, 3);
}

#[test]
fn finds_assets() {
    let home = Home::new();
    let line = serde_json::json!({ "id": "x", "title": "Bitcoin and Ethereum rise", "text": "" });
    let answer = home.fed(&["assets", "tag", "--jsonl"], &line.to_string());
    let lines = answer.lines();
    let symbols: Vec<&str> = lines[0]["assets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["symbol"].as_str().unwrap())
        .collect();
    assert_eq!((answer.code, symbols), (0, vec!["BTC", "ETH"]));
}

#[test]
fn scoring_without_a_worker_says_what_is_missing() {
    let home = Home::new();
    let answer = home.fed(
        &["score", "--jsonl", "--json"],
        "{\"id\":1,\"text\":\"Bitcoin rises\"}\n",
    );
    assert_eq!(answer.code, 1, "{}", answer.stdout);
    assert_eq!(answer.lines()[0]["error"]["code"], "model_missing");
    assert!(answer.stderr.contains("promptpal doctor"), "{}", answer.stderr);
}

#[test]
fn a_file_that_cannot_be_measured_on_says_why() {
    let home = Home::new();
    home.file("numbers.csv", "text,label\na,0\nb,1\nc,2\n");
    home.file("other.csv", "words,mood\na,good\n");
    home.file("good.csv", "text,label\na,positive\n");
    let refused = |line: &[&str], code: &str, says: &str| {
        let answer = home.run(&[&["sentiment", "eval"], line, &["--json"]].concat());
        assert_eq!(answer.code, 1, "{}", answer.stdout);
        assert_eq!(answer.lines()[0]["error"]["code"], code);
        assert!(answer.stderr.contains(says), "{}", answer.stderr);
    };
    refused(
        &["numbers.csv"],
        "invalid",
        "0, 1, 2: say what they mean with --labels",
    );
    refused(
        &["other.csv"],
        "invalid",
        "no column for the text among: words, mood",
    );
    refused(&["gone.csv"], "file", "cannot read gone.csv");
    // Up to here no worker is needed; there is none.
    refused(&["good.csv"], "model_missing", "promptpal doctor");
    let wrong = home.run(&["sentiment", "eval", "good.csv", "--labels", "0=good"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
}

#[test]
fn a_study_without_news_finds_no_events() {
    let home = Home::with_hours(300);
    let line = [
        "sentiment",
        "study",
        "BTCUSDT",
        "--interval",
        "1h",
        "--bars",
        "1,4,400",
    ];
    let found = home.json(&line);
    assert_eq!(
        (&found["asset"], &found["articles"], &found["bars"]),
        (&"BTC".into(), &0.into(), &300.into())
    );
    for news in ["positive", "negative"] {
        let responses = found[news].as_array().unwrap();
        let bars: Vec<u64> = responses
            .iter()
            .map(|one| one["bars"].as_u64().unwrap())
            .collect();
        assert_eq!(bars, [1, 4, 400]);
        for one in responses {
            assert!(one["events"] == 0 && one["mean"].is_null() && one["low"].is_null());
            assert_eq!(
                one["usual"].is_null(),
                one["bars"] == 400,
                "no 400 candles follow any"
            );
        }
    }
    assert!(
        home.run(&line)
            .stdout
            .contains("0 scored articles about BTC beside 300 candles")
    );
    home.error(&[&line[..], &["--strong", "2"]].concat(), "invalid");
    home.error(&[&line[..5], &["--bars", "0"]].concat(), "invalid");
    home.error(
        &["sentiment", "study", "ETHUSDT", "--interval", "1h"],
        "not_found",
    );
}
