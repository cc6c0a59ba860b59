//! Which column means what.

use std::fmt;

use super::FileProblem;

/// What a column may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// First instant of the candle.
    OpenTime,
    /// Price of the first trade.
    Open,
    /// Highest price.
    High,
    /// Lowest price.
    Low,
    /// Price of the last trade.
    Close,
    /// Amount in the base asset.
    Volume,
    /// Last instant of the candle.
    CloseTime,
    /// Amount in the quote asset.
    QuoteVolume,
    /// Number of trades.
    Trades,
    /// Part of the volume where the buyer took liquidity.
    TakerBaseVolume,
    /// The same of the quote volume.
    TakerQuoteVolume,
}

impl Column {
    /// All of them, in the order of the exchange's archives where they have one.
    pub const ALL: [Self; 11] = [
        Self::OpenTime,
        Self::Open,
        Self::High,
        Self::Low,
        Self::Close,
        Self::Volume,
        Self::CloseTime,
        Self::QuoteVolume,
        Self::Trades,
        Self::TakerBaseVolume,
        Self::TakerQuoteVolume,
    ];
    /// Those that every file must have.
    pub(crate) const REQUIRED: usize = 6;

    /// The name used in mappings and in our own exports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenTime => "open_time",
            Self::Open => "open",
            Self::High => "high",
            Self::Low => "low",
            Self::Close => "close",
            Self::Volume => "volume",
            Self::CloseTime => "close_time",
            Self::QuoteVolume => "quote_volume",
            Self::Trades => "trades",
            Self::TakerBaseVolume => "taker_base_volume",
            Self::TakerQuoteVolume => "taker_quote_volume",
        }
    }

    /// Headers that other programs write for it, letters and digits only; the first match in this order wins.
    const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::OpenTime => &[
                "opentime",
                "timestamp",
                "time",
                "datetime",
                "date",
                "ts",
                "unix",
                "unixtime",
                "unixtimestamp",
                "starttime",
                "gmttime",
                "openingtime",
                "bartime",
                "t",
            ],
            Self::Open => &["open", "openprice", "o"],
            Self::High => &["high", "highprice", "h"],
            Self::Low => &["low", "lowprice", "l"],
            Self::Close => &["close", "closeprice", "last", "c"],
            Self::Volume => &["volume", "vol", "basevolume", "baseassetvolume", "v"],
            Self::CloseTime => &["closetime", "endtime"],
            Self::QuoteVolume => &["quotevolume", "quoteassetvolume", "quotevol", "turnover", "q"],
            Self::Trades => &[
                "trades",
                "numberoftrades",
                "tradecount",
                "numtrades",
                "count",
                "n",
            ],
            Self::TakerBaseVolume => &[
                "takerbasevolume",
                "takerbuybaseassetvolume",
                "takerbuybasevolume",
                "takerbuyvolume",
            ],
            Self::TakerQuoteVolume => &[
                "takerquotevolume",
                "takerbuyquoteassetvolume",
                "takerbuyquotevolume",
            ],
        }
    }

    pub(crate) fn names() -> String {
        format!(
            "{}, {}",
            Self::ALL.map(Self::as_str).join(", "),
            ColumnMap::IGNORE
        )
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Headers named by the user: `open_time=Date`, and `ignore=Turnover` for one that is not to be taken for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap {
    chosen: Vec<(Column, String)>,
    ignored: Vec<String>,
}

impl ColumnMap {
    /// Stands for our column's name where a header is to be left alone.
    pub const IGNORE: &'static str = "ignore";

    /// From pairs of our column's name, or [`ColumnMap::IGNORE`], and the file's header.
    ///
    /// # Errors
    /// [`FileProblem::Mapping`] with the first that names no column of ours.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, FileProblem> {
        let mut map = Self::default();
        for (name, header) in pairs {
            let header_name = header.trim().to_owned();
            if name.trim() == Self::IGNORE {
                map.ignored.push(header_name);
                continue;
            }
            let column = Column::ALL
                .into_iter()
                .find(|column| column.as_str() == name.trim());
            let column = column.ok_or_else(|| FileProblem::Mapping(format!("{name}={header}")))?;
            map.chosen.push((column, header_name));
        }
        Ok(map)
    }
}

/// Where each column stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Positions([Option<usize>; Column::ALL.len()]);

impl Positions {
    /// By names of a header and the user's mappings, whether or not everything needed is among them.
    pub(crate) fn found(header: &[&str], map: &ColumnMap) -> Result<Self, FileProblem> {
        let plain: Vec<String> = header.iter().map(|name| plain(name)).collect();
        let is_ignored = |at: usize| {
            let name = header.get(at).map(|name| name.trim()).unwrap_or_default();
            map.ignored.iter().any(|ignored| ignored == name)
        };
        let mut found = [None; Column::ALL.len()];
        for (column, place) in Column::ALL.into_iter().zip(&mut found) {
            let by_alias = || {
                column.aliases().iter().find_map(|alias| {
                    (0..plain.len())
                        .find(|at| plain.get(*at).is_some_and(|name| name == alias) && !is_ignored(*at))
                })
            };
            *place = match map.chosen.iter().find(|(mapped, _)| *mapped == column) {
                None => by_alias(),
                Some((_, wanted)) => Some(
                    header
                        .iter()
                        .position(|name| name.trim() == wanted)
                        .or_else(|| plain.iter().position(|name| *name == self::plain(wanted)))
                        .ok_or_else(|| FileProblem::NoHeader {
                            column,
                            header: wanted.clone(),
                        })?,
                ),
            };
        }
        Ok(Self(found))
    }

    /// The same, where everything needed is among them.
    pub(crate) fn of_header(header: &[&str], map: &ColumnMap) -> Result<Self, FileProblem> {
        let found = Self::found(header, map)?;
        let missing = Column::ALL
            .into_iter()
            .take(Column::REQUIRED)
            .find(|column| found.of(*column).is_none());
        match missing {
            Some(column) => Err(FileProblem::NoColumn {
                column,
                found: header.iter().map(|name| (*name).to_owned()).collect(),
            }),
            None => Ok(found),
        }
    }

    /// In the order of [`Column::ALL`]: all of them in an archive, the required ones in a table without a header.
    pub(crate) fn in_order(all: bool) -> Self {
        let mut places = [None; Column::ALL.len()];
        let count = if all { Column::ALL.len() } else { Column::REQUIRED };
        for (at, place) in places.iter_mut().enumerate().take(count) {
            *place = Some(at);
        }
        Self(places)
    }

    /// Where a column stands, if the file has it.
    pub(crate) fn of(&self, column: Column) -> Option<usize> {
        Column::ALL
            .iter()
            .zip(&self.0)
            .find(|(at, _)| **at == column)
            .and_then(|(_, place)| *place)
    }
}

/// Letters and digits of a header, in lower case: `Open time (UTC)` becomes `opentimeutc`, then `opentime`.
fn plain(name: &str) -> String {
    let without_note = name.split(['(', '[']).next().unwrap_or(name);
    without_note
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_columns_by_the_names_programs_use() {
        let check = |header: &str, map: &[(&str, &str)], expected: Result<[usize; 6], &str>| {
            let names: Vec<&str> = header.split(',').collect();
            let seen = Positions::of_header(&names, &ColumnMap::new(map.iter().copied()).unwrap());
            let seen = seen
                .map(|p| std::array::from_fn(|at| p.0[at].unwrap()))
                .map_err(|error| error.to_string());
            match (seen, expected) {
                (Ok(seen), Ok(expected)) => assert_eq!(seen, expected, "{header}"),
                (Err(seen), Err(expected)) => assert!(seen.contains(expected), "{header}: {seen}"),
                (seen, expected) => panic!("{header}: {seen:?}, {expected:?}"),
            }
        };
        check(
            "open_time,open,high,low,close,volume",
            &[],
            Ok([0, 1, 2, 3, 4, 5]),
        );
        check("Date,Close,Open,High,Low,Volume", &[], Ok([0, 2, 3, 4, 1, 5]));
        check(
            "Open time,Open,High,Low,Close,Volume,Close time,Quote asset volume",
            &[],
            Ok([0, 1, 2, 3, 4, 5]),
        );
        check(
            "unix,date,symbol,open,high,low,close,Volume BTC",
            &[("volume", "Volume BTC")],
            Ok([1, 3, 4, 5, 6, 7]),
        );
        check("t,o,h,l,c,v", &[], Ok([0, 1, 2, 3, 4, 5]));
        check(
            "time (UTC),open,high,low,close,vol",
            &[("close", "open")],
            Ok([0, 1, 2, 3, 1, 5]),
        );
        check(
            "time,date,open,high,low,close,volume",
            &[("ignore", "time")],
            Ok([1, 2, 3, 4, 5, 6]),
        );
        check(
            "time,open,high,low,close,volume",
            &[("ignore", "volume"), ("ignore", "nowhere")],
            Err("no column for volume"),
        );
        check("time,open,high,low,close", &[], Err("no column for volume"));
        check(
            "time,open,high,low,close,volume",
            &[("volume", "Size")],
            Err("no column 'Size'"),
        );
    }

    #[test]
    fn refuses_what_is_no_mapping() {
        for name in ["size", "Volume", ""] {
            assert!(ColumnMap::new([(name, "x")]).is_err(), "{name}");
        }
    }
}
