//! From bytes to characters, and from markup to plain text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use scraper::{Html, Node};

/// How far into a document its own statement of its encoding is looked for.
const PRESCAN: usize = 2048;
/// The longest fragment of markup that is read; the rest of it is dropped.
const LONGEST_FRAGMENT: usize = 256 << 10;

const SKIPPED: [&str; 11] = [
    "script", "style", "noscript", "template", "iframe", "object", "svg", "head", "textarea", "select",
    "button",
];
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "table",
    "blockquote",
    "pre",
    "section",
    "article",
    "header",
    "footer",
    "figure",
    "figcaption",
    "hr",
    "dd",
];

/// The characters of an HTML or XML document: by its byte order mark, else by valid UTF-8, else by what the transport or
/// the document itself states, else as Windows-1252.
pub(crate) fn decode_html(bytes: &[u8], stated: Option<&str>) -> String {
    if let Some(text) = utf_32(bytes) {
        return text;
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    let label = |name: &str| Encoding::for_label(name.trim().as_bytes());
    let declared = stated.and_then(label).or_else(|| declared(bytes));
    match declared {
        // Text of more than ASCII that is valid UTF-8 is UTF-8, whatever else is claimed about it.
        Some(encoding) if !is_telling_utf8(bytes) => {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        Some(_) => UTF_8.decode_without_bom_handling(bytes).0.into_owned(),
        None => match (std::str::from_utf8(bytes), utf16_without_mark(bytes)) {
            (_, Some(encoding)) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            (Ok(text), None) => text.to_owned(),
            (Err(_), None) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        },
    }
}

fn is_telling_utf8(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()
}

fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, b'<', 0, _, ..] => Some(UTF_16BE),
        [b'<', 0, _, 0, ..] => Some(UTF_16LE),
        _ => None,
    }
}

/// UTF-32 in either order, told by its byte order mark or by a first character below U+0080.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 4]) -> u32 = match bytes {
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, 1..=0x7f, ..] => u32::from_be_bytes,
        [0xff, 0xfe, 0, 0, ..] | [1..=0x7f, 0, 0, 0, ..] => u32::from_le_bytes,
        _ => return None,
    };
    let (units, _) = bytes.as_chunks::<4>();
    let characters = units
        .iter()
        .map(|&bytes| char::from_u32(unit(bytes)).unwrap_or(char::REPLACEMENT_CHARACTER));
    Some(characters.filter(|&c| c != '\u{feff}').collect())
}

/// The encoding that the document names: `<?xml encoding="...">`, `<meta charset=...>` or the meta http-equiv form.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..PRESCAN).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let xml = head
        .trim_start()
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split("?>").next());
    let in_xml = xml.and_then(|declaration| value_after(declaration, "encoding"));
    let in_meta = || {
        head.split("<meta")
            .skip(1)
            .find_map(|rest| value_after(rest.split('>').next()?, "charset"))
    };
    let name = in_xml.or_else(in_meta)?;
    let encoding = Encoding::for_label(name.as_bytes())?;
    // A document whose declaration could be read byte by byte is not in UTF-16.
    Some(if encoding == UTF_16BE || encoding == UTF_16LE {
        UTF_8
    } else {
        encoding
    })
}

fn value_after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text
        .split_once(name)?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let rest = rest.trim_start_matches(['"', '\'']);
    rest.split(['"', '\'', ' ', ';', '/', '>', '?'])
        .next()
        .filter(|value| !value.is_empty())
}

/// The text of a fragment of markup: tags gone, entities read, blocks on lines of their own, [`clean`].
pub(crate) fn from_markup(fragment: &str) -> String {
    from_page(truncated(fragment, LONGEST_FRAGMENT))
}

/// [`from_markup`] without its bound, for markup that has been bounded before.
pub(crate) fn from_page(fragment: &str) -> String {
    if !fragment.contains(['<', '&']) {
        return clean(fragment);
    }
    if !crate::extract::is_walkable(fragment) {
        return String::new();
    }
    let html = Html::parse_fragment(fragment);
    let mut text = String::with_capacity(fragment.len());
    let mut skipped_depth = 0_usize;
    for edge in html.tree.root().traverse() {
        let (node, opens) = match edge {
            ego_tree::iter::Edge::Open(node) => (node, true),
            ego_tree::iter::Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Element(element) if SKIPPED.contains(&element.name()) => {
                skipped_depth = if opens {
                    skipped_depth + 1
                } else {
                    skipped_depth.saturating_sub(1)
                };
            }
            Node::Element(element) if skipped_depth == 0 && BLOCKS.contains(&element.name()) => {
                text.push('\n')
            }
            Node::Element(element) if skipped_depth == 0 && matches!(element.name(), "td" | "th" | "dt") => {
                text.push(' ')
            }
            Node::Text(run) if opens && skipped_depth == 0 => text.push_str(run),
            _ => {}
        }
    }
    clean(&text)
}

/// Plain text as it is kept: paragraphs separated by one blank line, single spaces, no control or direction characters.
pub(crate) fn clean(text: &str) -> String {
    let mut paragraphs = Vec::new();
    for line in text.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let line = line_of(line);
        if !line.is_empty() {
            paragraphs.push(line);
        }
    }
    paragraphs.join("\n\n")
}

/// Text on one line.
pub(crate) fn line_of(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut pending_space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            pending_space = !line.is_empty();
        } else if !is_invisible(c) {
            if std::mem::take(&mut pending_space) {
                line.push(' ');
            }
            line.push(c);
        }
    }
    line
}

/// Control characters and those that turn the direction of text or hide in it.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// The beginning of `text`, at most `bytes` long.
pub(crate) fn truncated(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        let check = |markup: &str, expected: &str| assert_eq!(from_markup(markup), expected, "{markup}");
        check(
            "<p>Bitcoin&nbsp;rose <b>5&#37;</b></p><p>Ether fell</p>",
            "Bitcoin rose 5%\n\nEther fell",
        );
        check("AT&amp;T &lt;b&gt; stays text", "AT&T <b> stays text");
        check("a<script>alert('x')</script>b<style>p{}</style>c", "abc");
        check("<img src=x onerror=alert(1)>picture", "picture");
        check("one<br>two<br/>three", "one\n\ntwo\n\nthree");
        check("plain  text\u{202e}\u{0} \n\n\n next ", "plain text\n\nnext");
        check("<noscript><p>hidden</p></noscript>shown", "shown");
        check("<scr<script>ipt>alert(1)</script>", "ipt>alert(1)");
        check("", "");
    }

    #[test]
    fn encodings_are_told() {
        let check = |bytes: &[u8], stated: Option<&str>, expected: &str| {
            assert_eq!(decode_html(bytes, stated), expected, "{stated:?}");
        };
        check("<p>é".as_bytes(), None, "<p>é");
        check("<p>é".as_bytes(), Some("iso-8859-1"), "<p>é");
        check(b"<p>\xe9", Some("iso-8859-1"), "<p>é");
        check(b"<p>\xe9", None, "<p>é");
        check(b"\xef\xbb\xbf<p>x", Some("iso-8859-1"), "<p>x");
        check(b"\xfe\xff\x00<\x00p", None, "<p");
        check(b"\x00<\x00p", None, "<p");
        check(b"\0\0\xfe\xff\0\0\0<\0\0\0p", None, "<p");
        check(b"<\0\0\0p\0\0\0\xe9\0\0\0", None, "<pé");
        check(
            b"<?xml version='1.0' encoding='windows-1251'?><a>\xcf",
            None,
            "<?xml version='1.0' encoding='windows-1251'?><a>П",
        );
        check(
            b"<meta http-equiv=x content='text/html; charset=Shift_JIS'>\x83\x72",
            None,
            "<meta http-equiv=x content='text/html; charset=Shift_JIS'>ビ",
        );
        check(b"<meta charset=utf-16><p>x", None, "<meta charset=utf-16><p>x");
        check(b"<p>x", Some("no-such-thing"), "<p>x");
    }

    proptest::proptest! {
        #[test]
        fn no_tag_survives_and_nothing_panics(markup in "(<[a-z/!?]{0,6}[ a-z=\"'<>&;]{0,12}>?|&[a-z#0-9]{0,6};?|[ -~é\n]{0,12}){0,20}") {
            let text = from_markup(&markup);
            proptest::prop_assert!(!text.contains('\r') && !text.contains("\n\n\n"));
        }

        #[test]
        fn any_bytes_are_decoded(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), stated in proptest::option::of("[a-z0-9-]{0,12}")) {
            let _ = decode_html(&bytes, stated.as_deref());
        }
    }
}
