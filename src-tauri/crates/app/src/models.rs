//! Sentiment models on this machine and in the catalogue: which there are, which one scores, and how one comes here.
//!
//! A model is a folder of its id below [`Paths::models_dir`](crate::Paths); it appears there whole or not at all. Names that begin with
//! a dot are downloads and folders that are being made. The model that comes with the program lies elsewhere and is never touched.

mod card;
mod install;

use std::path::{Path, PathBuf};

use promptpal_sentiment::{CatalogueModel, ModelManifest, ScoringError, is_id};
use serde_json::json;

use crate::bus::Event;
use crate::{App, AppError};

pub use card::ModelCard;
pub use install::{ModelDownload, ModelImport, ModelReport};

/// The store's key of the model that was chosen; without it the one that comes with the program scores.
pub(crate) const KEY: &str = "sentiment_model";

/// Where a model comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelOrigin {
    /// With the program, or named in its configuration.
    Program,
    /// The catalogue.
    Catalogue,
    /// A folder of the user's.
    Folder,
}

/// Whether a model can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelState {
    /// It can be downloaded.
    Available,
    /// A download ended early; so many bytes are kept.
    Partly {
        /// Bytes.
        bytes: u64,
    },
    /// It is here.
    Installed,
    /// It is here and cannot be used.
    Refused {
        /// Why.
        reason: String,
    },
}

/// A model in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelLine {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// SPDX identifier of its licence.
    pub licence: String,
    /// ISO 639-1 code of the language it reads.
    pub language: String,
    /// What it is, where the catalogue says so.
    pub about: Option<String>,
    /// Where its licence is stated, where the catalogue says so.
    pub licence_source: Option<String>,
    /// Where it comes from.
    pub origin: ModelOrigin,
    /// Bytes of its files; about so many where it is not here.
    pub bytes: u64,
    /// Whether it can be used.
    pub state: ModelState,
    /// Whether it scores now.
    pub current: bool,
    /// SHA-256 of the weights that score when this model does, by which its scores name it; where it is here.
    pub sha256: Option<String>,
}

/// The checksum of the weights with which the model in a folder scores.
type Named = dyn Fn(&Path, &ModelManifest) -> String;

impl App {
    /// All models: the one of the program, those that were installed, and those of the catalogue.
    ///
    /// # Errors
    /// [`AppError::File`] when the folder of models cannot be read.
    pub async fn models(&self) -> Result<Vec<ModelLine>, AppError> {
        let current = self.inner.scorer.config().model_dir;
        let (own, shelf) = (self.inner.own_model.clone(), self.models_dir());
        let named = self.weights_named();
        tokio::task::spawn_blocking(move || list(&own, &shelf, &current, &named)).await?
    }

    /// Lets another model score from now on. Scores that were given stay; the articles wait for the new model's.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Scoring`] when its files are not those of its manifest, [`AppError::Invalid`] when the
    /// configuration names a model, [`AppError::Store`].
    pub async fn use_model(&self, id: &str) -> Result<(), AppError> {
        if self.inner.model_is_fixed {
            return Err(AppError::invalid(
                "the model is named from outside of the program",
                "Take `model` out of [sentiment] in the configuration file first.",
            ));
        }
        let folder = self.model_folder(id).await?;
        let checked = folder.clone();
        tokio::task::spawn_blocking(move || {
            let manifest = ModelManifest::read(&checked)?;
            manifest.verify(&checked)
        })
        .await?
        .map_err(ScoringError::from)?;
        if folder == self.inner.own_model {
            self.store().delete_setting(KEY).await?;
        } else {
            self.store().put_setting(KEY, &json!(id)).await?;
        }
        self.score_with(folder).await;
        self.bus().announce(Event::ModelsChanged);
        Ok(())
    }

    /// Removes an installed model and what was downloaded of it. Its scores stay.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Invalid`] for the model that scores now and the one of the program, [`AppError::File`].
    pub async fn remove_model(&self, id: &str) -> Result<(), AppError> {
        let shelf = self.models_dir();
        let folder = shelf.join(id);
        if folder == self.inner.scorer.config().model_dir {
            return Err(AppError::invalid(
                format!("{id} scores now"),
                "Choose another model first.",
            ));
        }
        let parts = install::download_folder(&shelf, id);
        let removed = tokio::task::spawn_blocking({
            let id = id.to_owned();
            move || -> Result<bool, AppError> {
                if !is_id(&id) {
                    return Ok(false);
                }
                let gone = shelf.join(format!(".removed-{id}"));
                install::remove(&gone)?;
                // Renamed first: half a folder must never look like a model.
                let was_there = match std::fs::rename(&folder, &gone) {
                    Ok(()) => true,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
                    Err(source) => {
                        return Err(AppError::File {
                            doing: "remove",
                            path: folder,
                            source,
                        });
                    }
                };
                let had_parts = parts.is_dir();
                install::remove(&gone)?;
                install::remove(&parts)?;
                Ok(was_there || had_parts)
            }
        })
        .await??;
        if !removed {
            return Err(not_found(id));
        }
        self.bus().announce(Event::ModelsChanged);
        Ok(())
    }

    /// Where a model lies that is here.
    async fn model_folder(&self, id: &str) -> Result<PathBuf, AppError> {
        let (own, folder) = (self.inner.own_model.clone(), self.models_dir().join(id));
        let known = is_id(id);
        let id = id.to_owned();
        tokio::task::spawn_blocking(move || {
            if ModelManifest::read(&own).is_ok_and(|manifest| manifest.id == id) {
                Ok(own)
            } else if known && folder.is_dir() {
                Ok(folder)
            } else {
                Err(not_found(&id))
            }
        })
        .await?
    }

    fn models_dir(&self) -> PathBuf {
        self.paths().models_dir.clone()
    }
}

/// The folder of the model that was chosen, if it is there; the program's own otherwise.
pub(crate) fn chosen_folder(chosen: Option<&str>, shelf: &Path, own: PathBuf) -> PathBuf {
    let Some(id) = chosen.filter(|id| is_id(id)) else {
        return own;
    };
    let folder = shelf.join(id);
    if folder.join("manifest.json").is_file() {
        return folder;
    }
    tracing::warn!(
        model = id,
        "the model that was chosen is gone; the program's own scores"
    );
    own
}

fn not_found(id: &str) -> AppError {
    AppError::NotFound {
        what: "model",
        id: id.to_owned(),
    }
}

fn list(own: &Path, shelf: &Path, current: &Path, named: &Named) -> Result<Vec<ModelLine>, AppError> {
    let catalogue = CatalogueModel::all()?;
    let mut lines = vec![line(own, ModelOrigin::Program, &catalogue, current, named)];
    for folder in folders(shelf)? {
        let known = catalogue.iter().any(|entry| folder.ends_with(&entry.id));
        let origin = if known {
            ModelOrigin::Catalogue
        } else {
            ModelOrigin::Folder
        };
        lines.push(line(&folder, origin, &catalogue, current, named));
    }
    for entry in &catalogue {
        if lines.iter().any(|line| line.id == entry.id) {
            continue;
        }
        let state = match install::downloaded_bytes(shelf, &entry.id) {
            0 => ModelState::Available,
            bytes => ModelState::Partly { bytes },
        };
        lines.push(ModelLine {
            id: entry.id.clone(),
            title: entry.title.clone(),
            licence: entry.licence.clone(),
            language: entry.language.clone(),
            about: Some(entry.about.clone()),
            licence_source: Some(entry.licence_source.clone()),
            origin: ModelOrigin::Catalogue,
            bytes: entry.bytes,
            state,
            current: false,
            sha256: None,
        });
    }
    Ok(lines)
}

/// The folders of installed models, by name.
fn folders(shelf: &Path) -> Result<Vec<PathBuf>, AppError> {
    let unreadable = |source: std::io::Error| AppError::File {
        doing: "read",
        path: shelf.to_owned(),
        source,
    };
    let entries = match std::fs::read_dir(shelf) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        let is_model = entry.file_name().to_str().is_some_and(is_id);
        if is_model && entry.path().is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// A model that is here, whole or not. Its files are not read, only looked at.
fn line(
    folder: &Path,
    origin: ModelOrigin,
    catalogue: &[CatalogueModel],
    current: &Path,
    named: &Named,
) -> ModelLine {
    let name = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let current = folder == current;
    let read = ModelManifest::read(folder).and_then(|manifest| {
        manifest.check_sizes(folder)?;
        Ok(manifest)
    });
    let entry = catalogue.iter().find(|entry| entry.id == name);
    let about = entry.map(|entry| entry.about.clone());
    let licence_source = entry.map(|entry| entry.licence_source.clone());
    match read {
        Ok(manifest) => ModelLine {
            sha256: Some(named(folder, &manifest)),
            bytes: manifest.files.iter().map(|file| file.bytes).sum(),
            id: manifest.id,
            title: manifest.title,
            licence: manifest.licence,
            language: manifest.language,
            about,
            licence_source,
            origin,
            state: ModelState::Installed,
            current,
        },
        Err(error) => ModelLine {
            title: name.clone(),
            id: name,
            licence: String::new(),
            language: String::new(),
            about,
            licence_source,
            origin,
            bytes: 0,
            state: ModelState::Refused {
                reason: error.to_string(),
            },
            current,
            sha256: None,
        },
    }
}
