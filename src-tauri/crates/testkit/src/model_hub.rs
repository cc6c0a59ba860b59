//! A hub of models on loopback: lists of files with checksums, files with ranges, large ones on an address that is sent on to, and faults.

mod by_hand;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

pub use by_hand::{ModelHubOptions, serve};

/// The revision of everything.
const REVISION: &str = "4556d13015211d73dccd3fdd39d39232506f3e43";

/// What is wrong with the hub.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Everything is answered with this status.
    Status(u16),
    /// The connection of a large file breaks after so many bytes of each answer.
    CutAfter(usize),
    /// Nothing more comes of a large file after so many bytes; the connection stays.
    StallAfter(usize),
    /// Answers begin at the beginning, whatever was asked for.
    NoRanges,
    /// One byte in the middle of each large file is another one.
    Altered,
    /// Large files are longer than the list says.
    Longer,
    /// Small files are a page that says something else.
    Markup,
}

/// A running hub. It stops when this is dropped.
#[derive(Debug)]
pub struct ModelHub {
    base: Url,
    shelf: Arc<Mutex<Shelf>>,
    _stop: DropGuard,
}

#[derive(Debug, Default)]
struct Shelf {
    /// By repository and name.
    files: BTreeMap<(String, String), StoredFile>,
    fault: Fault,
    requests: Vec<String>,
}

#[derive(Clone, Debug)]
struct StoredFile {
    contents: Bytes,
    large: bool,
}

type Shared = State<Arc<Mutex<Shelf>>>;

impl ModelHub {
    /// An empty hub on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_on(0).await
    }

    /// An empty hub on this port of 127.0.0.1.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start_on(port: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let base = format!("http://127.0.0.1:{}/", listener.local_addr()?.port()).parse()?;
        let shelf = Arc::<Mutex<Shelf>>::default();
        let app = Router::new()
            .route("/api/models/{owner}/{name}/revision/{revision}", get(list))
            .route("/{owner}/{name}/resolve/{revision}/{file}", get(resolve))
            .route("/elsewhere/{owner}/{name}/{file}", get(elsewhere))
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

    /// Its address.
    #[must_use]
    pub fn base(&self) -> Url {
        self.base.clone()
    }

    /// Puts a file into a repository. Weights are large, texts small.
    pub fn put(&self, repository: &str, name: &str, contents: impl Into<Bytes>) {
        let large = name.ends_with(".bin") || name.ends_with(".safetensors");
        let file = StoredFile {
            contents: contents.into(),
            large,
        };
        lock(&self.shelf)
            .files
            .insert((repository.to_owned(), name.to_owned()), file);
    }

    /// Has this fault from now on.
    pub fn set_fault(&self, fault: Fault) {
        lock(&self.shelf).fault = fault;
    }

    /// What was asked for, in order: the path, and the range behind it where there was one.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shelf).requests.clone()
    }
}

async fn list(
    State(shelf): Shared,
    Path((owner, name, revision)): Path<(String, String, String)>,
) -> Response {
    let mut shelf = lock(&shelf);
    shelf.requests.push(format!("list {owner}/{name}"));
    if let Some(refusal) = refusal(shelf.fault) {
        return refusal;
    }
    let repository = format!("{owner}/{name}");
    let files: Vec<serde_json::Value> = shelf
        .files
        .iter()
        .filter(|((of, _), _)| *of == repository)
        .map(|((_, name), file)| {
            let length = file.contents.len();
            let blob = Sha1::new_with_prefix(format!("blob {length}\0")).chain_update(&file.contents);
            let mut entry =
                serde_json::json!({ "rfilename": name, "size": length, "blobId": hex(&blob.finalize()) });
            if file.large {
                let sha256 = hex(&Sha256::digest(&file.contents));
                entry["lfs"] = serde_json::json!({ "sha256": sha256, "size": length, "pointerSize": 134 });
            }
            entry
        })
        .collect();
    if files.is_empty() || !["main", REVISION].contains(&revision.as_str()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(serde_json::json!({ "id": repository, "sha": REVISION, "siblings": files })).into_response()
}

async fn resolve(
    State(shelf): Shared,
    Path((owner, name, revision, file)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let key = (format!("{owner}/{name}"), file.clone());
    let (found, fault) = {
        let mut shelf = lock(&shelf);
        shelf.requests.push(note(&file, &headers));
        (shelf.files.get(&key).cloned(), shelf.fault)
    };
    if let Some(refusal) = refusal(fault) {
        return refusal;
    }
    match found {
        Some(_) if revision != REVISION => StatusCode::NOT_FOUND.into_response(),
        Some(stored) if stored.large => {
            let to = format!("/elsewhere/{owner}/{name}/{file}");
            (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
        }
        Some(_) if fault == Fault::Markup => "<html>Log in to the network</html>".into_response(),
        Some(stored) => send(stored.contents, &headers, fault),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn elsewhere(
    State(shelf): Shared,
    Path((owner, name, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let (found, fault) = {
        let shelf = lock(&shelf);
        (
            shelf.files.get(&(format!("{owner}/{name}"), file)).cloned(),
            shelf.fault,
        )
    };
    let Some(stored) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut contents = stored.contents.to_vec();
    match fault {
        Fault::Altered => {
            let middle = contents.len() / 2;
            contents[middle] ^= 1;
        }
        Fault::Longer => contents.extend(b"and more"),
        _ => {}
    }
    send(contents.into(), &headers, fault)
}

/// The contents, or their end where a range asks for it.
fn send(contents: Bytes, headers: &HeaderMap, fault: Fault) -> Response {
    let length = contents.len();
    let from = range(headers).filter(|_| fault != Fault::NoRanges);
    if from.is_some_and(|from| from >= length) {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    }
    let body = contents.slice(from.unwrap_or(0)..);
    let left = body.len();
    let body = match fault {
        Fault::CutAfter(bytes) if bytes < left => {
            let first = stream::iter([Ok(body.slice(..bytes))]);
            // Later, so that the first part is sent.
            let broken = stream::once(async {
                tokio::task::yield_now().await;
                Err(std::io::Error::other("the connection breaks"))
            });
            Body::from_stream(first.chain(broken))
        }
        Fault::StallAfter(bytes) if bytes < left => {
            let first = stream::iter([Ok::<_, Infallible>(body.slice(..bytes))]);
            Body::from_stream(first.chain(stream::pending()))
        }
        _ => Body::from(body),
    };
    let mut answer = Response::builder().header(header::CONTENT_LENGTH, left);
    if let Some(from) = from {
        answer = answer.status(StatusCode::PARTIAL_CONTENT).header(
            header::CONTENT_RANGE,
            format!("bytes {from}-{}/{length}", length - 1),
        );
    }
    answer.body(body).unwrap()
}

fn range(headers: &HeaderMap) -> Option<usize> {
    let range = headers.get(header::RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

fn note(file: &str, headers: &HeaderMap) -> String {
    range(headers).map_or_else(|| file.to_owned(), |from| format!("{file} from {from}"))
}

fn refusal(fault: Fault) -> Option<Response> {
    let Fault::Status(code) = fault else { return None };
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Some(status.into_response())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn lock(shelf: &Mutex<Shelf>) -> MutexGuard<'_, Shelf> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}
