//! Which words of a text mean an asset, by what kind of word it is and what stands around it.
//!
//! Some are sure by themselves. What they say about the text then settles others: a ticker whose name is in the text, an
//! abbreviation in a text about crypto, the rest of a list.

use std::collections::HashSet;

use super::known::{Class, Kind, Known};
use super::surroundings::Surroundings;
use super::vocabulary::{STABLE_QUOTES, STOCKS};
use super::words::{Pattern, Word, words};

/// One place where a text means an asset.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) asset: &'static str,
    /// Byte offset.
    pub(super) at: usize,
    /// Which rule, and the word it applied to: `name:bitcoin`.
    pub(super) rule: String,
    /// Lower is surer.
    pub(super) rank: u8,
    /// It is only where something happens, what that is done with or compared to.
    pub(super) in_passing: bool,
}

/// A rule and how sure it is.
type Rule = (u8, &'static str);

/// A word that an asset is written as, and the rule by which it means it, as far as known.
struct Candidate<'a> {
    word: Word<'a>,
    known: Known,
    rule: Option<Rule>,
}

/// Every place where `text` means a known asset, in order.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let words = words(text);
    let around = Surroundings::of(text, &words);
    let signs: Vec<Word<'_>> = words
        .iter()
        .filter(|word| matches!(word.pattern, Pattern::Trade | Pattern::Beside))
        .copied()
        .collect();
    let mut candidates: Vec<Candidate<'_>> = words
        .iter()
        .filter_map(|word| {
            let Pattern::Asset(known) = word.pattern else {
                return None;
            };
            let rule = by_itself(word, known, &around, &signs);
            Some(Candidate {
                word: *word,
                known,
                rule,
            })
        })
        .collect();
    let has_trade = signs.iter().any(|word| matches!(word.pattern, Pattern::Trade));
    let is_crypto = has_trade || candidates.iter().any(|candidate| candidate.rule.is_some());
    by_company(&mut candidates, &around, is_crypto);
    by_list(&mut candidates, &around);
    candidates.retain(|candidate| candidate.rule.is_some());
    let mut mentions = Vec::new();
    let mut before: Option<(Word<'_>, bool)> = None;
    for (at, Candidate { word, known, rule }) in candidates.iter().enumerate() {
        let Some((rank, rule)) = *rule else { continue };
        // The rest of a list stands as its first does: `on Solana and Optimism`.
        let in_passing = match before {
            Some((first, in_passing)) if around.is_next_of_list(&first, word) => in_passing,
            _ => around.is_in_passing(word),
        };
        before = Some((*word, in_passing));
        // `Lido's stETH` is about stETH.
        let next = candidates.get(at + 1);
        let is_owner = next
            .is_some_and(|next| next.known.ticker != known.ticker && around.is_owner_of(word, &next.word));
        mentions.push(Mention {
            asset: known.ticker,
            at: word.start,
            rule: format!("{rule}:{}", known.pattern.to_lowercase()),
            rank,
            in_passing: in_passing || is_owner,
        });
    }
    // `AAVE` is a ticker and a name.
    mentions.sort_by(|a, b| (a.at, a.asset, a.rank, &a.rule).cmp(&(b.at, b.asset, b.rank, &b.rule)));
    mentions.dedup_by(|a, b| a.at == b.at && a.asset == b.asset);
    mentions
}

/// What the word says with its direct neighbours.
fn by_itself(word: &Word<'_>, known: Known, around: &Surroundings<'_>, signs: &[Word<'_>]) -> Option<Rule> {
    match known.kind {
        Kind::Name => Some((0, "name")),
        Kind::Spelled => Some((0, "spelled")),
        Kind::ProperName => {
            (word.starts_upper() && !around.is_plain_noun(word)).then_some((1, "proper-name"))
        }
        Kind::WordName => {
            let settled = word.starts_upper()
                && !around.is_plain_noun(word)
                && !around.is_shouted(word)
                && (is_beside_sign(word, around, signs)
                    || around.is_ground(word)
                    || (around.is_moving(word) && !around.is_of_shares(word)));
            settled.then_some((4, "name-context"))
        }
        Kind::ListName => None,
        Kind::Ticker(class) => ticker_by_itself(word, class, around),
    }
}

fn ticker_by_itself(word: &Word<'_>, class: Class, around: &Surroundings<'_>) -> Option<Rule> {
    let is_long = word.text.len() > 1;
    let is_stock = STOCKS.contains(&word.text);
    if around.is_cashtag(word) && is_long && !is_stock {
        return Some((1, "cashtag"));
    }
    if around.is_quote(word) && STABLE_QUOTES.contains(&word.text) {
        return None;
    }
    if word.is_pair && is_long {
        return Some((2, "pair"));
    }
    let may_be_share = around.is_of_shares(word) || around.is_cashtag(word);
    let says_market = || {
        !around.is_shouted(word)
            && !around.is_bracketed(word)
            && (around.is_on_market(word) || around.is_amount(word))
            && (!may_be_share || around.is_called_token(word))
    };
    match class {
        Class::Sure => Some((0, "ticker")),
        Class::Shared => says_market().then_some((2, "ticker-market")),
        Class::Word if says_market() => Some((2, "ticker-market")),
        // No word of the language in capitals has a possessive.
        Class::Word => {
            let is_owner =
                around.is_possessive(word) && !around.is_shouted(word) && !around.is_of_shares(word);
            is_owner.then_some((3, "ticker-possessive"))
        }
        Class::Shy => {
            (!around.is_shouted(word) && around.is_called_token(word)).then_some((2, "ticker-token"))
        }
        Class::Listed => None,
    }
}

/// What the rest of the text says of what is not sure yet.
fn by_company(candidates: &mut [Candidate<'_>], around: &Surroundings<'_>, is_crypto: bool) {
    let sure: HashSet<&str> = candidates
        .iter()
        .filter(|candidate| candidate.rule.is_some())
        .map(|candidate| candidate.known.ticker)
        .collect();
    // Assets that are written as a name and as a ticker, neither of them sure alone: `Curve` and `CRV`.
    let written = |is: fn(Kind) -> bool| -> HashSet<&str> {
        candidates
            .iter()
            .filter(|Candidate { word, known, .. }| {
                is(known.kind)
                    && word.starts_upper()
                    && !around.is_shouted(word)
                    && !around.is_bracketed(word)
                    && !around.is_plain_noun(word)
                    && (is_crypto || !around.is_cashtag(word) || !STOCKS.contains(&word.text))
            })
            .map(|candidate| candidate.known.ticker)
            .collect()
    };
    let as_name = written(|kind| matches!(kind, Kind::WordName | Kind::ListName));
    let as_ticker = written(|kind| matches!(kind, Kind::Ticker(Class::Shared | Class::Word | Class::Shy)));
    let spans: Vec<Word<'_>> = candidates
        .iter()
        .filter(|candidate| candidate.rule.is_some())
        .map(|candidate| candidate.word)
        .collect();
    for candidate in candidates.iter_mut().filter(|candidate| candidate.rule.is_none()) {
        let Candidate { word, known, .. } = &*candidate;
        let ticker = known.ticker;
        let is_named = sure.contains(ticker);
        let is_together = as_name.contains(ticker) && as_ticker.contains(ticker);
        let cashtag = is_crypto && around.is_cashtag(word);
        let is_loud = around.is_shouted(word);
        let in_brackets = is_crypto && around.is_bracketed(word) && !around.is_of_shares(word);
        candidate.rule = match known.kind {
            Kind::Ticker(_) if around.is_quote(word) && STABLE_QUOTES.contains(&word.text) => None,
            Kind::Ticker(_) if cashtag => Some((2, "cashtag-context")),
            Kind::Ticker(Class::Listed) => None,
            Kind::Ticker(Class::Shared) if is_named => Some((1, "ticker-named")),
            Kind::Ticker(Class::Shared) if is_crypto && !is_loud => Some((3, "ticker-context")),
            Kind::Ticker(_) if is_named && !is_loud => Some((3, "ticker-named")),
            Kind::Ticker(_) if is_together && !is_loud => Some((3, "ticker-beside-name")),
            Kind::Ticker(Class::Word) if in_brackets && word.text.len() > 2 => Some((4, "ticker-brackets")),
            Kind::WordName if is_loud || !word.starts_upper() || around.is_plain_noun(word) => None,
            Kind::WordName | Kind::ListName if is_named || is_together => {
                word.starts_upper().then_some((4, "name-with-ticker"))
            }
            Kind::WordName => {
                let says_name = !around.opens_line(word) || around.is_possessive(word);
                if says_name && spans.iter().any(|other| around.is_near(word, other)) {
                    Some((4, "name-beside-asset"))
                } else {
                    let is_proper = !around.opens_line(word) && !around.is_titled(word);
                    (is_crypto && is_proper).then_some((5, "name-in-crypto"))
                }
            }
            _ => None,
        };
    }
}

/// What stands in a list with a sure one is an asset too.
fn by_list(candidates: &mut [Candidate<'_>], around: &Surroundings<'_>) {
    let order: Vec<usize> = (0..candidates.len()).collect();
    let backwards: Vec<usize> = order.iter().rev().copied().collect();
    for order in [order, backwards] {
        for at in order.windows(2) {
            let [from, to] = at else { continue };
            let (Some(one), Some(other)) = (candidates.get(*from), candidates.get(*to)) else {
                continue;
            };
            let (first, second) = if from < to { (one, other) } else { (other, one) };
            let can_be = match other.known.kind {
                Kind::Ticker(Class::Listed) => false,
                Kind::Ticker(_) => {
                    !(around.is_quote(&other.word) && STABLE_QUOTES.contains(&other.word.text))
                }
                Kind::WordName | Kind::ListName => {
                    other.word.starts_upper() && !around.is_shouted(&other.word)
                }
                Kind::Name | Kind::Spelled | Kind::ProperName => false,
            };
            if one.rule.is_some()
                && other.rule.is_none()
                && can_be
                && around.is_next_of_list(&first.word, &second.word)
                && let Some(other) = candidates.get_mut(*to)
            {
                other.rule = Some((4, "list"));
            }
        }
    }
}

fn is_beside_sign(word: &Word<'_>, around: &Surroundings<'_>, signs: &[Word<'_>]) -> bool {
    // Far more than any sign can reach.
    const FAR: usize = 128;
    let from = signs.partition_point(|sign| sign.start + FAR < word.start);
    signs
        .iter()
        .skip(from)
        .take_while(|sign| sign.start <= word.end + FAR)
        .any(|sign| match sign.pattern {
            Pattern::Trade => around.is_near(word, sign),
            Pattern::Beside => around.is_next(word, sign),
            Pattern::Asset(_) | Pattern::Other => false,
        })
}
