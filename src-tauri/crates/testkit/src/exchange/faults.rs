//! What can go wrong.

use std::fmt;
use std::str::FromStr;

/// A fault. The first group meets the next REST request, the second the streams.
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
    /// 200 with a page of HTML.
    Html,
    /// 200 with JSON that is cut in the middle.
    CutJson,
    /// 200 with far too many bytes.
    Oversized,
    /// No answer until the client gives up.
    Silence,

    /// Half a kline frame to everybody, now.
    Malformed,
    /// A binary frame to everybody, now.
    Binary,
    /// The next closing frame comes twice.
    Duplicate,
    /// The next two events of a connection change places.
    OutOfOrder,
    /// The next closing frame is not sent.
    MissingClose,
    /// `serverShutdown` to everybody, then the connections end.
    Shutdown,
    /// Every connection ends without a word.
    Drop,
    /// Every connection stays open and silent.
    Stall,
}

/// Names as they are written by hand.
const NAMED: [(&str, Fault); 17] = [
    ("429", Fault::TooManyRequests(5)),
    ("418", Fault::Banned(30)),
    ("403", Fault::Forbidden),
    ("451", Fault::Restricted),
    ("503", Fault::Unavailable),
    ("html", Fault::Html),
    ("cut-json", Fault::CutJson),
    ("oversized", Fault::Oversized),
    ("silence", Fault::Silence),
    ("malformed", Fault::Malformed),
    ("binary", Fault::Binary),
    ("duplicate", Fault::Duplicate),
    ("out-of-order", Fault::OutOfOrder),
    ("missing-close", Fault::MissingClose),
    ("shutdown", Fault::Shutdown),
    ("drop", Fault::Drop),
    ("stall", Fault::Stall),
];

/// The text names no fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "'{}' is no fault: use one of {}",
            self.0,
            NAMED.map(|(name, _)| name).join(" ")
        )
    }
}

impl std::error::Error for UnknownFault {}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        NAMED
            .into_iter()
            .find(|(name, _)| *name == text)
            .map(|(_, fault)| fault)
            .ok_or_else(|| UnknownFault(text.to_owned()))
    }
}

impl Fault {
    /// Whether it waits for a REST request.
    pub(crate) const fn meets_rest(self) -> bool {
        matches!(
            self,
            Self::TooManyRequests(_)
                | Self::Banned(_)
                | Self::Forbidden
                | Self::Restricted
                | Self::Unavailable
                | Self::Html
                | Self::CutJson
                | Self::Oversized
                | Self::Silence
        )
    }
}
