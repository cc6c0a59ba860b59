//! Which assets a text is about, and how much.
//!
//! Names and tickers are found by one automaton. Each belongs to a class of ambiguity: `Bitcoin` and `BTC` mean one thing
//! only, `Avalanche` and `LINK` need something beside them that makes them the asset. A tag keeps the rule that found it.
//!
//! How right that is, is measured on headlines that were labelled by hand (`tests/assets` of this crate).

mod known;
mod matcher;
mod surroundings;
mod vocabulary;
mod words;

use std::collections::BTreeMap;

use promptpal_domain::{Asset, AssetTag};

use self::matcher::{Mention, mentions};
use crate::text;

/// Bytes of text that are looked at.
const LONGEST: usize = 200_000;
/// Bytes of text that count as its beginning.
const LEAD: usize = 400;
/// How much of the relevance the headline, the beginning, and the share of all mentions make up.
const WEIGHTS: (f64, f64, f64) = (0.5, 0.2, 0.3);

/// The assets that `title` and `body` (both plain text) are about, the most relevant first, and of equally relevant ones the one
/// that is named first.
///
/// Relevance is 0.5 for being in the headline, 0.2 for being in the first lines, and 0.3 times the asset's share of all
/// mentions of assets. Where there is no body, the headline is its own beginning. What the headline names only in passing
/// (`on Tron`, `with Dogecoin`, the second of a pair), beside an asset that it is about, gets half of what the headline gives.
#[must_use]
pub fn tag_assets(title: &str, body: &str) -> Vec<AssetTag> {
    let body = text::truncated(body, LONGEST);
    // One text, so that a name in the headline can make a ticker in the body certain.
    let whole = format!("{title}\n\n{body}");
    let (title_end, lead_end) = (title.len(), whole.floor_char_boundary(title.len() + 2 + LEAD));
    let mut found: BTreeMap<&'static str, Attention> = BTreeMap::new();
    let mut all = 0_u32;
    for Mention {
        asset,
        at,
        rule,
        rank,
        in_passing,
    } in mentions(&whole)
    {
        let attention = found.entry(asset).or_default();
        attention.count += 1;
        attention.first = Some(attention.first.map_or(at, |first| first.min(at)));
        attention.in_title |= at < title_end;
        attention.is_subject |= at < title_end && !in_passing;
        attention.in_lead |= at > title_end && at < lead_end;
        if attention.rule.as_ref().is_none_or(|(best, _)| rank < *best) {
            attention.rule = Some((rank, rule));
        }
        all += 1;
    }
    let headline_only = body.trim().is_empty();
    let has_subject = found.values().any(|attention| attention.is_subject);
    let mut tags: Vec<(usize, AssetTag)> = found
        .into_iter()
        .filter_map(|(ticker, attention)| {
            let share = f64::from(attention.count) / f64::from(all.max(1));
            let part = |applies: bool, weight: f64| if applies { weight } else { 0.0 };
            let in_lead = attention.in_lead || (headline_only && attention.in_title);
            let in_title = if has_subject && !attention.is_subject {
                0.5
            } else {
                1.0
            };
            let relevance =
                in_title * part(attention.in_title, WEIGHTS.0) + part(in_lead, WEIGHTS.1) + WEIGHTS.2 * share;
            let tag = AssetTag {
                asset: ticker.parse().ok()?,
                relevance: relevance.min(1.0),
                rule: attention.rule?.1,
            };
            Some((attention.first?, tag))
        })
        .collect();
    tags.sort_by(|(a_first, a), (b_first, b)| {
        b.relevance
            .total_cmp(&a.relevance)
            .then_with(|| a_first.cmp(b_first))
            .then_with(|| a.asset.cmp(&b.asset))
    });
    tags.into_iter().map(|(_, tag)| tag).collect()
}

/// Which of an article's `passages` (plain text, in order) mention each asset: their places in the list, ascending. They are read as one
/// text, so that a name in one can make a ticker in another certain; of what is over 200,000 bytes nothing is looked at.
#[must_use]
pub fn asset_mentions(passages: &[&str]) -> BTreeMap<Asset, Vec<usize>> {
    let mut whole = String::new();
    let mut begins = Vec::with_capacity(passages.len());
    for passage in passages {
        begins.push(whole.len());
        whole.push_str(passage);
        whole.push(' ');
    }
    let mut found: BTreeMap<Asset, Vec<usize>> = BTreeMap::new();
    for Mention { asset, at, .. } in mentions(text::truncated(&whole, LONGEST)) {
        let Some(place) = begins.partition_point(|begin| *begin <= at).checked_sub(1) else {
            continue;
        };
        let Ok(asset) = asset.parse() else { continue };
        let places = found.entry(asset).or_default();
        if places.last() != Some(&place) {
            places.push(place);
        }
    }
    found
}

#[derive(Default)]
struct Attention {
    count: u32,
    /// Where it is named first.
    first: Option<usize>,
    in_title: bool,
    /// The headline names it other than in passing.
    is_subject: bool,
    in_lead: bool,
    rule: Option<(u8, String)>,
}

#[cfg(test)]
mod tests;
