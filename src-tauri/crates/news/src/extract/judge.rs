//! Which blocks of a page are its article.

use scraper::Html;

use super::blocks::{self, Block};
use super::features::{self, Row, Witnesses};
use super::packs::{Mark, Marks};
use super::referee;

/// A block and what was decided about it.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) block: Block,
    pub(super) row: Row,
    /// 0 to 1.
    pub(super) likelihood: f32,
    /// Whether it is left out, however likely it is the article's.
    pub(super) is_ruled_out: bool,
    /// What is as likely as this is kept.
    least: f32,
}

impl Judged {
    /// Whether the block is taken to be the article's.
    pub(super) fn is_kept(&self) -> bool {
        self.likelihood >= self.least && !self.is_ruled_out
    }
}

/// What is as likely as this is kept, and where a rule pack calls it the text.
const LIKELY: f32 = 0.5;
const NOT_UNLIKELY: f32 = 0.1;

/// Whether a text is nothing but an address.
fn is_address(text: &str) -> bool {
    text.starts_with("http") && text.contains("://") && !text.contains(' ')
}

/// All blocks of a page in its order.
pub(super) fn judged(page: &Html, witnesses: &Witnesses, marks: &Marks) -> Vec<Judged> {
    let blocks = blocks::blocks(page, marks);
    let rows = features::rows(&blocks, witnesses);
    let mut judged: Vec<Judged> = blocks
        .into_iter()
        .zip(rows)
        .map(|(block, row)| Judged {
            likelihood: referee::likelihood(&row),
            is_ruled_out: is_address(&block.text),
            least: LIKELY,
            block,
            row,
        })
        .collect();
    // What readers wrote is not the article's, unless it is nearly all there is: then the names mislead.
    let letters = |among: bool| {
        let likely = judged
            .iter()
            .filter(|one| one.likelihood >= LIKELY && one.block.place.comments == among);
        likely.map(|one| one.block.letters).sum::<u32>()
    };
    if letters(true) <= letters(false) {
        judged
            .iter_mut()
            .for_each(|one| one.is_ruled_out |= one.block.place.comments);
    }
    follow_marks(&mut judged);
    judged
}

/// Lets a rule pack decide, if what it calls the text is not much less than what would be kept without it.
fn follow_marks(judged: &mut [Judged]) {
    let letters = |of: &dyn Fn(&Judged) -> bool| {
        let counted = judged
            .iter()
            .filter(|one| of(one))
            .map(|one| u64::from(one.block.letters));
        counted.sum::<u64>()
    };
    let marked = letters(&|one| one.block.mark == Some(Mark::Text) && one.likelihood >= NOT_UNLIKELY);
    if marked == 0 || marked * 2 < letters(&Judged::is_kept) {
        return;
    }
    for one in judged {
        one.least = NOT_UNLIKELY;
        one.is_ruled_out |= one.block.mark != Some(Mark::Text);
    }
}

/// Whether a rule pack decided.
pub(super) fn is_by_pack(judged: &[Judged]) -> bool {
    judged.iter().any(|one| one.least < LIKELY)
}

/// The kept blocks, separated by blank lines.
pub(super) fn text(judged: &[Judged]) -> String {
    let kept: Vec<&str> = judged
        .iter()
        .filter(|one| one.is_kept())
        .map(|one| one.block.text.as_str())
        .collect();
    kept.join("\n\n")
}
