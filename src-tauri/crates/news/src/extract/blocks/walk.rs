//! The walk over a page's tree that cuts its text into blocks.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::{Html, Node, node::Element};

use super::names;
use super::{Block, Place, Tag};
use crate::extract::grams;
use crate::extract::packs::{Mark, Marks};
use crate::text;

/// Blocks of a page that are looked at.
const MOST_BLOCKS: usize = 20_000;

const SKIPPED: [&str; 14] = [
    "script", "style", "noscript", "template", "iframe", "object", "svg", "head", "textarea", "select",
    "button", "audio", "video", "canvas",
];
const INLINE: [&str; 38] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "strike", "sub",
    "sup", "time", "tt", "u", "var", "wbr", "img", "picture", "source",
];

/// What is known on entering an element.
#[derive(Clone, Copy, Debug)]
struct Scope {
    place: Place,
    tag: Tag,
    /// Elements around, the nearest first, beginning with the block's own.
    around: [u32; 4],
    /// Tag and class of the own block element, and of the one around.
    makes: [u64; 2],
    in_link: bool,
    in_stress: bool,
    mark: Option<Mark>,
}

/// The text that is being gathered.
#[derive(Debug, Default)]
struct Run {
    text: String,
    linked: u32,
    stressed: u32,
}

/// The blocks of a page in its order, with what a rule pack says of each.
pub(in crate::extract) fn blocks(page: &Html, marks: &Marks) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut scopes = vec![Scope {
        place: Place::default(),
        tag: Tag::Other,
        around: [0; 4],
        makes: [0; 2],
        in_link: false,
        in_stress: false,
        mark: None,
    }];
    let mut run = Run::default();
    let mut opened = 0_u32;
    let mut skipped = 0_usize;
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    let name = element.name();
                    let is_inline = INLINE.contains(&name);
                    let is_left_out = || {
                        is_fact(element)
                            || (is_inline && (is_for_screen_readers(element) || marks.leave_out(node.id())))
                    };
                    if skipped > 0 || SKIPPED.contains(&name) || is_left_out() {
                        skipped += 1;
                        continue;
                    }
                    let Some(outer) = scopes.last().copied() else {
                        break;
                    };
                    opened += 1;
                    if !is_inline && !matches!(name, "td" | "th") {
                        flush(&mut run, &outer, &mut blocks);
                    } else if !is_inline {
                        run.text.push(' ');
                    }
                    let mut scope = entered(&outer, element, is_inline, opened);
                    scope.mark = marks.of(node.id(), outer.mark);
                    scopes.push(scope);
                }
                Node::Text(text) if skipped == 0 => {
                    if let Some(scope) = scopes.last() {
                        let letters = count_letters(text);
                        run.linked += if scope.in_link { letters } else { 0 };
                        run.stressed += if scope.in_stress { letters } else { 0 };
                        run.text.push_str(text);
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                if !is_element(&node) {
                    continue;
                }
                if skipped > 0 {
                    skipped -= 1;
                    continue;
                }
                let Some(scope) = scopes.pop() else { break };
                let name = node.value().as_element().map_or("", Element::name);
                if !INLINE.contains(&name) && !matches!(name, "td" | "th") {
                    flush(&mut run, &scope, &mut blocks);
                }
            }
        }
        if blocks.len() >= MOST_BLOCKS {
            break;
        }
    }
    blocks
}

fn is_element(node: &NodeRef<'_, Node>) -> bool {
    node.value().is_element()
}

/// Whether the element states a fact about the article for programs, which is shown to nobody or is no part of the text.
fn is_fact(element: &Element) -> bool {
    const FACTS: [&str; 9] = [
        "publisher",
        "logo",
        "image",
        "url",
        "thumbnailurl",
        "keywords",
        "datemodified",
        "width",
        "height",
    ];
    element.name() != "figure"
        && element
            .attr("itemprop")
            .is_some_and(|name| FACTS.contains(&name.trim().to_ascii_lowercase().as_str()))
}

/// Whether the element is read out and not shown: `, opens new tab` behind a link.
fn is_for_screen_readers(element: &Element) -> bool {
    const NAMES: [&str; 4] = [
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
    ];
    let mut names = element.attr("class").unwrap_or_default().split_ascii_whitespace();
    let is_cut_off = |style: &str| {
        let style = compact(style);
        style.contains("clip:rect(0") || style.contains("clip:rect(1px")
    };
    names.any(|name| NAMES.contains(&name)) || element.attr("style").is_some_and(is_cut_off)
}

/// A style in lower case and without blanks.
fn compact(style: &str) -> String {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    style.to_ascii_lowercase()
}

fn count_letters(text: &str) -> u32 {
    let count = text.chars().filter(|c| c.is_alphanumeric()).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Ends the run as a block of `scope`.
fn flush(run: &mut Run, scope: &Scope, blocks: &mut Vec<Block>) {
    let run = std::mem::take(run);
    let text = text::line_of(&run.text);
    if text.is_empty() {
        return;
    }
    let [_, around @ ..] = scope.around;
    blocks.push(Block {
        words: grams::words(&text),
        letters: count_letters(&text),
        linked: run.linked,
        stressed: run.stressed,
        tag: scope.tag,
        place: scope.place,
        mark: scope.mark,
        containers: around,
        make: grams::joined(&scope.makes),
        text,
    });
}

fn entered(outer: &Scope, element: &Element, is_inline: bool, number: u32) -> Scope {
    let mut scope = *outer;
    let name = element.name();
    let place = &mut scope.place;
    place.depth = place.depth.saturating_add(1);
    let mut told = [false; names::KINDS];
    let mut make = grams::mixed(7, hashed(name));
    if let Some(class) = element.attr("class") {
        told = names::kinds(&class.to_ascii_lowercase());
        make = grams::mixed(make, hashed(class));
    }
    if let Some(id) = element.attr("id") {
        let of_id = names::kinds(&id.to_ascii_lowercase());
        told.iter_mut().zip(of_id).for_each(|(told, id)| *told |= id);
    }
    if let Some(property) = element.attr("itemprop") {
        let of_property = names::kinds(&property.to_ascii_lowercase());
        told.iter_mut()
            .zip(of_property)
            .for_each(|(told, property)| *told |= property);
    }
    for (distance, told) in place.named.iter_mut().zip(told) {
        *distance = if told {
            1
        } else if *distance > 0 {
            distance.saturating_add(1)
        } else {
            0
        };
    }
    match name {
        "article" => place.article = true,
        "main" => place.main = true,
        "aside" => place.aside = true,
        "nav" | "menu" => place.navigation = true,
        "header" => place.header = true,
        "footer" => place.footer = true,
        "form" => place.form = true,
        "figure" | "figcaption" => place.figure = true,
        "table" => place.table = true,
        "ul" | "ol" | "dl" => place.list = true,
        "blockquote" => place.quote = true,
        "dialog" => place.hidden = true,
        _ => {}
    }
    place.comments |= is_comments(element);
    place.main |= element.attr("role") == Some("main");
    place.hidden |= element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
        || element.attr("style").is_some_and(hides);
    scope.in_link |= name == "a";
    scope.in_stress |= matches!(name, "b" | "strong" | "em" | "i");
    if !is_inline {
        let [a, b, c, _] = outer.around;
        scope.around = [number, a, b, c];
        let [own, _] = outer.makes;
        scope.makes = [make, own];
        scope.tag = match name {
            "p" => Tag::Paragraph,
            "h1" => Tag::Headline,
            "h2" | "h3" | "h4" | "h5" | "h6" => Tag::Subheading,
            "li" => Tag::Item,
            "tr" | "td" | "th" => Tag::Row,
            "blockquote" => Tag::Quote,
            "figcaption" | "caption" => Tag::Caption,
            "pre" => Tag::Preformatted,
            "dd" | "dt" => Tag::Definition,
            "div" | "section" | "article" => Tag::Division,
            "br" => outer.tag,
            _ => Tag::Other,
        };
    }
    scope
}

/// Whether the element is called what holds the comments of readers, or one of them.
fn is_comments(element: &Element) -> bool {
    if matches!(element.name(), "html" | "body" | "main" | "article") {
        return false;
    }
    let is_named = |name: &str| {
        let name = name.to_ascii_lowercase();
        let is_comments = (name.starts_with("comment") && !name.starts_with("commentar"))
            || name.starts_with("kommentar")
            || name.contains("-comment")
            || name.contains("_comment");
        is_comments && !name.contains("count") && !name.contains("no-comment") && !name.contains("link")
    };
    let names = |attribute: &str| {
        element
            .attr(attribute)
            .unwrap_or_default()
            .split_ascii_whitespace()
    };
    names("class").chain(names("id")).any(is_named)
}

fn hides(style: &str) -> bool {
    let style = compact(style);
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn hashed(text: &str) -> u64 {
    text.bytes()
        .fold(11, |hash, byte| grams::mixed(hash, u64::from(byte)))
}
