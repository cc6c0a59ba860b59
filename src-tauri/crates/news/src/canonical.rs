//! One address for one article: what feeds and newsletters hang on to a link is taken off again.

use url::Url;

/// Query parameters that only say where a reader came from.
const TRACKING: [&str; 24] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "wbraid",
    "gbraid",
    "msclkid",
    "yclid",
    "twclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "oly_enc_id",
    "oly_anon_id",
    "vero_id",
    "cmpid",
    "ncid",
    "sr_share",
    "guccounter",
    "taid",
];
/// Parameters that are tracking only when they name a feed.
const ORIGIN: [&str; 6] = ["ref", "src", "source", "from", "cmp", "feed"];

/// `address` without fragment, tracking parameters and user name; `None` unless it is an http(s) address with a host.
#[must_use]
pub fn canonical_url(address: &str) -> Option<String> {
    let mut url = Url::parse(address.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let kept: Vec<&str> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !is_tracking(pair))
        .collect();
    let query = kept.join("&");
    url.set_query((!query.is_empty()).then_some(query.as_str()));
    Some(url.into())
}

fn is_tracking(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    let names_a_feed = value.contains("rss") || value.contains("feed");
    name.is_empty()
        || name.starts_with("utm_")
        || name.starts_with("at_custom")
        || TRACKING.contains(&name.as_str())
        || (ORIGIN.contains(&name.as_str()) && names_a_feed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_off_what_is_not_the_address() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(canonical_url(address).as_deref(), expected, "{address}");
        };
        check(
            "https://A.example:443/x?utm_source=rss&utm_medium=feed",
            Some("https://a.example/x"),
        );
        check(
            "https://a.example/x?id=7&fbclid=abc&page=2#comments",
            Some("https://a.example/x?id=7&page=2"),
        );
        check(
            "https://a.example/x?ref=rss&source=alice",
            Some("https://a.example/x?source=alice"),
        );
        check("http://user:word@a.example/x", Some("http://a.example/x"));
        check(
            "  https://a.example/a%20b/?q=%C3%A9 ",
            Some("https://a.example/a%20b/?q=%C3%A9"),
        );
        check("/relative", None);
        check("ftp://a.example/x", None);
        check("javascript:alert(1)", None);
        check("", None);
    }

    proptest::proptest! {
        #[test]
        fn twice_is_once(text in "https?://[a-z]{1,8}\\.example/[ -~]{0,40}") {
            if let Some(once) = canonical_url(&text) {
                proptest::prop_assert_eq!(canonical_url(&once), Some(once));
            }
        }

        #[test]
        fn never_panics(text in ".{0,80}") {
            let _ = canonical_url(&text);
        }
    }
}
