//! The assets that are known, and what their names and tickers need to mean them. The list is `known.txt`.

use std::sync::LazyLock;

/// How a ticker is to be read. It is always looked for in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Means the asset wherever it stands as a word.
    Sure,
    /// An abbreviation of other things too.
    Shared,
    /// A word of the language.
    Word,
    /// So common otherwise that little of what settles a word will do.
    Shy,
    /// Known from the list of an exchange only.
    Listed,
}

/// What a pattern is to its asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ticker(Class),
    /// Means the asset when it is written exactly so: `stETH`.
    Spelled,
    /// Means the asset in any case.
    Name,
    /// Means the asset with a capital.
    ProperName,
    /// A word of the language, or the name of something else too.
    WordName,
    /// So common a word that only its ticker or a list of assets makes it one.
    ListName,
}

/// One way in which an asset is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) ticker: &'static str,
    pub(super) pattern: &'static str,
    pub(super) kind: Kind,
}

/// Every way in which a known asset is written.
pub(super) static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    include_str!("known.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(of_line)
        .collect()
});

fn of_line(line: &'static str) -> Vec<Known> {
    let mut columns = line.split('|').map(str::trim);
    let first = columns.next().unwrap_or_default();
    let Some(class) = columns.next().and_then(class) else {
        return listed(first);
    };
    let known = |pattern, kind| Known {
        ticker: first,
        pattern,
        kind,
    };
    let mut found = vec![known(first, Kind::Ticker(class))];
    let kinds = [Kind::Name, Kind::ProperName, Kind::WordName, Kind::ListName];
    for (names, kind) in columns.zip(kinds) {
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let spelled = name.chars().any(char::is_uppercase);
            found.push(known(name, if spelled { Kind::Spelled } else { kind }));
        }
    }
    found
}

fn class(text: &str) -> Option<Class> {
    Some(match text {
        "sure" => Class::Sure,
        "shared" => Class::Shared,
        "word" => Class::Word,
        "shy" => Class::Shy,
        _ => return None,
    })
}

fn listed(line: &'static str) -> Vec<Known> {
    line.split(',')
        .map(str::trim)
        .filter(|ticker| !ticker.is_empty())
        .map(|ticker| Known {
            ticker,
            pattern: ticker,
            kind: Kind::Ticker(Class::Listed),
        })
        .collect()
}
