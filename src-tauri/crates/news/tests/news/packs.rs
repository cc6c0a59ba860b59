//! The rule packs on the pages of `tests/pages`, which are made like those of their publishers.

use std::fs;
use std::path::Path;

use promptpal_news::{DateSource, Method, explain, extract};

#[test]
fn each_pack_takes_the_text_of_its_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut tried = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "html") {
            continue;
        }
        let site = path.file_stem().unwrap().to_string_lossy().into_owned();
        let html = fs::read(&path).unwrap();
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap();
        let url = format!("https://www.{site}/x");
        let taken = extract(&html, Some(&url));
        assert_eq!(taken.text, expected.trim_end(), "{site}");
        assert_eq!(taken.method, Method::Pack, "{site}");
        let date = taken.date.unwrap();
        assert_eq!(
            (date.to_string().as_str(), date.source),
            ("2025-01-06T08:30:00+01:00", DateSource::Meta)
        );
        let explained = explain(&html, Some(&url));
        assert!(
            explained.pack.is_some_and(|pack| pack.starts_with(&site)),
            "{site}"
        );
        assert!(
            explained
                .blocks
                .iter()
                .any(|block| block.pack == Some("left out") && !block.kept),
            "{site}"
        );
        tried += 1;
    }
    assert_eq!(tried, 7, "the crypto publishers");
}

#[test]
fn a_pack_that_does_not_fit_loses_nothing() {
    let html = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/decrypt.co.html"))
        .unwrap();
    let rebuilt = html.replace("post-content", "c-9f2");
    let taken = extract(rebuilt.as_bytes(), Some("https://decrypt.co/x"));
    assert_eq!(taken.method, Method::Blocks);
    assert!(
        taken.text.contains("Bitcoin rose on Monday") && taken.text.contains("an analyst of the exchange"),
        "{}",
        taken.text
    );
    // A pack that only finds a small part of what is there is not believed either.
    let part = html
        .replace("post-content", "c-9f2")
        .replace("<h2>", "<h2 class='post-content'>");
    let taken = extract(part.as_bytes(), Some("https://decrypt.co/x"));
    assert!(taken.text.contains("Bitcoin rose on Monday"), "{}", taken.text);
}
