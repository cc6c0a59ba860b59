//! What is known about each block as numbers, for the model that decides which blocks are the article's.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::blocks::{Block, KINDS, Place, Tag};
use super::grams::Grams;

/// Numbers of a block.
pub(super) const COUNT: usize = 81;

/// The row of numbers of one block.
pub(super) type Row = [f32; COUNT];

/// What other extractors and the page itself say of the text, each as the text that they gave.
#[derive(Debug, Default)]
pub(super) struct Witnesses {
    pub(super) readability: Grams,
    /// The article body in the page's data.
    pub(super) body: Grams,
    /// Title and description in the page's data.
    pub(super) title: Grams,
    pub(super) description: Grams,
    pub(super) has_body: bool,
}

/// The shares of one block that stand in each witness.
#[derive(Clone, Copy, Debug, Default)]
struct Shares {
    readability: f32,
    body: f32,
}

/// Letters of some blocks, and how many of them the witnesses have.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    letters: f32,
    readability: f32,
    linked: f32,
    blocks: f32,
}

impl Sum {
    fn add(&mut self, block: &Block, shares: &Shares, sign: f32) {
        let letters = block.letters as f32 * sign;
        self.letters += letters;
        self.readability += letters * shares.readability;
        self.linked += block.linked as f32 * sign;
        self.blocks += sign;
    }
}

/// One row for each block.
pub(super) fn rows(blocks: &[Block], witnesses: &Witnesses) -> Vec<Row> {
    let shares: Vec<Shares> = blocks
        .iter()
        .map(|block| Shares {
            readability: witnesses.readability.share(&block.words),
            body: witnesses.body.share(&block.words),
        })
        .collect();
    let mut whole = Sum::default();
    let mut containers: HashMap<u32, Sum> = HashMap::new();
    let mut makes: HashMap<u64, Sum> = HashMap::new();
    let mut texts: HashMap<u64, u32> = HashMap::new();
    for (block, shares) in blocks.iter().zip(&shares) {
        whole.add(block, shares, 1.0);
        for container in block.containers {
            containers.entry(container).or_default().add(block, shares, 1.0);
        }
        makes.entry(block.make).or_default().add(block, shares, 1.0);
        *texts.entry(super::grams::joined(&block.words)).or_default() += 1;
    }
    let taken = |share: &Shares| share.readability >= 0.5;
    let first = shares.iter().position(taken).unwrap_or(0);
    let last = shares.iter().rposition(taken).unwrap_or(blocks.len());
    let agreed = agreement(blocks, &shares);
    let to_taken = to_taken(blocks, &shares);
    let headings = headings(blocks);
    let mut passed = 0.0;
    blocks
        .iter()
        .zip(&shares)
        .enumerate()
        .map(|(at, (block, own))| {
            let mut row = Writer::new();
            of_block(&mut row, block);
            of_place(&mut row, &block.place);
            row.all([own.readability, own.body, f32::from(u8::from(witnesses.has_body))]);
            row.all([
                witnesses.title.share(&block.words),
                witnesses.description.share(&block.words),
            ]);
            around(&mut row, at, blocks, &shares);
            for container in block.containers {
                let sum = containers.get(&container).copied().unwrap_or_default();
                in_group(&mut row, sum, &whole, block, own);
            }
            let make = makes.get(&block.make).copied().unwrap_or_default();
            in_group(&mut row, make, &whole, block, own);
            row.one(make.blocks.ln_1p());
            passed += block.letters as f32;
            row.one(passed / whole.letters.max(1.0));
            row.one(signed_log(at as f32 - first as f32));
            row.one(signed_log(last as f32 - at as f32));
            row.one(whole.letters.ln_1p());
            row.one(whole.readability / whole.letters.max(1.0));
            let same = texts.get(&super::grams::joined(&block.words)).copied();
            row.one(same.unwrap_or(1) as f32);
            row.all(to_taken.get(at).copied().unwrap_or_default());
            row.all(headings.get(at).copied().unwrap_or_default());
            row.one(agreed);
            row.one(f32::from(u8::from(
                block.text.len() > 20 && !block.text.contains(' '),
            )));
            for step in [-1_isize, 1] {
                let there = at.checked_add_signed(step).and_then(|at| blocks.get(at));
                row.one(there.map_or(0.0, |block| f32::from(phrases(&block.text))));
            }
            row.one(witnesses.title.share(&block.words) * block.letters as f32 / whole.letters.max(1.0));
            row.done()
        })
        .collect()
}

/// How much of what the other extractor has stands in the page's data too.
fn agreement(blocks: &[Block], shares: &[Shares]) -> f32 {
    let (mut taken, mut both) = (1.0_f32, 0.0);
    for (block, share) in blocks.iter().zip(shares) {
        taken += block.letters as f32 * share.readability;
        both += block.letters as f32 * share.readability.min(share.body);
    }
    both / taken
}

/// Letters between a block and the nearest ones before and after it that the witnesses have.
fn to_taken(blocks: &[Block], shares: &[Shares]) -> Vec<[f32; 2]> {
    const FAR: f32 = 1e6;
    let mut found = vec![[0.0; 2]; blocks.len()];
    let mut walk = |order: &mut dyn Iterator<Item = usize>, side: usize| {
        let mut passed = FAR;
        for at in order {
            let (Some(block), Some(share), Some(slot)) = (
                blocks.get(at),
                shares.get(at),
                found.get_mut(at).and_then(|pair| pair.get_mut(side)),
            ) else {
                continue;
            };
            *slot = passed.ln_1p();
            passed = if share.readability >= 0.5 && block.letters > 40 {
                0.0
            } else {
                passed + block.letters as f32
            };
        }
    };
    walk(&mut (0..blocks.len()), 0);
    walk(&mut (0..blocks.len()).rev(), 1);
    found
}

/// For each block the heading before it: whether it leads elsewhere, and how many blocks lie between.
fn headings(blocks: &[Block]) -> Vec<[f32; 2]> {
    let (mut leads, mut since) = (0.0, 0.0_f32);
    let each = blocks.iter().map(|block| {
        since += 1.0;
        if matches!(block.tag, Tag::Subheading | Tag::Headline) {
            leads = f32::from(phrases(&block.text));
            since = 0.0;
        }
        [leads, since.ln_1p()]
    });
    each.collect()
}

/// Numbers in the order in which they are written.
struct Writer {
    row: Row,
    next: usize,
}

impl Writer {
    const fn new() -> Self {
        Self {
            row: [0.0; COUNT],
            next: 0,
        }
    }

    fn one(&mut self, value: f32) {
        if let Some(slot) = self.row.get_mut(self.next) {
            *slot = value;
        }
        self.next += 1;
    }

    fn all(&mut self, values: impl IntoIterator<Item = f32>) {
        for value in values {
            self.one(value);
        }
    }

    fn done(self) -> Row {
        debug_assert_eq!(self.next, COUNT, "as many numbers as the model was made for");
        self.row
    }
}

fn signed_log(value: f32) -> f32 {
    value.signum() * value.abs().ln_1p()
}

fn of_block(row: &mut Writer, block: &Block) {
    let letters = block.letters.max(1) as f32;
    let text = &block.text;
    let characters = text.chars().count().max(1) as f32;
    let count = |wanted: fn(char) -> bool| text.chars().filter(|c| wanted(*c)).count() as f32;
    row.all([
        letters.ln_1p(),
        (block.words.len() as f32).ln_1p(),
        letters / block.words.len().max(1) as f32,
        block.linked as f32 / letters,
        block.stressed as f32 / letters,
        count(char::is_uppercase) / letters,
        count(char::is_numeric) / letters,
        count(|c| matches!(c, ',' | ';' | '،' | '、')),
        count(|c| matches!(c, '|' | '/' | '•' | '·' | '>' | '»' | '#' | '@')) / characters,
        count(|c| matches!(c, '.' | '!' | '?' | '。' | '…')),
    ]);
    let end = text
        .trim_end_matches(['"', '”', '’', '»', ')', '\'', '“', ']'])
        .chars()
        .next_back();
    row.one(match end {
        Some('.' | '!' | '?' | '。' | '…') => 2.0,
        Some(':' | ';' | ',') => 1.0,
        _ => 0.0,
    });
    row.one(match text.chars().next() {
        Some(c) if c.is_lowercase() => 2.0,
        Some(c) if c.is_alphanumeric() => 1.0,
        Some('"' | '“' | '„' | '«' | '‘') => 3.0,
        _ => 0.0,
    });
    row.one(f32::from(phrases(text)));
    row.one(f32::from(block.tag as u8));
    row.one(f32::from(u8::from(matches!(block.tag, Tag::Paragraph))));
}

/// Phrases that ask for something, lead elsewhere, or tell where a picture is from.
fn phrases(text: &str) -> u8 {
    const PHRASES: [&str; 68] = [
        "read more",
        "read also",
        "also read",
        "related",
        "see also",
        "more on",
        "more from",
        "click here",
        "subscribe",
        "sign up",
        "newsletter",
        "follow us",
        "follow @",
        "share this",
        "share on",
        "advertis",
        "sponsored",
        "all rights reserved",
        "copyright",
        "©",
        "cookie",
        "log in",
        "sign in",
        "getty",
        "photo:",
        "photo by",
        "image:",
        "image credit",
        "credit:",
        "file photo",
        "picture:",
        "comments",
        "leave a reply",
        "posted by",
        "written by",
        "follow the",
        "download",
        "whatsapp",
        "facebook",
        "twitter",
        "telegram",
        "anzeige",
        "lesen sie",
        "mehr zum",
        "foto:",
        "bild:",
        "quelle:",
        "kommentar",
        "abonnieren",
        "lire aussi",
        "à lire",
        "lire la suite",
        "crédit",
        "leggi anche",
        "leer más",
        "lea también",
        "updated",
        "published",
        "tags:",
        "filed under",
        "categories",
        "contributed to this",
        "contact us",
        "about the author",
        "terms of",
        "privacy",
        "disclaimer",
        "previous",
    ];
    static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(PHRASES)
            .ok()
    });
    let found = FINDER
        .iter()
        .flat_map(|finder| finder.find_iter(text))
        .take(5)
        .count();
    u8::try_from(found).unwrap_or(u8::MAX)
}

fn of_place(row: &mut Writer, place: &Place) {
    let flags = [
        place.article,
        place.main,
        place.aside,
        place.navigation,
        place.header,
        place.footer,
        place.form,
        place.figure,
        place.table,
        place.list,
        place.quote,
        place.hidden,
    ];
    row.all(flags.map(|flag| f32::from(u8::from(flag))));
    debug_assert_eq!(place.named.len(), KINDS, "one number a kind");
    row.all(
        place
            .named
            .map(|distance| if distance == 0 { 30.0 } else { f32::from(distance) }),
    );
    row.one(f32::from(place.depth));
}

/// What stands before and after.
fn around(row: &mut Writer, at: usize, blocks: &[Block], shares: &[Shares]) {
    for step in [-3_isize, -2, -1, 1, 2, 3] {
        let there = at.checked_add_signed(step);
        row.one(
            there
                .and_then(|at| shares.get(at))
                .map_or(-1.0, |share| share.readability),
        );
    }
    for step in [-1_isize, 1] {
        let there = at.checked_add_signed(step).and_then(|at| blocks.get(at));
        row.one(there.map_or(0.0, |block| (block.letters as f32).ln_1p()));
        row.one(there.map_or(0.0, |block| block.linked as f32 / block.letters.max(1) as f32));
    }
}

/// What the others of a group of blocks are: their letters, the witnesses' part of them, and their part of the page's.
fn in_group(row: &mut Writer, mut sum: Sum, whole: &Sum, block: &Block, own: &Shares) {
    sum.add(block, own, -1.0);
    let letters = sum.letters.max(1.0);
    row.all([
        letters.ln(),
        sum.readability.max(0.0) / letters,
        sum.readability.max(0.0) / whole.readability.max(1.0),
        sum.linked.max(0.0) / letters,
    ]);
}
