//! Long work: what it is and how it stands.

use std::fmt;

/// Identity of a job: a version 7 UUID as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub String);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// The name used in the store and on the command line.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

named! {
    /// What a job does.
    JobKind {
        /// History from an exchange.
        Fetch = "fetch",
        /// A stored span held against its exchange.
        Verify = "verify",
        /// Candles from a file.
        Import = "import",
        /// Candles to a file.
        Export = "export",
        /// A round over the news sources.
        Crawl = "crawl",
        /// Scoring of articles.
        Score = "score",
        /// A model's answers held against labels that people gave.
        Evaluate = "evaluate",
        /// A sentiment model downloaded or taken from a folder.
        Model = "model",
        /// A backtest.
        Backtest = "backtest",
        /// A backtest with many sets of parameters.
        Sweep = "sweep",
        /// The sample workspace.
        Sample = "sample",
    }
}

named! {
    /// How a job stands.
    JobState {
        /// Waiting for its turn.
        Queued = "queued",
        /// At work.
        Running = "running",
        /// Done.
        Succeeded = "succeeded",
        /// Ended by an error.
        Failed = "failed",
        /// Ended by the user.
        Cancelled = "cancelled",
        /// The program ended before the job did.
        Interrupted = "interrupted",
    }
}
