//! Lists of feeds as other readers write and read them (OPML 2.0).

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};

use crate::text;

/// Feeds read from one list.
const MOST_FEEDS: usize = 10_000;
/// The longest name kept, in bytes.
const LONGEST_TITLE: usize = 300;

/// A feed of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFeed {
    /// Its name; its address where it has none.
    pub title: String,
    /// Its address as it stands in the list.
    pub url: String,
}

/// The feeds of an OPML document, in its order, whatever folders they lie in, each address once. A document that breaks off
/// gives what stands before the break; one that is no OPML gives none.
#[must_use]
pub fn read_opml(bytes: &[u8]) -> Vec<ListedFeed> {
    let document = text::decode_html(bytes, None);
    let mut reader = Reader::from_str(&document);
    reader.config_mut().check_end_names = false;
    let mut feeds: Vec<ListedFeed> = Vec::new();
    while feeds.len() < MOST_FEEDS {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                if let Some(feed) = outline(&element)
                    && feeds.iter().all(|known| known.url != feed.url)
                {
                    feeds.push(feed);
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    feeds
}

fn outline(element: &BytesStart<'_>) -> Option<ListedFeed> {
    if !element.name().as_ref().eq_ignore_ascii_case("outline") {
        return None;
    }
    let attribute = |wanted: &str| {
        let mut attributes = element.attributes();
        let mut all = attributes.with_checks(false).flatten();
        let found = all.find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(wanted))?;
        let value = found.value.into_owned();
        let value =
            quick_xml::escape::unescape(&value).map_or_else(|_| value.clone(), |text| text.into_owned());
        Some(text::line_of(&value)).filter(|value| !value.is_empty())
    };
    let url = attribute("xmlUrl")?;
    let title = attribute("title").or_else(|| attribute("text"));
    let title = title.unwrap_or_else(|| url.clone());
    Some(ListedFeed {
        title: text::truncated(&title, LONGEST_TITLE).to_owned(),
        url,
    })
}

/// These feeds as an OPML document.
#[must_use]
pub fn write_opml(feeds: &[ListedFeed]) -> String {
    let mut document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head><title>Promptpal sources</title></head>\n  <body>\n".to_owned();
    for feed in feeds {
        let (title, url) = (written(&feed.title), written(&feed.url));
        document.push_str(&format!(
            "    <outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"{url}\"/>\n"
        ));
    }
    document.push_str("  </body>\n</opml>\n");
    document
}

/// As an attribute's value. Control characters have no form in XML at all.
fn written(value: &str) -> String {
    let plain: String = value.chars().filter(|c| !c.is_control()).collect();
    escape(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(title: &str, url: &str) -> ListedFeed {
        ListedFeed {
            title: title.to_owned(),
            url: url.to_owned(),
        }
    }

    #[test]
    fn reads_lists_of_other_readers() {
        let list = br#"<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
            <outline text="Crypto"><outline text="A &amp; B" type="rss" xmlUrl="https://a.example/feed?x=1&amp;y=2" htmlUrl="https://a.example"/>
            <OUTLINE TITLE="Second" text="ignored" xmlurl='https://b.example/rss'></OUTLINE></outline>
            <outline text="a folder"/><outline xmlUrl="https://c.example/atom"/>
            <outline text="again" xmlUrl="https://b.example/rss"/>
            <outline text="bare & wrong" xmlUrl="https://d.example/?a=1&b=2"/>
            <outline text="cut" xmlUrl="https://e.exam"#;
        assert_eq!(
            read_opml(list),
            [
                feed("A & B", "https://a.example/feed?x=1&y=2"),
                feed("Second", "https://b.example/rss"),
                feed("https://c.example/atom", "https://c.example/atom"),
                feed("bare & wrong", "https://d.example/?a=1&b=2"),
            ]
        );
        let utf16: Vec<u8> =
            "\u{feff}<opml><body><outline text='é' xmlUrl='https://f.example/'/></body></opml>"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect();
        assert_eq!(read_opml(&utf16), [feed("é", "https://f.example/")]);
        assert_eq!(read_opml(b"title,url\nA,https://a.example"), []);
        assert_eq!(read_opml(b""), []);
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(names in proptest::collection::vec("[ -~é€\"<>&']{0,30}", 0..6)) {
            let feeds: Vec<ListedFeed> = names.iter().enumerate().map(|(n, name)| {
                let url = format!("https://{n}.example/?q={}&x='\"<>", name.len());
                let title = text::line_of(name);
                feed(if title.is_empty() { &url } else { &title }, &url)
            }).collect();
            proptest::prop_assert_eq!(read_opml(write_opml(&feeds).as_bytes()), feeds);
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), text in "(<outline |xmlUrl=|'|\"|&|;|>|/|x){0,40}") {
            let _ = (read_opml(&bytes), read_opml(text.as_bytes()));
        }
    }
}
