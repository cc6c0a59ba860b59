use super::*;

fn one(xml: &str) -> FeedItem {
    parse_feed(xml.as_bytes(), None)
        .unwrap()
        .items
        .into_iter()
        .next()
        .unwrap()
}

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Sample &amp; Ledger</title><link>https://ledger.example/</link><ttl>30</ttl>
<item><title>Bitcoin &lt;b&gt;rises&lt;/b&gt; &amp;amp; falls</title><link>https://ledger.example/a?utm_source=rss</link>
<guid isPermaLink="false">id-1</guid><pubDate>Mon, 06 Jan 2025 08:30:00 +0100</pubDate><dc:creator>Ann Lee</dc:creator>
<description><![CDATA[<p>First <a href="x">line</a>.</p><script>alert(1)</script><p>Second.</p>]]></description></item>
<item><title>No address</title></item>
<item><guid>https://ledger.example/b</guid><title>Address in the id</title><pubDate>whenever</pubDate></item>
</channel></rss>"#;

#[test]
fn reads_rss() {
    let feed = parse_feed(RSS.as_bytes(), Some("application/rss+xml; charset=utf-8")).unwrap();
    assert_eq!(feed.title, "Sample & Ledger");
    assert_eq!(feed.link.as_deref(), Some("https://ledger.example/"));
    assert_eq!(feed.ttl, Some(Duration::from_secs(1800)));
    assert_eq!(feed.without_address, 1);
    assert_eq!(
        feed.items.first(),
        Some(&FeedItem {
            guid: "id-1".to_owned(),
            url: "https://ledger.example/a".to_owned(),
            title: "Bitcoin rises & falls".to_owned(),
            summary: "First line.\n\nSecond.".to_owned(),
            published: Some("2025-01-06T07:30:00Z".parse().unwrap()),
            date_note: DateNote::Stated,
            author: Some("Ann Lee".to_owned()),
        })
    );
    let second = &feed.items[1];
    assert_eq!(
        (second.url.as_str(), second.guid.as_str()),
        ("https://ledger.example/b", "https://ledger.example/b")
    );
    assert_eq!((second.published, second.date_note), (None, DateNote::Unreadable));
}

#[test]
fn reads_atom() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">Daily &amp;amp; more</title>
      <entry><title type="text">1 &lt; 2</title><id>urn:1</id><link rel="self" href="https://d.example/self"/>
      <link href="https://d.example/x#top"/><published>2025-01-06T08:30:00+01:00</published><updated>2025-01-07T08:30:00Z</updated>
      <summary type="html">&lt;p&gt;Told.&lt;/p&gt;</summary><author><name>Bo</name></author></entry></feed>"#;
    let feed = parse_feed(atom.as_bytes(), None).unwrap();
    assert_eq!(feed.title, "Daily & more");
    let item = &feed.items[0];
    assert_eq!(item.url, "https://d.example/x");
    assert_eq!(item.summary, "Told.");
    assert_eq!(item.published.unwrap().to_string(), "2025-01-06T07:30:00Z");
    assert_eq!(item.author.as_deref(), Some("Bo"));
}

#[test]
fn reads_json_feed() {
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"7","url":"https://j.example/7","title":"T","content_text":"Body","date_published":"2025-01-06T08:30:00Z"}]}"#;
    let item = one(json);
    assert_eq!(
        (item.guid.as_str(), item.url.as_str(), item.summary.as_str()),
        ("7", "https://j.example/7", "Body")
    );
}

#[test]
fn reads_other_encodings() {
    let check = |bytes: Vec<u8>, kind: Option<&str>, expected: &str| {
        assert_eq!(
            parse_feed(&bytes, kind).unwrap().items[0].title,
            expected,
            "{kind:?}"
        );
    };
    let rss = |encoding: &str, title: &str| {
        format!(
            "<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel><title>t</title><item><link>https://a.example/</link><title>{title}</title></item></channel></rss>"
        )
    };
    check(rss("utf-8", "Zürich").into_bytes(), None, "Zürich");
    let latin: Vec<u8> = rss("iso-8859-1", "Zürich")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    check(latin.clone(), None, "Zürich");
    check(latin, Some("text/xml; charset=\"ISO-8859-1\""), "Zürich");
    // Declared wrongly, as often seen.
    check(rss("iso-8859-1", "Zürich").into_bytes(), None, "Zürich");
    let utf16: Vec<u8> = rss("utf-16", "Zürich")
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    check([vec![0xfe, 0xff], utf16.clone()].concat(), None, "Zürich");
    check(utf16, None, "Zürich");
}

#[test]
fn addresses_of_doubles_are_kept() {
    for address in [
        "http://127.0.0.1:8080/x",
        "http://localhost/x",
        "http://[::1]:80/x",
        "https://192.168.1.4/x",
    ] {
        let rss = format!(
            "<rss version='2.0'><channel><item><link>{address}</link><guid isPermaLink='false'>of {address}</guid><description>see {address}</description></item></channel></rss>"
        );
        let atom = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>of {address}</id><link href='{address}'/><summary>see {address}</summary></entry></feed>"
        );
        for document in [rss, atom] {
            let item = one(&document);
            assert_eq!(Some(item.url), canonical_url(address));
            assert_eq!(
                (item.guid, item.summary),
                (format!("of {address}"), format!("see {address}"))
            );
        }
    }
}

#[test]
fn dates_are_honest() {
    let now: Timestamp = "2025-01-06T12:00:00Z".parse().unwrap();
    let check = |date: &str, expected: Option<&str>, note: DateNote| {
        let item = one(&format!(
            "<rss version='2.0'><channel><item><link>https://a.example/</link>{date}</item></channel></rss>"
        ));
        let item = item.believable_at(now);
        assert_eq!(
            item.published.map(|at| at.to_string()).as_deref(),
            expected,
            "{date}"
        );
        assert_eq!(item.date_note, note, "{date}");
    };
    check(
        "<pubDate>Mon, 06 Jan 2025 11:00:00 GMT</pubDate>",
        Some("2025-01-06T11:00:00Z"),
        DateNote::Stated,
    );
    check(
        "<pubDate>Mon, 06 Jan 2025 12:05:00 GMT</pubDate>",
        Some("2025-01-06T12:05:00Z"),
        DateNote::Stated,
    );
    check(
        "<pubDate>Mon, 06 Jan 2025 18:00:00 GMT</pubDate>",
        None,
        DateNote::Future,
    );
    check(
        "<pubDate>Wed, 06 Jan 2099 18:00:00 GMT</pubDate>",
        None,
        DateNote::Future,
    );
    check(
        "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>",
        None,
        DateNote::Unreadable,
    );
    check("<pubDate>3 hours ago</pubDate>", None, DateNote::Unreadable);
    check("", None, DateNote::Missing);
}

#[test]
fn malformed_documents_give_what_they_have_or_an_error() {
    let check = |document: &str, expected: Option<usize>| {
        let items = parse_feed(document.as_bytes(), None)
            .ok()
            .map(|feed| feed.items.len());
        assert_eq!(items, expected, "{document:.60}");
    };
    check("", None);
    check("not a feed", None);
    check("<!doctype html><html><body>404</body></html>", None);
    check("{\"a\":1}", None);
    check(
        "<?xml version='1.0'?><!-- x --><rss version='2.01'><channel/></rss>",
        Some(0),
    );
    check(
        "<rss><channel><item><link>https://a.example/</link><title>no version</title></item></channel></rss>",
        Some(1),
    );
    check(
        "<rss version='2.0'><channel><item><link>https://a.example/</link><title>cut",
        Some(1),
    );
    check(
        "\n\n  <?xml version='1.0'?><rss version='2.0'><channel><item><link>https://a.example/</link></item></channel></rss>",
        Some(1),
    );
    check(
        "<rss version='2.0'><channel><item><link>javascript:alert(1)</link><title>x</title></item></channel></rss>",
        Some(0),
    );
}

proptest::proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let _ = parse_feed(&bytes, None);
    }

    #[test]
    fn never_panics_on_near_feeds(inner in "(</?(rss|channel|item|title|link|guid|pubDate|entry|feed|summary|content)( [a-z]{1,6}=\"[a-z:/.]{0,12}\")?/?>|<!\\[CDATA\\[|\\]\\]>|&[a-z#0-9]{0,5};|[ -~é]{0,12}){0,25}") {
        let _ = parse_feed(format!("<rss version='2.0'>{inner}").as_bytes(), None);
        let _ = parse_feed(format!("<feed xmlns='http://www.w3.org/2005/Atom'>{inner}").as_bytes(), None);
    }
}

#[test]
fn names_of_characters_are_read() {
    let check = |title: &str, expected: &str| {
        let document = format!("<rss version='2.0'><channel><title>{title}</title></channel></rss>");
        let feed = parse_feed(document.as_bytes(), None).unwrap();
        assert_eq!(feed.title, expected, "{title}");
    };
    check("Caf&eacute; &ndash; one&nbsp;more", "Café – one more");
    check("AT&amp;T &lt;b&gt;rises", "AT&T rises");
    check("&hellip;&unknown;", "…&unknown;");
    let own = b"<!DOCTYPE rss [<!ENTITY eacute 'own'>]><rss version='2.0'><channel><title>x</title></channel></rss>";
    assert_eq!(parse_feed(own, None).unwrap().title, "x");
}
