//! Whether a page can be parsed and walked in bounded time and stack, told from its tags without building a tree.

/// Deepest nesting that the tree walks of the parsers are let into.
const DEEPEST: usize = 600;
/// Most tags of a page; the largest real article pages have some tens of thousands.
const MOST_TAGS: usize = 400_000;

/// Elements that need no end tag: they do not nest, however many of them are open.
const FLAT: [&str; 23] = [
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "img", "hr", "meta", "link", "input", "source",
    "wbr", "area", "base", "col", "embed", "track", "tbody", "thead",
];
/// Elements whose content is no markup.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];
/// Elements of drawings, where `/>` closes.
const DRAWING: [&str; 17] = [
    "svg",
    "g",
    "path",
    "use",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polygon",
    "polyline",
    "stop",
    "defs",
    "symbol",
    "mask",
    "clippath",
    "lineargradient",
    "text",
];

/// Whether the page's tags stay within what is parsed at all.
pub(crate) fn is_walkable(html: &str) -> bool {
    let (mut depth, mut tags, mut in_drawing) = (0_usize, 0_usize, false);
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (closes, tag) = after.strip_prefix('/').map_or((false, after), |tag| (true, tag));
        let length = tag.bytes().take(20).take_while(u8::is_ascii_alphanumeric).count();
        let name = tag.get(..length).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() {
            continue;
        }
        tags += 1;
        in_drawing =
            (in_drawing || name == "svg") && DRAWING.contains(&name.as_str()) && !(closes && name == "svg");
        if RAW.contains(&name.as_str()) && !closes && !in_drawing {
            rest = after_end_tag(tag, &name);
        } else if closes {
            depth = depth.saturating_sub(1);
        } else {
            let is_flat = FLAT.contains(&name.as_str()) || (in_drawing && closes_itself(tag));
            depth += usize::from(!is_flat);
        }
        if depth > DEEPEST || tags > MOST_TAGS {
            return false;
        }
    }
    true
}

/// What follows the end tag of the raw element `name`; nothing when it never ends.
fn after_end_tag<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("</") {
        if after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            return after;
        }
        rest = after;
    }
    ""
}

fn closes_itself(tag: &str) -> bool {
    tag.split_once('>')
        .is_some_and(|(inside, _)| inside.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bounded_pages_are_walked() {
        let check = |html: String, expected: bool| assert_eq!(is_walkable(&html), expected, "{html:.60}");
        check("<div>".repeat(600), true);
        check("<div>".repeat(601), false);
        check("<p>text<li>x<br>".repeat(5000), true);
        check(format!("<script>{}</script><p>x", "'<div>'".repeat(5000)), true);
        check(format!("<script>{}", "<div>".repeat(5000)), true);
        check(format!("<!-- {} --><p>x", "<div>".repeat(5000)), true);
        check(format!("<svg>{}</svg>", "<path d='m'/>".repeat(5000)), true);
        check("<path d='m'/>".repeat(5000), false);
        check(format!("<svg><div>{}", "<g/>".repeat(5000)), false);
        check("<a/>".repeat(5000), false);
        check("<br>".repeat(500_000), false);
        check("a < b << c </ d <é>".repeat(1000), true);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(html in "(</?(script|svg|g|div|p|title)?[ a-z=/]{0,6}>?|<!--|-->|é|<){0,40}") {
            let _ = is_walkable(&html);
        }
    }
}
