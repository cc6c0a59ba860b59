//! Sign-in with OpenID Connect: optional, standard, never in the way.
//!
//! [`Account`] signs somebody in through the system browser (authorization code with PKCE on a loopback redirect,
//! RFC 8252) or on another device (RFC 8628), keeps the session fresh, and signs out. Without an issuer it does
//! nothing, and nothing local ever depends on it.
//!
//! ```no_run
//! # async fn example(clock: std::sync::Arc<dyn promptpal_domain::Clock>) -> Result<(), promptpal_account::AccountError> {
//! use std::sync::Arc;
//! use promptpal_account::{Account, AccountConfig, KeyringStore};
//! use tokio_util::sync::CancellationToken;
//!
//! let config = AccountConfig::new(Some("https://id.example.org".parse().unwrap()), "promptpal-desktop");
//! let account = Account::new(config, Arc::new(KeyringStore::new("Promptpal")), clock)?;
//! let session = account.session(); // a watch: what the window shows
//! let remembered = account.remembered(); // a watch: what the settings keep
//! account.restore(None).await?;
//! let profile = account.sign_in(|url| println!("open {url}"), &CancellationToken::new()).await?;
//! # let _ = (session, remembered, profile); Ok(()) }
//! ```
//!
//! # Invariants
//! - The access token is in memory only. The refresh token is in the [`SecretStore`] only, and is read from there each
//!   time it is used. Neither is ever part of an error, a log line, a [`Remembered`] or a `Debug` output.
//! - The session is changed by one task at a time, and that task runs to its end even when its caller goes away:
//!   providers rotate refresh tokens, and a new one that is not stored is a lost session.
//! - Plain `http` is spoken with loopback issuers only, and every endpoint of an `https` issuer is `https`.
//! - The secret store is called from a thread of its own: it may block, and where it hangs the account gives up on it.
//! - Every answer from the network has a time limit and a size limit; redirects are not followed.
//!
//! # Not here
//! Where [`Remembered`] is kept and the settings the configuration comes from (`app`), what is drawn of the session
//! (`api`, the window), and the rustls provider: the program installs it before the first [`Account`] is made.

#![warn(missing_docs)]

mod account;
mod browser_flow;
mod callback;
mod config;
mod device_flow;
mod error;
mod inner;
mod keep_fresh;
mod provider;
mod secrets;
mod session;
mod sign_out;
mod transport;
mod vault;

pub use account::Account;
pub use config::AccountConfig;
pub use device_flow::DevicePrompt;
pub use error::{AccountError, CallbackFault};
pub use secrets::{KeyringStore, MemoryStore, Secret, SecretKey, SecretStore};
pub use session::{Contact, Profile, Remembered, SessionState};
pub use sign_out::Revocation;
