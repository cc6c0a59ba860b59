//! What is handed to [`News`](crate::News) from outside: its name on the wire, its patience and its limits.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::ExtractorCommand;

/// How the crawler presents itself and what it allows itself.
#[derive(Clone, Debug, PartialEq)]
pub struct NewsConfig {
    /// The `User-Agent` header: product, version and a way to reach its makers, `Promptpal/0.1 (+https://...)`.
    /// The product name before the slash is what robots.txt rules are matched against.
    pub user_agent: String,
    /// Lets loopback, private and unique-local addresses through, at any port: for doubles in tests only.
    /// Link-local addresses (cloud metadata) and shared address space stay refused even then.
    pub allow_private_addresses: bool,
    /// Single addresses that are let through beside the public internet, at their port only: doubles in tests of what else is
    /// refused.
    pub doubles: Vec<SocketAddr>,
    /// What names resolve to, before the system is asked and before any address is refused: for tests.
    pub names: Vec<(String, IpAddr)>,
    /// The least time between the end of one request to a host and the next one; a longer Crawl-delay wins.
    pub per_host_delay: Duration,
    /// How the process that reads pages is started; `None` reads them on threads of this one, where nothing bounds their
    /// memory.
    pub extractor: Option<ExtractorCommand>,
    /// Bounds of one exchange.
    pub limits: Limits,
    /// Bounds of the time between two polls of a feed.
    pub intervals: PollIntervals,
}

impl NewsConfig {
    /// The defaults for real sites under this `User-Agent`.
    #[must_use]
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            allow_private_addresses: false,
            doubles: Vec::new(),
            names: Vec::new(),
            per_host_delay: Duration::from_secs(2),
            extractor: None,
            limits: Limits::default(),
            intervals: PollIntervals::default(),
        }
    }

    /// The product name that robots.txt rules are matched against: `user_agent` up to the first slash or space.
    #[must_use]
    pub fn robots_agent(&self) -> &str {
        self.user_agent.split(['/', ' ']).next().unwrap_or_default()
    }
}

/// Bounds of one exchange with a site and of the work on what it sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Body bytes accepted as they come over the wire.
    pub wire_bytes: usize,
    /// Body bytes accepted after decompression.
    pub decoded_bytes: usize,
    /// How many times larger a decompressed body may be than its compressed form, above one MiB.
    pub ratio: usize,
    /// Time to establish a connection.
    pub connect: Duration,
    /// Time from sending a request to the last byte of its answer, for each hop.
    pub whole: Duration,
    /// Redirects followed.
    pub redirects: usize,
    /// Time for the extraction of one page.
    pub extraction: Duration,
    /// How long a host's robots.txt is remembered.
    pub robots_ttl: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wire_bytes: 5 << 20,
            decoded_bytes: 20 << 20,
            ratio: 100,
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            redirects: 5,
            extraction: Duration::from_secs(10),
            robots_ttl: Duration::from_secs(24 * 3600),
        }
    }
}

/// Bounds of the time between two polls of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollIntervals {
    /// Never sooner, whatever the feed says.
    pub shortest: Duration,
    /// Where nothing tells how often the feed publishes.
    pub usual: Duration,
    /// The longest between two polls of a feed that seldom publishes, where nobody asks for more.
    pub slowest: Duration,
    /// Never later, unless a server asked for it by Retry-After.
    pub longest: Duration,
}

impl Default for PollIntervals {
    fn default() -> Self {
        Self {
            shortest: Duration::from_secs(5 * 60),
            usual: Duration::from_secs(15 * 60),
            slowest: Duration::from_secs(4 * 3600),
            longest: Duration::from_secs(24 * 3600),
        }
    }
}
