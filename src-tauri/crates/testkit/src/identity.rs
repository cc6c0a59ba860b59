//! A real OpenID provider (npm `oidc-provider`, a certified one), started as a child process on loopback.
//!
//! Its packages lie in `identity/` beside this crate's manifest; `cargo xtask test` runs `npm ci` there. [`Browser`] is
//! the person: it walks the pages for signing in and for consent.

mod browser;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use url::Url;

pub use browser::{Arrival, Browser};

/// How long node may take to start on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How the provider is to behave; also the arguments of `promptpal-testkit identity`.
#[derive(Clone, Debug, clap::Args)]
pub struct IdentityOptions {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// How long access tokens last, in seconds.
    #[arg(long, default_value_t = 300)]
    pub access_ttl: u32,
    /// How long refresh tokens last, in seconds.
    #[arg(long, default_value_t = 86_400)]
    pub refresh_ttl: u32,
}

impl Default for IdentityOptions {
    fn default() -> Self {
        Self {
            port: 0,
            access_ttl: 300,
            refresh_ttl: 86_400,
        }
    }
}

/// How often the provider has handed out or ended tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Asked {
    /// Codes exchanged, of browsers and of devices.
    pub exchanges: u32,
    /// Refresh tokens exchanged with success.
    pub refreshes: u32,
    /// Requests for revocation.
    pub revocations: u32,
}

/// A running provider. It ends when this is dropped, and when the process ends in whatever way.
#[derive(Debug)]
pub struct Identity {
    child: Child,
    // Kept open: a program whose output nobody reads is ended by the system when it writes.
    _output: BufReader<ChildStdout>,
    announced: Announced,
    client: reqwest::Client,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Announced {
    issuer: Url,
    client_id: String,
}

impl Identity {
    /// Starts a provider on a free port.
    ///
    /// # Errors
    /// When node or the packages are missing, or it does not answer within a minute.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(&IdentityOptions::default()).await
    }

    /// Starts a provider.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_with(options: &IdentityOptions) -> anyhow::Result<Self> {
        let folder = folder();
        if !folder.join("node_modules/oidc-provider").is_dir() {
            bail!(
                "the provider's packages are missing: run `npm ci` in {}",
                folder.display()
            );
        }
        let mut child = Command::new("node")
            .arg("server.mjs")
            .args(["--port", &options.port.to_string()])
            .args(["--access-ttl", &options.access_ttl.to_string()])
            .args(["--refresh-ttl", &options.refresh_ttl.to_string()])
            .arg("--hold")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting node")?;
        let mut output = BufReader::new(child.stdout.take().context("node has no output")?);
        let mut line = String::new();
        tokio::time::timeout(START_LIMIT, output.read_line(&mut line))
            .await
            .context("the provider did not start within a minute")??;
        let announced = serde_json::from_str(&line).with_context(|| {
            format!(
                "the provider said {line:?} first; run `node server.mjs` in {} to see why",
                folder.display()
            )
        })?;
        Ok(Self {
            child,
            _output: output,
            announced,
            client: browser::client()?,
        })
    }

    /// Its address, as it writes it.
    #[must_use]
    pub fn issuer(&self) -> &Url {
        &self.announced.issuer
    }

    /// The client that it knows.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.announced.client_id
    }

    /// Makes it answer every request with 503, or stop doing so. What it knows is not lost.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn set_down(&self, down: bool) -> anyhow::Result<()> {
        let body = serde_json::json!({ "down": down }).to_string();
        self.client
            .post(self.control()?)
            .body(body)
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }

    /// What it was asked for until now.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn asked(&self) -> anyhow::Result<Asked> {
        Ok(self.client.get(self.control()?).send().await?.json().await?)
    }

    /// Ends it and waits until its port is free; everything it knew is lost.
    ///
    /// # Errors
    /// When the system cannot end it.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    fn control(&self) -> anyhow::Result<Url> {
        Ok(self.announced.issuer.join("control")?)
    }
}

/// `promptpal-testkit identity`: prints issuer and client as a JSON line and serves until it is interrupted.
///
/// # Errors
/// As [`Identity::start`].
pub async fn serve(options: &IdentityOptions) -> anyhow::Result<()> {
    let identity = Identity::start_with(options).await?;
    println!(
        "{}",
        serde_json::json!({ "issuer": identity.issuer().as_str().trim_end_matches('/'), "clientId": identity.client_id() })
    );
    tokio::signal::ctrl_c().await?;
    identity.stop().await
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("identity")
}
