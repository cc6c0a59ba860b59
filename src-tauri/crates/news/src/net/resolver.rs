//! Names to addresses, with everything taken out that may not be connected to. What is connected to is what was checked:
//! there is no second look-up in between.

use std::io;
use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::Reach;

/// The system's resolver behind the address filter.
#[derive(Clone, Debug)]
pub(super) struct FilteredResolver {
    pub(super) reach: Reach,
    /// What names resolve to without asking the system.
    pub(super) names: Vec<(String, IpAddr)>,
}

/// A name resolved, but to nothing that may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("{host} resolves to no address on the public internet")]
pub(super) struct Refused {
    pub(super) host: String,
}

impl Resolve for FilteredResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        let host = name.as_str().to_owned();
        let named = self.names.iter().filter(|(name, _)| *name == host);
        let mut found: Vec<SocketAddr> = named.map(|(_, ip)| SocketAddr::new(*ip, 0)).collect();
        Box::pin(async move {
            if found.is_empty() {
                found = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            }
            let none_found = found.is_empty();
            let open: Vec<SocketAddr> = found.into_iter().filter(|at| reach.allows(at.ip())).collect();
            if none_found {
                return Err(Box::from(io::Error::from(io::ErrorKind::NotFound)));
            }
            if open.is_empty() {
                return Err(Box::from(Refused { host }));
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

/// Whether the filter is what made a request fail.
pub(super) fn is_refusal(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<Refused>() {
            return true;
        }
        cause = error.source();
    }
    false
}
