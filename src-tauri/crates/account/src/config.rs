//! What an account needs to be told, and which issuers are spoken with.

use std::time::Duration;

use url::{Host, Url};

use crate::AccountError;

/// Where to sign in, and how long to wait.
#[derive(Clone, Debug)]
pub struct AccountConfig {
    /// The OpenID provider. `None`: sign-in is off.
    pub issuer: Option<Url>,
    /// The name under which the provider knows this program; a public client without a secret.
    pub client_id: String,
    /// What is asked for. Always sent with `openid` in front.
    pub scopes: Vec<String>,
    /// How long the person has to finish in the browser.
    pub sign_in_timeout: Duration,
    /// How long the provider has for one answer.
    pub request_timeout: Duration,
    /// How long the secret store has for one answer; unlocking it may ask the person for a password.
    pub secret_timeout: Duration,
    /// How long a session stays usable without contact to the provider.
    pub offline_grace: Duration,
}

impl AccountConfig {
    /// The usual limits: 5 minutes for the person, 20 seconds for the provider, 1 minute for the secret store,
    /// 14 days offline; asks for name, address and a refresh token.
    pub fn new(issuer: Option<Url>, client_id: impl Into<String>) -> Self {
        Self {
            issuer,
            client_id: client_id.into(),
            scopes: ["offline_access", "profile", "email"].map(str::to_owned).to_vec(),
            sign_in_timeout: Duration::from_secs(5 * 60),
            request_timeout: Duration::from_secs(20),
            secret_timeout: Duration::from_secs(60),
            offline_grace: Duration::from_secs(14 * 24 * 3600),
        }
    }
}

/// The issuer as providers write it: without the slash that a URL without a path ends in. Issuers are compared as
/// texts (RFC 8414 section 3.3).
pub(crate) fn issuer_text(issuer: &Url) -> &str {
    if issuer.path() == "/" {
        issuer.as_str().trim_end_matches('/')
    } else {
        issuer.as_str()
    }
}

/// Refuses issuers that could be read or changed on the way.
pub(crate) fn check_issuer(issuer: &Url) -> Result<(), AccountError> {
    let refused = |why| AccountError::IssuerRefused {
        issuer: issuer.clone(),
        why,
    };
    if issuer.query().is_some() || issuer.fragment().is_some() || !issuer.username().is_empty() {
        return Err(refused(
            "an issuer is an address without query, fragment and user name",
        ));
    }
    match issuer.scheme() {
        "https" if issuer.host().is_some() => Ok(()),
        "http" if is_loopback(issuer) => Ok(()),
        "http" => Err(refused(
            "http is allowed on this machine only (127.0.0.1); use https",
        )),
        _ => Err(refused("it does not start with https://")),
    }
}

/// Whether the address leads to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_with_issuers_that_cannot_be_overheard() {
        let check = |issuer: &str, allowed: bool| {
            assert_eq!(
                check_issuer(&issuer.parse().unwrap()).is_ok(),
                allowed,
                "{issuer}"
            );
        };
        check("https://id.example.org", true);
        check("https://id.example.org/realms/desk", true);
        check("http://127.0.0.1:4455", true);
        check("http://[::1]:4455", true);
        check("http://localhost:4455", true);
        check("http://id.example.org", false);
        check("http://127.0.0.1.example.org", false);
        check("http://192.168.1.4", false);
        check("https://id.example.org/?tenant=1", false);
        check("https://ada@id.example.org", false);
        check("file:///etc/passwd", false);
    }

    #[test]
    fn writes_issuers_as_providers_do() {
        let check =
            |issuer: &str, expected: &str| assert_eq!(issuer_text(&issuer.parse().unwrap()), expected);
        check("https://id.example.org", "https://id.example.org");
        check("https://id.example.org/", "https://id.example.org");
        check("https://id.example.org/a/", "https://id.example.org/a/");
    }
}
