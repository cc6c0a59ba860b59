//! How a model comes here: downloaded from a hub, or taken from a folder. Both are jobs; both end with a folder that appears at once.

use std::io;
use std::path::{Path, PathBuf};

use promptpal_sentiment::{
    CatalogueModel, Hub, HubConfig, ModelError, ModelFacts, ModelManifest, assemble, check_texts, is_id,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::not_found;
use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::{App, AppError};

/// Where models are downloaded from unless the configuration says otherwise.
const HUB: &str = "https://huggingface.co/";
/// The revision that is asked for; which one that is now, the hub says.
const REVISION: &str = "main";

/// A model of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelDownload {
    /// Its id.
    pub id: String,
}

/// A model in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelImport {
    /// The folder, as a hub has it or as this program makes it.
    pub folder: PathBuf,
    /// Its id here; made of the folder's name when None. A folder with a manifest has its own.
    pub id: Option<String>,
    /// Its name for people; the folder's when None.
    pub title: Option<String>,
    /// SPDX identifier of its licence, where it is known.
    pub licence: Option<String>,
}

/// A model that was installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelReport {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// SHA-256 of its weights.
    pub sha256: String,
    /// Bytes of its files.
    pub bytes: u64,
    /// Where it lies.
    pub folder: PathBuf,
}

impl App {
    /// Downloads a model of the catalogue. What a download that ended early left is used.
    pub(crate) async fn download_model(
        &self,
        request: ModelDownload,
        progress: &Progress,
    ) -> Result<ModelReport, AppError> {
        let catalogue = CatalogueModel::all()?;
        let entry = catalogue.into_iter().find(|entry| entry.id == request.id);
        let entry = entry.ok_or_else(|| not_found(&request.id))?;
        progress.phase(Step::AskingHub, Unit::Bytes, None);
        let base = match &self.config().sentiment.hub_url {
            Some(base) => base.clone(),
            None => Url::parse(HUB).map_err(|error| AppError::Internal(error.to_string()))?,
        };
        let hub = Hub::new(&HubConfig::at(base))?;
        let model = hub.model(&entry.repository, REVISION).await?;
        let files = entry.files_of(&model)?;
        progress.log(format!("{} of revision {}", entry.repository, model.revision));
        let parts = download_folder(&self.paths().models_dir, &entry.id);
        make(&parts).await?;
        progress.phase(
            Step::Downloading,
            Unit::Bytes,
            Some(files.iter().map(|file| file.bytes).sum()),
        );
        let (mut before, mut checked) = (0, false);
        for file in files {
            if !checked && is_weights(&file.name) {
                // Not after hundreds of megabytes.
                let texts = parts.clone();
                tokio::task::spawn_blocking(move || check_texts(&texts)).await??;
                checked = true;
            }
            let arrived = |bytes: u64| progress.reached(before + bytes);
            hub.download(&model, file, &parts, &arrived).await?;
            before += file.bytes;
        }
        let report = self.place(parts.clone(), entry.facts(), progress).await?;
        blocking(move || remove(&parts)).await?;
        Ok(report)
    }

    /// Takes a model from a folder, which stays as it is.
    pub(crate) async fn import_model(
        &self,
        request: ModelImport,
        progress: &Progress,
    ) -> Result<ModelReport, AppError> {
        let name = request.folder.file_name().unwrap_or_default().to_string_lossy();
        let facts = ModelFacts {
            id: request.id.unwrap_or_else(|| id_of(&name)),
            title: request.title.unwrap_or_else(|| name.clone().into_owned()),
            licence: request.licence.unwrap_or_else(|| "unknown".to_owned()),
            language: "en".to_owned(),
        };
        let folder = request.folder;
        let there = folder.clone();
        if !blocking(move || Ok(there.is_dir())).await? {
            return Err(AppError::NotFound {
                what: "folder",
                id: folder.display().to_string(),
            });
        }
        self.place(folder, facts, progress).await
    }

    /// Makes a model's folder of files and gives it its name.
    async fn place(
        &self,
        from: PathBuf,
        facts: ModelFacts,
        progress: &Progress,
    ) -> Result<ModelReport, AppError> {
        progress.phase(Step::CheckingFiles, Unit::Bytes, None);
        let shelf = self.paths().models_dir.clone();
        make(&shelf).await?;
        let own = ModelManifest::read(&self.inner.own_model)
            .ok()
            .map(|manifest| manifest.id);
        let current = self.inner.scorer.config().model_dir;
        let cancel = progress.cancel_token().clone();
        let report = blocking(move || {
            let made = shelf.join(format!(".new-{}", facts.id));
            remove(&made)?;
            let assembled = assemble(&from, &facts, &made, &|| !cancel.is_cancelled());
            let manifest = match assembled {
                Ok(manifest) => manifest,
                Err(error) => {
                    remove(&made)?;
                    return Err(error.into());
                }
            };
            let folder = shelf.join(&manifest.id);
            let taken = own.as_ref() == Some(&manifest.id) || folder == current || is_whole(&folder);
            if taken {
                remove(&made)?;
                return Err(AppError::invalid(
                    format!("there is a model {} already", manifest.id),
                    "Remove that one first, or give this one another id.",
                ));
            }
            // What lies there is no whole model.
            remove(&folder)?;
            std::fs::rename(&made, &folder).map_err(|source| AppError::File {
                doing: "give its name to",
                path: folder.clone(),
                source,
            })?;
            Ok(ModelReport {
                sha256: manifest.model_ref().sha256,
                bytes: manifest.files.iter().map(|file| file.bytes).sum(),
                id: manifest.id,
                title: manifest.title,
                folder,
            })
        })
        .await?;
        self.bus().announce(Event::ModelsChanged);
        Ok(report)
    }
}

/// Where a download is kept until it is whole.
pub(super) fn download_folder(shelf: &Path, id: &str) -> PathBuf {
    shelf.join(format!(".download-{id}"))
}

/// Bytes that a download that ended early has left.
pub(super) fn downloaded_bytes(shelf: &Path, id: &str) -> u64 {
    let Ok(entries) = std::fs::read_dir(download_folder(shelf, id)) else {
        return 0;
    };
    let lengths = entries
        .flatten()
        .filter_map(|entry| Some(entry.metadata().ok()?.len()));
    lengths.sum()
}

/// Removes a folder with all that is in it; one that is not there is removed already.
pub(super) fn remove(folder: &Path) -> Result<(), AppError> {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(AppError::File {
            doing: "remove",
            path: folder.to_owned(),
            source,
        }),
    }
}

fn is_weights(name: &str) -> bool {
    name.ends_with(".bin") || name.ends_with(".safetensors")
}

fn is_whole(folder: &Path) -> bool {
    ModelManifest::read(folder).is_ok_and(|manifest| manifest.verify(folder).is_ok())
}

async fn make(folder: &Path) -> Result<(), AppError> {
    let made = tokio::fs::create_dir_all(folder).await;
    made.map_err(|source| AppError::File {
        doing: "make the folder",
        path: folder.to_owned(),
        source,
    })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await?
}

/// An id made of a name: small letters, and hyphens for whatever cannot stand in one.
fn id_of(name: &str) -> String {
    let mut id: String = name
        .to_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || ".-_".contains(c) {
                c
            } else {
                '-'
            }
        })
        .skip_while(|c| !c.is_ascii_alphanumeric())
        .take(64)
        .collect();
    while id.ends_with(['-', '.']) {
        id.pop();
    }
    if is_id(&id) { id } else { "model".to_owned() }
}

impl From<ModelError> for AppError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Cancelled => Self::Cancelled,
            other => Self::Model(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders_become_ids() {
        for (name, expected) in [
            ("finbert", "finbert"),
            ("My FinBERT (v2)", "my-finbert--v2"),
            ("..", "model"),
            ("_x", "x"),
            ("Größe", "gr--e"),
            ("", "model"),
        ] {
            assert_eq!(id_of(name), expected, "{name}");
        }
    }
}
