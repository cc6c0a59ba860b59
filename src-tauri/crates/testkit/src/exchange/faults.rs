//! What can go wrong.

use std::fmt;
use std::str::FromStr;

/// A fault. The first group meets the next REST request, the second the bulk archives, the third the streams, the fourth
/// the market itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with `Retry-After`, in seconds; requests during the pause count towards a ban.
    TooManyRequests(u64),
    /// 418 with `Retry-After`, in seconds.
    Banned(u64),
    /// 403 with a page of HTML.
    Forbidden,
    /// 451: not served in this country.
    Restricted,
    /// 503 with nothing.
    Unavailable,
    /// 502 with a page of HTML.
    BadGateway,
    /// 200 with a page of HTML.
    Html,
    /// 200 with JSON that is cut in the middle.
    CutJson,
    /// 200 with far too many bytes.
    Oversized,
    /// No answer until the client gives up.
    Silence,

    /// The next checksum of an archive is not that of its file.
    WrongChecksum,
    /// The next archive, or its checksum, is not there: 404.
    MissingFile,
    /// The next archive ends in the middle.
    CutZip,
    /// The next archive, or its checksum, is a page of HTML with status 200.
    ArchiveHtml,
    /// The archives answer 503 and ask for a pause of so many seconds.
    SlowDown(u64),
    /// From now on archives are issued with rows missing and rows that are wrong.
    DraftArchives,
    /// The archives are issued again, as the tape says.
    ReissueArchives,

    /// Half a kline frame to everybody, now.
    Malformed,
    /// A binary frame to everybody, now.
    Binary,
    /// The next closing frame comes twice.
    Duplicate,
    /// The next two events of each connection change places.
    OutOfOrder,
    /// The next closing frame is not sent.
    MissingClose,
    /// The next closing frame comes so many virtual seconds late.
    LateClose(u64),
    /// `serverShutdown` to everybody; the connections end so many virtual seconds later.
    Shutdown(u64),
    /// Every connection ends without a word.
    Drop,
    /// Every connection stays open, is read, and is silent: not even pings.
    Stall,
    /// The same with pings.
    StallWithPings,
    /// Every connection stays open, but is neither read nor written; the next attempt to connect is never answered.
    HalfOpen,
    /// The next attempt to connect is refused with this status; 429 and 418 begin a pause.
    Refuse(u16),

    /// The exchange has no candles in the next so many minutes.
    Hole(u64),
    /// The exchange's clock is set so many seconds ahead (or, when negative, stands still for so long).
    Skew(i64),
}

/// Names as they are written by hand; those with a number behind them take another one.
const NAMES: [&str; 31] = [
    "429 5",
    "418 30",
    "403",
    "451",
    "503",
    "502",
    "html",
    "cut-json",
    "oversized",
    "silence",
    "wrong-checksum",
    "missing-file",
    "cut-zip",
    "archive-html",
    "slow-down 5",
    "draft-archives",
    "reissue-archives",
    "malformed",
    "binary",
    "duplicate",
    "out-of-order",
    "missing-close",
    "late-close 90",
    "shutdown 0",
    "drop",
    "stall",
    "stall-with-pings",
    "half-open",
    "refuse 503",
    "hole 3",
    "skew 180",
];

/// The text names no fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is no fault: use one of {}", self.0, NAMES.join(" | "))
    }
}

impl std::error::Error for UnknownFault {}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let unknown = || UnknownFault(text.to_owned());
        let mut words = text.split_whitespace();
        let name = words.next().ok_or_else(unknown)?;
        let stated = words.next();
        let listed = NAMES
            .iter()
            .find(|listed| listed.split(' ').next() == Some(name))
            .ok_or_else(unknown)?;
        let usual = listed.split(' ').nth(1);
        if words.next().is_some() || (stated.is_some() && usual.is_none()) {
            return Err(unknown());
        }
        let number: i64 = stated
            .or(usual)
            .map_or(Ok(0), str::parse)
            .map_err(|_| unknown())?;
        let fault = Self::named(name, number).ok_or_else(unknown)?;
        Ok(fault)
    }
}

impl Fault {
    fn named(name: &str, number: i64) -> Option<Self> {
        if let ("skew", number) = (name, number) {
            return Some(Self::Skew(number));
        }
        let number = u64::try_from(number).ok()?;
        Some(match name {
            "429" => Self::TooManyRequests(number),
            "418" => Self::Banned(number),
            "403" => Self::Forbidden,
            "451" => Self::Restricted,
            "503" => Self::Unavailable,
            "502" => Self::BadGateway,
            "html" => Self::Html,
            "cut-json" => Self::CutJson,
            "oversized" => Self::Oversized,
            "silence" => Self::Silence,
            "wrong-checksum" => Self::WrongChecksum,
            "missing-file" => Self::MissingFile,
            "cut-zip" => Self::CutZip,
            "archive-html" => Self::ArchiveHtml,
            "slow-down" => Self::SlowDown(number),
            "draft-archives" => Self::DraftArchives,
            "reissue-archives" => Self::ReissueArchives,
            "malformed" => Self::Malformed,
            "binary" => Self::Binary,
            "duplicate" => Self::Duplicate,
            "out-of-order" => Self::OutOfOrder,
            "missing-close" => Self::MissingClose,
            "late-close" => Self::LateClose(number),
            "shutdown" => Self::Shutdown(number),
            "drop" => Self::Drop,
            "stall" => Self::Stall,
            "stall-with-pings" => Self::StallWithPings,
            "half-open" => Self::HalfOpen,
            "refuse" => {
                let status = u16::try_from(number).ok();
                Self::Refuse(status.filter(|status| (400..600).contains(status))?)
            }
            "hole" => Self::Hole(number),
            _ => return None,
        })
    }

    /// Whether it waits for a REST request.
    pub(crate) const fn meets_rest(self) -> bool {
        matches!(
            self,
            Self::TooManyRequests(_)
                | Self::Banned(_)
                | Self::Forbidden
                | Self::Restricted
                | Self::Unavailable
                | Self::BadGateway
                | Self::Html
                | Self::CutJson
                | Self::Oversized
                | Self::Silence
        )
    }

    /// Whether it is one of the archives.
    pub(crate) const fn meets_archives(self) -> bool {
        matches!(
            self,
            Self::WrongChecksum
                | Self::MissingFile
                | Self::CutZip
                | Self::ArchiveHtml
                | Self::SlowDown(_)
                | Self::DraftArchives
                | Self::ReissueArchives
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_with_their_numbers() {
        for name in NAMES {
            assert!(name.parse::<Fault>().is_ok(), "{name}");
            let bare = name.split(' ').next().unwrap();
            assert_eq!(bare.parse::<Fault>(), name.parse::<Fault>(), "{name}");
        }
        let check =
            |text: &str, expected: Option<Fault>| assert_eq!(text.parse::<Fault>().ok(), expected, "{text}");
        check("late-close 7", Some(Fault::LateClose(7)));
        check("skew -60", Some(Fault::Skew(-60)));
        check("refuse 451", Some(Fault::Refuse(451)));
        check("refuse 200", None);
        check("late-close -1", None);
        check("late-close soon", None);
        check("drop 3", None);
        check("429 1 2", None);
        check("", None);
        check("flood", None);
    }
}
