//! The blocks of a page's text: runs of text that no block element interrupts, each with what is known about where it stands.

mod names;
mod walk;

pub(super) use self::walk::blocks;
use super::packs::Mark;

/// A run of text between the borders of block elements.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// On one line.
    pub(super) text: String,
    /// Its words as numbers, see [`super::grams::words`].
    pub(super) words: Vec<u64>,
    /// Letters and digits.
    pub(super) letters: u32,
    /// Those of them inside of links, and inside of bold or emphasised text.
    pub(super) linked: u32,
    pub(super) stressed: u32,
    /// The nearest block element around it.
    pub(super) tag: Tag,
    /// Where it stands.
    pub(super) place: Place,
    /// What a rule pack says of it.
    pub(super) mark: Option<Mark>,
    /// The three nearest elements around its own, by the order of their beginnings in the page.
    pub(super) containers: [u32; 3],
    /// The same for blocks of the same make: tag and class, and those of the element around.
    pub(super) make: u64,
}

/// Kinds of elements that hold text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Tag {
    Other,
    Paragraph,
    Headline,
    Subheading,
    Item,
    Row,
    Quote,
    Caption,
    Preformatted,
    Definition,
    Division,
}

/// The elements around a text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) article: bool,
    pub(super) main: bool,
    pub(super) aside: bool,
    pub(super) navigation: bool,
    pub(super) header: bool,
    pub(super) footer: bool,
    pub(super) form: bool,
    pub(super) figure: bool,
    pub(super) table: bool,
    pub(super) list: bool,
    pub(super) quote: bool,
    pub(super) hidden: bool,
    /// Among the comments of readers; no number of the model, a rule of its own.
    pub(super) comments: bool,
    /// Elements between the text and the nearest one that is named as something of the kind, beginning with 1; 0 where none is.
    pub(super) named: [u8; names::KINDS],
    pub(super) depth: u8,
}

pub(super) const KINDS: usize = names::KINDS;
