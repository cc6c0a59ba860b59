//! An update server: `latest.json` and packages on loopback, as `tauri-plugin-updater` asks for them, with faults.
//!
//! It checks and signs nothing: signatures are texts that the caller took from the packages' `.sig` files.

mod by_hand;
mod release;

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

pub use by_hand::{UpdateOptions, serve};
pub use release::{Package, Release};

/// What is wrong with the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Everything is answered with this status.
    Status(u16),
    /// `latest.json` is no JSON.
    Garbage,
    /// One byte in the middle of each package is another one.
    AlteredPackage,
    /// Packages end after half of their bytes.
    CutPackage,
    /// The release is announced under this version, whatever its packages are.
    AnnouncedAs(String),
}

/// A running update server. It stops when this is dropped.
#[derive(Debug)]
pub struct UpdateServer {
    base: Url,
    shelf: Arc<Mutex<Shelf>>,
    _stop: DropGuard,
}

#[derive(Debug)]
struct Shelf {
    base: Url,
    release: Release,
    fault: Fault,
    requests: Vec<String>,
}

type Shared = State<Arc<Mutex<Shelf>>>;

impl UpdateServer {
    /// Serves a release on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(release: Release) -> anyhow::Result<Self> {
        Self::start_on(0, release).await
    }

    /// Serves a release on this port of 127.0.0.1.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start_on(port: u16, release: Release) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let base: Url = format!("http://127.0.0.1:{}/", listener.local_addr()?.port()).parse()?;
        let shelf = Shelf {
            base: base.clone(),
            release,
            fault: Fault::None,
            requests: Vec::new(),
        };
        let shelf = Arc::new(Mutex::new(shelf));
        let app = Router::new()
            .route("/latest.json", get(latest))
            .route("/packages/{name}", get(package))
            .layer(middleware::from_fn_with_state(Arc::clone(&shelf), note))
            .with_state(Arc::clone(&shelf));
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { axum::serve(listener, app).with_graceful_shutdown(stopped).await });
        Ok(Self {
            base,
            shelf,
            _stop: stop.drop_guard(),
        })
    }

    /// Where the updater asks: the address of `latest.json`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("{}latest.json", self.base)
    }

    /// Offers another release from now on.
    pub fn publish(&self, release: Release) {
        lock(&self.shelf).release = release;
    }

    /// Has this fault from now on.
    pub fn set_fault(&self, fault: Fault) {
        lock(&self.shelf).fault = fault;
    }

    /// The paths that were asked for, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shelf).requests.clone()
    }
}

/// Notes each request, and answers it at once where the fault says so.
async fn note(State(shelf): Shared, request: Request, next: Next) -> Response {
    let status = {
        let mut shelf = lock(&shelf);
        shelf.requests.push(request.uri().path().to_owned());
        if let Fault::Status(code) = shelf.fault {
            Some(code)
        } else {
            None
        }
    };
    match status {
        Some(code) => StatusCode::from_u16(code)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response(),
        None => next.run(request).await,
    }
}

async fn latest(State(shelf): Shared) -> Response {
    let shelf = lock(&shelf);
    let body = match &shelf.fault {
        Fault::Garbage => "<!doctype html><p>Log in to this network".to_owned(),
        Fault::AnnouncedAs(version) => shelf.release.manifest(&shelf.base, version).to_string(),
        _ => shelf
            .release
            .manifest(&shelf.base, &shelf.release.version)
            .to_string(),
    };
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn package(State(shelf): Shared, Path(name): Path<String>) -> Response {
    let shelf = lock(&shelf);
    let Some(package) = shelf
        .release
        .packages
        .iter()
        .find(|package| package.file_name == name)
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut bytes = package.bytes.clone();
    let middle = bytes.len() / 2;
    match shelf.fault {
        Fault::AlteredPackage => bytes.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 1),
        Fault::CutPackage => bytes.truncate(middle),
        _ => {}
    }
    ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
}

fn lock(shelf: &Mutex<Shelf>) -> MutexGuard<'_, Shelf> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Browser;

    fn release() -> Release {
        let package = Package {
            target: "linux-x86_64-deb".into(),
            file_name: "promptpal.deb".into(),
            bytes: b"12345678".to_vec(),
            signature: "signed".into(),
        };
        Release {
            version: "0.2.0".into(),
            notes: "New".into(),
            packages: vec![package],
        }
    }

    #[tokio::test]
    async fn serves_a_release_and_its_faults() {
        let server = UpdateServer::start(release()).await.unwrap();
        let mut browser = Browser::new("nobody").unwrap();
        let mut check = async |fault: Fault, version: Option<&str>, package: (u16, &str)| {
            server.set_fault(fault.clone());
            let (_, manifest) = browser.visit(&server.endpoint().parse().unwrap()).await.unwrap();
            let manifest = serde_json::from_str::<serde_json::Value>(&manifest).ok();
            assert_eq!(
                manifest.as_ref().and_then(|found| found["version"].as_str()),
                version,
                "{fault:?}"
            );
            let at = server.base.join("packages/promptpal.deb").unwrap();
            if let Some(manifest) = &manifest {
                assert_eq!(manifest["platforms"]["linux-x86_64-deb"]["url"], at.as_str());
            }
            let got = browser.visit(&at).await.unwrap();
            assert_eq!((got.0, got.1.as_str()), package, "{fault:?}");
        };
        check(Fault::None, Some("0.2.0"), (200, "12345678")).await;
        check(Fault::Status(500), None, (500, "")).await;
        check(Fault::Garbage, None, (200, "12345678")).await;
        check(Fault::AlteredPackage, Some("0.2.0"), (200, "12344678")).await;
        check(Fault::CutPackage, Some("0.2.0"), (200, "1234")).await;
        check(
            Fault::AnnouncedAs("9.9.9".into()),
            Some("9.9.9"),
            (200, "12345678"),
        )
        .await;
        assert_eq!(server.requests().len(), 12);

        server.set_fault(Fault::None);
        server.publish(Release::announcement("1.0.0", "All systems"));
        let (_, manifest) = browser.visit(&server.endpoint().parse().unwrap()).await.unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        assert_eq!(manifest["notes"], "All systems");
        assert!(manifest["platforms"]["windows-x86_64-nsis"]["signature"].is_string());
    }
}
