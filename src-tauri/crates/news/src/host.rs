//! What counts as one host: everything under one registrable domain is run by the same people on the same machines.

use url::{Host, Url};

/// The host of an address as turns and pauses know it: its registrable domain (`news.example.co.uk` is `example.co.uk`), or
/// its IP address, with its port where that is not the usual one. `None` unless it is an address with a host.
#[must_use]
pub fn host_of(address: &str) -> Option<String> {
    Url::parse(address.trim()).ok().as_ref().and_then(host_key)
}

pub(crate) fn host_key(url: &Url) -> Option<String> {
    let name = match url.host()? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            psl::domain_str(name).unwrap_or(name).to_owned()
        }
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => format!("[{ip}]"),
    };
    Some(match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_registrable_domain() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(host_of(address).as_deref(), expected, "{address}");
        };
        check("https://www.coindesk.com/feed", Some("coindesk.com"));
        check("https://feeds.news.example.co.uk/x", Some("example.co.uk"));
        check("https://coindesk.com./feed", Some("coindesk.com"));
        // Sites of different people under a domain that is rented out.
        check("https://alice.github.io/feed", Some("alice.github.io"));
        check("https://localhost/feed", Some("localhost"));
        check("http://127.0.0.1:8080/feed", Some("127.0.0.1:8080"));
        check("http://[::1]/feed", Some("[::1]"));
        check("mailto:someone@example.com", None);
        check("nothing", None);
    }
}
