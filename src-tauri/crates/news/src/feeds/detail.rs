//! Everything that a feed document states, as data under the names that Python's feedparser has made common.

use feedparser_rs::types::{Content, Enclosure, Entry, FeedMeta, Link, ParsedFeed, Person, Tag};
use jiff::tz::Offset;
use serde_json::{Map, Value, json};

use super::released;

/// The document as data: `feed`, `entries`, and `bozo` when it is no well-formed XML.
pub(super) fn document(parsed: &ParsedFeed) -> Value {
    json!({
        "version": parsed.version.to_string(),
        "bozo": parsed.bozo,
        "feed": of_feed(&parsed.feed),
        "entries": parsed.entries.iter().map(of_entry).collect::<Vec<_>>(),
    })
}

fn of_feed(feed: &FeedMeta) -> Value {
    let mut fields = Fields::default();
    fields.text("title", feed.title.as_deref());
    fields.text("link", feed.link.as_deref());
    fields.text("id", feed.id.as_deref());
    fields.text("subtitle", feed.subtitle.as_deref());
    fields.text("summary", feed.summary.as_deref());
    fields.text("language", feed.language.as_deref());
    fields.text("rights", feed.rights.as_deref().or(feed.dc_rights.as_deref()));
    fields.text("generator", feed.generator.as_deref());
    fields.text("author", feed.author.as_deref().or(feed.dc_creator.as_deref()));
    fields.date("published_parsed", feed.published.map(|at| at.timestamp()));
    fields.date("updated_parsed", feed.updated.map(|at| at.timestamp()));
    let author = feed.author.as_deref().or(feed.dc_creator.as_deref());
    fields.value("author_detail", detail_of(author, feed.author_detail.as_ref()));
    fields.list("authors", &feed.authors, person);
    fields.list("tags", &feed.tags, tag);
    fields.list("links", &feed.links, link);
    Value::Object(fields.0)
}

fn of_entry(entry: &Entry) -> Value {
    let mut fields = Fields::default();
    fields.text("title", entry.title.as_deref());
    fields.text("link", entry.link.as_deref());
    fields.text("id", entry.id.as_deref());
    fields.text("summary", entry.summary.as_deref());
    fields.text("rights", entry.rights.as_deref().or(entry.dc_rights.as_deref()));
    fields.text("author", entry.author.as_deref().or(entry.dc_creator.as_deref()));
    fields.text("language", entry.language.as_deref());
    fields.date(
        "published_parsed",
        entry.published.or(entry.dc_date).map(|at| at.timestamp()),
    );
    fields.date(
        "updated_parsed",
        entry.updated.or(entry.dc_date).map(|at| at.timestamp()),
    );
    let author = entry.author.as_deref().or(entry.dc_creator.as_deref());
    fields.value("author_detail", detail_of(author, entry.author_detail.as_ref()));
    fields.list("authors", &entry.authors, person);
    fields.list("tags", &entry.tags, tag);
    fields.list("content", &entry.content, content);
    fields.list("enclosures", &entry.enclosures, enclosure);
    fields.list("links", &entry.links, link);
    Value::Object(fields.0)
}

/// What is known of an author: feeds write `name (address)`, `address (name)` and `name <address>` into one field, and what
/// the parser makes of that may have the two the wrong way round.
fn detail_of(author: Option<&str>, known: Option<&Person>) -> Option<Value> {
    let mut detail = known.map_or_else(|| json!({}), person);
    let fields = detail.as_object_mut()?;
    let has_address = |text: Option<&Value>| {
        text.and_then(Value::as_str)
            .is_some_and(|text| text.contains('@'))
    };
    if !fields.contains_key("name") || has_address(fields.get("name")) {
        let (name, address) = name_and_address(author.unwrap_or_default());
        let stated = [("name", Some(name)), ("email", address)];
        for (field, text) in stated {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                fields.insert(field.to_owned(), Value::String(text.to_owned()));
            }
        }
    }
    (!fields.is_empty()).then_some(detail)
}

fn name_and_address(author: &str) -> (&str, Option<&str>) {
    let halves = ['(', '<'].into_iter().find_map(|open| author.split_once(open));
    let Some((before, inside)) = halves else {
        return (author, None);
    };
    let (before, inside) = (before.trim(), inside.trim_end_matches([')', '>']).trim());
    match (before.contains('@'), inside.contains('@')) {
        (true, _) => (inside, Some(before)),
        (_, true) => (before, Some(inside)),
        _ => (author, None),
    }
}

fn person(person: &Person) -> Value {
    let mut fields = Fields::default();
    fields.text("name", person.name.as_deref());
    fields.text("email", person.email.as_deref());
    fields.text("href", person.uri.as_deref());
    Value::Object(fields.0)
}

fn tag(tag: &Tag) -> Value {
    json!({ "term": tag.term.as_str() })
}

fn content(content: &Content) -> Value {
    json!({ "value": released(&content.value), "type": content.content_type.as_deref() })
}

fn enclosure(enclosure: &Enclosure) -> Value {
    json!({ "href": released(&enclosure.url), "type": enclosure.enclosure_type.as_deref(), "length": enclosure.length.as_deref() })
}

fn link(link: &Link) -> Value {
    json!({ "href": released(&link.href), "rel": link.rel.as_deref(), "type": link.link_type.as_deref(), "title": link.title.as_deref(), "length": link.length.as_deref() })
}

/// Fields that are there.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn value(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value);
        }
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        self.value(name, text.map(|text| Value::String(released(text).into_owned())));
    }

    /// A date as its six numbers in UTC; `at` in seconds since 1970.
    fn date(&mut self, name: &str, at: Option<i64>) {
        let at = at.and_then(|at| jiff::Timestamp::from_second(at).ok());
        self.value(
            name,
            at.map(|at| {
                let utc = Offset::UTC.to_datetime(at);
                json!([
                    utc.year(),
                    utc.month(),
                    utc.day(),
                    utc.hour(),
                    utc.minute(),
                    utc.second()
                ])
            }),
        );
    }

    fn list<T>(&mut self, name: &str, list: &[T], each: impl Fn(&T) -> Value) {
        if !list.is_empty() {
            self.value(name, Some(list.iter().map(each).collect()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_told_apart() {
        let check = |author: &str, name: &str, address: Option<&str>| {
            assert_eq!(name_and_address(author), (name, address), "{author}");
        };
        check("Ann Lee (ann@a.example)", "Ann Lee", Some("ann@a.example"));
        check("ann@a.example (Ann Lee)", "Ann Lee", Some("ann@a.example"));
        check("Ann Lee <ann@a.example>", "Ann Lee", Some("ann@a.example"));
        check("Ann Lee (Reuters)", "Ann Lee (Reuters)", None);
        check("Ann Lee", "Ann Lee", None);
        check("", "", None);
    }
}
