//! The date that a page shows to its readers, where it states none for programs.

use std::sync::LazyLock;

use promptpal_domain::Timestamp;
use regex::Regex;
use scraper::Html;

use super::DatePrecision;
use super::written::{self, Order};
use crate::extract::blocks::{Block, Tag};
use crate::extract::judge::Judged;
use crate::extract::metadata::attribute;

/// Kinds of names, see [`crate::extract::blocks`].
const COMMENTS: usize = 0;
const ELSEWHERE: usize = 1;
const FACTS: usize = 3;
const FRAME: usize = 4;

/// Blocks before the article in which its date stands at most.
const BEFORE: usize = 12;
/// The least that a date must have for it, and what makes it plain that it is the article's.
pub(super) const ENOUGH: i32 = 2;
pub(super) const PLAIN: i32 = 8;

/// The date that has the most for it, and how much that is; of equals the first.
pub(super) fn date(page: &Html, judged: &[Judged]) -> Option<(i32, (Timestamp, DatePrecision))> {
    let language = attribute(page, "html", "lang")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let order = if language == "en" || language.starts_with("en-us") {
        Order::MonthFirst
    } else {
        Order::DayFirst
    };
    let first = judged
        .iter()
        .position(|one| one.is_kept() && one.block.letters > 60)
        .unwrap_or(0);
    let last = judged
        .iter()
        .rposition(|one| one.is_kept() && one.block.letters > 60)
        .unwrap_or(judged.len());
    let mut headline = None;
    let mut best: Option<(i32, (Timestamp, DatePrecision))> = None;
    for (at, one) in judged.iter().enumerate() {
        if matches!(one.block.tag, Tag::Headline) {
            headline = Some(at);
        }
        if !one.block.text.bytes().any(|byte| byte.is_ascii_digit()) {
            continue;
        }
        for found in written::dates(&one.block.text, order).take(3) {
            let mut points = of_block(&one.block) + of_words(&one.block.text, found.start);
            points += match at {
                at if at < first && first - at <= BEFORE => 3,
                at if at >= first && at <= first + 1 => 2,
                at if at > last && at - last <= 6 => 1,
                at if at > first && at < last => -1,
                _ => 0,
            };
            points += i32::from(found.start <= 12);
            let before = at.checked_sub(1).and_then(|before| judged.get(before));
            points += before
                .map_or(0, |before| of_words(&before.block.text, before.block.text.len()))
                .clamp(-8, 2);
            points += if headline.is_some_and(|headline| at - headline <= 5) {
                2
            } else {
                0
            };
            if points >= ENOUGH
                && best.is_none_or(|(most, _)| points > most)
                && let Some(read) = found.read()
            {
                best = Some((points, read));
            }
        }
    }
    best
}

fn of_block(block: &Block) -> i32 {
    let named = |kind: usize, within: u8| {
        block
            .place
            .named
            .get(kind)
            .is_some_and(|distance| (1..=within).contains(distance))
    };
    let mut points = match block.letters {
        0..=40 => 3,
        41..=100 => 2,
        101..=300 => 0,
        _ => -2,
    };
    points += if named(FACTS, 3) { 3 } else { 0 };
    points -= if named(COMMENTS, 30) { 4 } else { 0 };
    points -= if named(ELSEWHERE, 4) { 2 } else { 0 };
    points -= if named(FRAME, 3) { 1 } else { 0 };
    points -= if block.place.footer || block.place.aside || block.place.navigation {
        3
    } else {
        0
    };
    points -= if block.linked * 10 > block.letters * 8 {
        2
    } else {
        0
    };
    points
}

/// What the words before a date say about it.
fn of_words(text: &str, at: usize) -> i32 {
    static PUBLISHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)publish|posted|veröffentlich|erstellt|erschienen|datum|publié|publicado|pubblicato|geplaatst|created|first ").ok()
    });
    static CHANGED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)updat|aktualisier|änder|modif|mis à jour|actualizado|aggiornat|bijgewerkt").ok()
    });
    static ANOTHER: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)©|copyright|joined|registriert|mitglied|geboren|\bborn\b").ok());
    let from = text.floor_char_boundary(at.saturating_sub(40));
    let before = text.get(from..at).unwrap_or_default();
    let says = |words: &Option<Regex>| words.as_ref().is_some_and(|words| words.is_match(before));
    2 * i32::from(says(&PUBLISHED)) - 2 * i32::from(says(&CHANGED)) - 8 * i32::from(says(&ANOTHER))
}
