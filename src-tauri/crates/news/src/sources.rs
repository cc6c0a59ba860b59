//! The sources that are offered from the start.

/// A feed offered to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultSource {
    /// Its short name.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// The feed's address.
    pub url: &'static str,
    /// Whether it is asked without the user saying so.
    pub enabled: bool,
    /// Whether somebody has seen it answer as a feed. None has been yet: the list was made without a network, so a
    /// feed that does not answer at first may have moved.
    pub verified: bool,
}

/// The list, the most relevant first.
#[must_use]
pub const fn default_sources() -> &'static [DefaultSource] {
    &SOURCES
}

const SOURCES: [DefaultSource; 11] = [
    source(
        "coindesk",
        "CoinDesk",
        "https://www.coindesk.com/arc/outboundfeeds/rss/",
        true,
    ),
    source(
        "cointelegraph",
        "Cointelegraph",
        "https://cointelegraph.com/rss",
        true,
    ),
    source("decrypt", "Decrypt", "https://decrypt.co/feed", true),
    source("theblock", "The Block", "https://www.theblock.co/rss.xml", false),
    source(
        "bitcoinmagazine",
        "Bitcoin Magazine",
        "https://bitcoinmagazine.com/feed",
        false,
    ),
    source(
        "cryptoslate",
        "CryptoSlate",
        "https://cryptoslate.com/feed/",
        false,
    ),
    source("defiant", "The Defiant", "https://thedefiant.io/api/feed", false),
    source(
        "fed_press",
        "Federal Reserve press releases",
        "https://www.federalreserve.gov/feeds/press_all.xml",
        false,
    ),
    source(
        "sec_press",
        "SEC press releases",
        "https://www.sec.gov/news/pressreleases.rss",
        false,
    ),
    source(
        "ecb_press",
        "ECB press releases",
        "https://www.ecb.europa.eu/rss/press.html",
        false,
    ),
    source(
        "cnbc_top",
        "CNBC Top News",
        "https://www.cnbc.com/id/100003114/device/rss/rss.html",
        false,
    ),
];

const fn source(id: &'static str, name: &'static str, url: &'static str, enabled: bool) -> DefaultSource {
    DefaultSource {
        id,
        name,
        url,
        enabled,
        verified: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sound() {
        let list = default_sources();
        assert_eq!(list.iter().filter(|source| source.enabled).count(), 3);
        for source in list {
            assert_eq!(crate::canonical_url(source.url).as_deref(), Some(source.url));
            assert_eq!(
                list.iter()
                    .filter(|other| other.id == source.id || other.url == source.url)
                    .count(),
                1
            );
        }
    }
}
