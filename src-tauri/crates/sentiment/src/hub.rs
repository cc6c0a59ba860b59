//! The hub that models are downloaded from: which files a model has, and the files, bounded, resumed and checked.
//!
//! The hub says for each file how long it is and its checksum: SHA-256 for large ones, the name that git gives its contents for small
//! ones. What arrives otherwise is thrown away. All files are taken of one revision, so that a change on the hub between two of them
//! cannot mix two models. <https://huggingface.co/docs/hub/api>

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_RANGE, RANGE};
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

use crate::ModelError;
use crate::manifest::hex;

/// A list of files is no longer.
const MAX_LIST_BYTES: usize = 4 << 20;
/// No model that could be run is larger.
const MAX_FILE_BYTES: u64 = 8 << 30;
/// Read at a time where a file that is there already is looked at.
const PIECE: usize = 1 << 20;

/// How a hub is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubConfig {
    /// Its address.
    pub base: Url,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long nothing may arrive.
    pub read_timeout: Duration,
}

impl HubConfig {
    /// 15 s for a connection, 30 s without anything.
    #[must_use]
    pub fn at(base: Url) -> Self {
        Self {
            base,
            connect_timeout: Duration::from_secs(15),
            read_timeout: Duration::from_secs(30),
        }
    }
}

/// A hub.
#[derive(Clone, Debug)]
pub struct Hub {
    http: reqwest::Client,
    base: Url,
    host: String,
}

/// A model as the hub has it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubModel {
    /// `owner/name`
    pub repository: String,
    /// The revision that all of its files are taken of.
    pub revision: String,
    /// Its files.
    pub files: Vec<HubFile>,
}

/// A file on the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubFile {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    sum: Sum,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Sum {
    Sha256(String),
    /// SHA-1 over `blob LENGTH`, a zero and the contents.
    Git(String),
}

#[derive(Deserialize)]
struct Listing {
    sha: String,
    siblings: Vec<Sibling>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    blob_id: Option<String>,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    sha256: String,
    size: u64,
}

impl Hub {
    /// A client. Nothing is asked yet.
    ///
    /// # Errors
    /// [`ModelError::Unreachable`] when the client cannot be made.
    pub fn new(config: &HubConfig) -> Result<Self, ModelError> {
        let host = match (config.base.host_str(), config.base.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => config.base.to_string(),
        };
        let http = reqwest::Client::builder()
            .user_agent(concat!("promptpal/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            // Large files lie elsewhere: the hub sends on.
            .redirect(reqwest::redirect::Policy::limited(5))
            // Lengths and places are those of the files.
            .no_gzip()
            .no_brotli()
            .build()
            .map_err(|error| ModelError::Unreachable {
                host: host.clone(),
                source: Box::new(error),
            })?;
        Ok(Self {
            http,
            base: config.base.clone(),
            host,
        })
    }

    /// Which files a model has.
    ///
    /// # Errors
    /// [`ModelError::NotThere`], [`ModelError::Unreachable`], [`ModelError::Timeout`], [`ModelError::Refused`].
    pub async fn model(&self, repository: &str, revision: &str) -> Result<HubModel, ModelError> {
        let path = ["api", "models"]
            .into_iter()
            .chain(repository.split('/'))
            .chain(["revision", revision]);
        let mut url = self.address(path)?;
        url.set_query(Some("blobs=true"));
        let answer = self
            .http
            .get(url)
            .send()
            .await
            .map_err(|error| self.failed(error))?;
        let mut answer = self.checked(answer, repository)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.failed(error))? {
            if body.len() + chunk.len() > MAX_LIST_BYTES {
                return Err(self.refused("sends a list of files without end"));
            }
            body.extend_from_slice(&chunk);
        }
        let Listing { sha, siblings } =
            serde_json::from_slice(&body).map_err(|_| self.refused("answers no list of files"))?;
        if sha.is_empty() || sha.len() > 64 || !sha.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(self.refused("names no revision"));
        }
        let files = siblings.into_iter().filter_map(|one| {
            let (bytes, sum) = match (one.lfs, one.size, one.blob_id) {
                (Some(lfs), ..) => (lfs.size, Sum::Sha256(lfs.sha256.to_lowercase())),
                (None, Some(size), Some(blob)) => (size, Sum::Git(blob.to_lowercase())),
                _ => return None,
            };
            (bytes <= MAX_FILE_BYTES).then_some(HubFile {
                name: one.rfilename,
                bytes,
                sum,
            })
        });
        Ok(HubModel {
            repository: repository.to_owned(),
            revision: sha,
            files: files.collect(),
        })
    }

    /// Downloads a file into a folder, going on where an earlier try ended, and checks it. `arrived` hears how many bytes of it are there.
    ///
    /// Dropping the future keeps what has arrived for the next try.
    ///
    /// # Errors
    /// As [`Hub::model`], [`ModelError::Changed`] when it is not the file that was announced, [`ModelError::File`].
    pub async fn download(
        &self,
        model: &HubModel,
        file: &HubFile,
        folder: &Path,
        arrived: &(dyn Fn(u64) + Sync),
    ) -> Result<PathBuf, ModelError> {
        let whole = folder.join(&file.name);
        let part = folder.join(format!("{}.part", file.name));
        let mut hasher = Hasher::of(file);
        if hasher.read(&whole).await? == file.bytes && hasher.finish() == file.sum {
            arrived(file.bytes);
            return Ok(whole);
        }
        hasher = Hasher::of(file);
        let mut there = hasher.read(&part).await?;
        if there > file.bytes {
            there = 0;
        }
        if there < file.bytes {
            let mut answer = self.ask(model, file, there).await?;
            if answer.status() == StatusCode::RANGE_NOT_SATISFIABLE {
                there = 0;
                answer = self.ask(model, file, there).await?;
            }
            let mut answer = self.checked(answer, &file.name)?;
            // Another part than was asked for, or the whole: from the beginning.
            if !continues(&answer, there) {
                there = 0;
            }
            if there == 0 {
                hasher = Hasher::of(file);
            }
            let mut target = OpenOptions::new()
                .create(true)
                .write(true)
                .append(there > 0)
                .truncate(there == 0)
                .open(&part)
                .await
                .map_err(ModelError::file("write", &part))?;
            arrived(there);
            while let Some(chunk) = answer.chunk().await.map_err(|error| self.failed(error))? {
                if there + chunk.len() as u64 > file.bytes {
                    return Err(discard(&part, file, "it is longer").await);
                }
                let written = async {
                    target.write_all(&chunk).await?;
                    // A write goes on behind our back until it is waited for, and the next try begins where the file ends.
                    target.flush().await
                };
                written.await.map_err(ModelError::file("write", &part))?;
                hasher.update(&chunk);
                there += chunk.len() as u64;
                arrived(there);
            }
            target
                .sync_all()
                .await
                .map_err(ModelError::file("write", &part))?;
            // A connection that broke is an error above: this was all that the other side had.
            if there < file.bytes {
                return Err(discard(&part, file, "it is shorter").await);
            }
        }
        if hasher.finish() != file.sum {
            return Err(discard(&part, file, "its checksum is another one").await);
        }
        tokio::fs::rename(&part, &whole)
            .await
            .map_err(ModelError::file("write", &whole))?;
        arrived(file.bytes);
        Ok(whole)
    }

    async fn ask(
        &self,
        model: &HubModel,
        file: &HubFile,
        from: u64,
    ) -> Result<reqwest::Response, ModelError> {
        let path = model
            .repository
            .split('/')
            .chain(["resolve", &model.revision])
            .chain(file.name.split('/'));
        let mut request = self.http.get(self.address(path)?);
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        request.send().await.map_err(|error| self.failed(error))
    }

    fn address<'a>(&self, path: impl Iterator<Item = &'a str>) -> Result<Url, ModelError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| self.refused("is no address of a hub"))?
            .pop_if_empty()
            .extend(path);
        Ok(url)
    }

    fn checked(&self, answer: reqwest::Response, what: &str) -> Result<reqwest::Response, ModelError> {
        match answer.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Ok(answer),
            // The hub answers so for a model that is not there, too.
            StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED => Err(ModelError::NotThere {
                host: self.host.clone(),
                what: what.to_owned(),
            }),
            status => Err(self.refused(&format!("answers {status} for {what}"))),
        }
    }

    fn refused(&self, problem: &str) -> ModelError {
        ModelError::Refused {
            host: self.host.clone(),
            problem: problem.to_owned(),
        }
    }

    fn failed(&self, error: reqwest::Error) -> ModelError {
        let host = self.host.clone();
        if error.is_timeout() {
            ModelError::Timeout { host }
        } else {
            ModelError::Unreachable {
                host,
                source: Box::new(error.without_url()),
            }
        }
    }
}

/// Whether an answer goes on from a place on.
fn continues(answer: &reqwest::Response, from: u64) -> bool {
    let range = answer
        .headers()
        .get(CONTENT_RANGE)
        .and_then(|range| range.to_str().ok());
    answer.status() == StatusCode::PARTIAL_CONTENT
        && range.is_some_and(|range| range.starts_with(&format!("bytes {from}-")))
}

/// Throws away what cannot become the file.
async fn discard(part: &Path, file: &HubFile, problem: &str) -> ModelError {
    if let Err(source) = tokio::fs::remove_file(part).await {
        return ModelError::file("remove", part)(source);
    }
    ModelError::Changed {
        file: file.name.clone(),
        problem: problem.to_owned(),
    }
}

enum Hasher {
    Sha256(Sha256),
    Git(Sha1),
}

impl Hasher {
    fn of(file: &HubFile) -> Self {
        match file.sum {
            Sum::Sha256(_) => Self::Sha256(Sha256::new()),
            Sum::Git(_) => Self::Git(Sha1::new_with_prefix(format!("blob {}\0", file.bytes))),
        }
    }

    fn update(&mut self, piece: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(piece),
            Self::Git(hasher) => hasher.update(piece),
        }
    }

    fn finish(self) -> Sum {
        match self {
            Self::Sha256(hasher) => Sum::Sha256(hex(&hasher.finalize())),
            Self::Git(hasher) => Sum::Git(hex(&hasher.finalize())),
        }
    }

    /// Takes in a file that is there; how long it is, 0 when it is not.
    async fn read(&mut self, path: &Path) -> Result<u64, ModelError> {
        let mut file = match File::open(path).await {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(ModelError::file("read", path)(error)),
        };
        let (mut piece, mut length) = (vec![0; PIECE], 0);
        loop {
            let read = file
                .read(&mut piece)
                .await
                .map_err(ModelError::file("read", path))?;
            if read == 0 {
                return Ok(length);
            }
            self.update(piece.get(..read).unwrap_or_default());
            length += read as u64;
        }
    }
}
