//! `manifest.json`: which files a model consists of, with their checksums.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use promptpal_domain::ModelRef;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Engine;

/// The only form of the manifest so far.
pub(crate) const SCHEMA: u32 = 1;

/// No manifest is larger; anything larger is something else.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// What a model's folder holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelManifest {
    /// The form of this document.
    pub schema: u32,
    /// The model's name in the catalogue: `minilm-finance`.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// SPDX identifier of its licence.
    pub licence: String,
    /// ISO 639-1 code of the language it reads.
    pub language: String,
    /// Which of the files holds the weights.
    pub weights: String,
    /// Which of the files holds them for the fast engine, if any does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fast_weights: Option<String>,
    /// How near the fast engine comes to the exact one with this model, if that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fast_agreement: Option<FastAgreement>,
    /// The longest input in word pieces, `[CLS]` and `[SEP]` counted.
    pub max_pieces: usize,
    /// Every file.
    pub files: Vec<ModelFile>,
}

/// How often the fast engine gives a text the label that the exact one gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FastAgreement {
    /// Texts that were compared.
    pub texts: u32,
    /// Texts of these with the same label.
    pub same_label: u32,
}

/// One file of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFile {
    /// Its name in the folder.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, lower-case hex.
    pub sha256: String,
}

/// Why a folder is not a whole model.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// A file is not there.
    #[error("{} is missing", .0.display())]
    Missing(PathBuf),
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The manifest is no manifest.
    #[error("{} is no model manifest: {reason}", .path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The model has no weights for the fast engine.
    #[error("the model '{0}' has no weights for the fast engine; the exact one can run it")]
    NotForEngine(String),
    /// A file is longer or shorter than it should be, as after an interrupted copy.
    #[error("{} has {found} bytes and should have {expected}", .path.display())]
    Size {
        /// Which.
        path: PathBuf,
        /// Its length.
        found: u64,
        /// The manifest's.
        expected: u64,
    },
    /// A file of the right length has other contents.
    #[error("{} is not the file that the manifest names (SHA-256 {found}, expected {expected})", .path.display())]
    Checksum {
        /// Which.
        path: PathBuf,
        /// Its SHA-256.
        found: String,
        /// The manifest's.
        expected: String,
    },
}

impl ModelManifest {
    /// Reads the manifest of the model in `dir`. Only the manifest is read.
    ///
    /// # Errors
    /// [`ManifestError`] when it is missing, unreadable or malformed.
    pub fn read(dir: &Path) -> Result<Self, ManifestError> {
        let path = dir.join("manifest.json");
        let file = File::open(&path).map_err(|source| unreadable(&path, source))?;
        let mut text = String::new();
        file.take(MAX_MANIFEST_BYTES)
            .read_to_string(&mut text)
            .map_err(|source| unreadable(&path, source))?;
        let manifest: Self = serde_json::from_str(&text).map_err(|error| ManifestError::Malformed {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        match manifest.fault() {
            Some(reason) => Err(ManifestError::Malformed { path, reason }),
            None => Ok(manifest),
        }
    }

    /// The model as scores of the exact engine name it: its id and the SHA-256 of its weights.
    #[must_use]
    pub fn model_ref(&self) -> ModelRef {
        self.named_by(&self.weights)
    }

    /// The model as scores of `engine` name it. The engines read different weights, and so their scores stay apart.
    ///
    /// # Errors
    /// [`ManifestError::NotForEngine`] when there are no weights for the fast engine.
    pub fn model_ref_for(&self, engine: Engine) -> Result<ModelRef, ManifestError> {
        self.weights_for(engine).map(|weights| self.named_by(weights))
    }

    /// Which of the files `engine` computes with.
    ///
    /// # Errors
    /// [`ManifestError::NotForEngine`] when there are none for the fast engine.
    pub fn weights_for(&self, engine: Engine) -> Result<&str, ManifestError> {
        match engine {
            Engine::Exact => Ok(&self.weights),
            Engine::Fast => self
                .fast_weights
                .as_deref()
                .ok_or_else(|| ManifestError::NotForEngine(self.id.clone())),
        }
    }

    fn named_by(&self, weights: &str) -> ModelRef {
        let sha256 = self
            .files
            .iter()
            .find(|file| file.path == weights)
            .map(|file| file.sha256.clone());
        ModelRef {
            id: self.id.clone(),
            sha256: sha256.unwrap_or_default(),
        }
    }

    /// Compares every file in `dir` with its length and checksum. Reads all of them: some 0.1 s for 45 MB.
    ///
    /// # Errors
    /// [`ManifestError`] naming the first file that is missing, unreadable, of another length or of other contents.
    pub fn verify(&self, dir: &Path) -> Result<(), ManifestError> {
        self.verify_but(dir, None)
    }

    /// The same without the weights that only the other engine reads.
    ///
    /// # Errors
    /// As [`ModelManifest::verify`].
    pub fn verify_for(&self, dir: &Path, engine: Engine) -> Result<(), ManifestError> {
        let others = match engine {
            Engine::Exact => self.fast_weights.as_deref(),
            Engine::Fast => Some(self.weights.as_str()),
        };
        self.verify_but(dir, others)
    }

    fn verify_but(&self, dir: &Path, left_out: Option<&str>) -> Result<(), ManifestError> {
        let files = || {
            self.files
                .iter()
                .filter(|file| Some(file.path.as_str()) != left_out)
        };
        files().try_for_each(|file| file.check_size(dir))?;
        files().try_for_each(|file| file.check_contents(dir))
    }

    /// Compares every file in `dir` with its length. Reads none of them.
    ///
    /// # Errors
    /// [`ManifestError`] naming the first file that is missing, unreadable or of another length.
    pub fn check_sizes(&self, dir: &Path) -> Result<(), ManifestError> {
        self.files.iter().try_for_each(|file| file.check_size(dir))
    }

    /// What makes a document that has the right fields no manifest.
    fn fault(&self) -> Option<String> {
        if self.schema != SCHEMA {
            return Some(format!(
                "it is of form {}, this program reads form {SCHEMA}",
                self.schema
            ));
        }
        if self.id.is_empty() || self.id.len() > 100 {
            return Some("the id has to have 1 to 100 characters".to_owned());
        }
        if !(8..=512).contains(&self.max_pieces) {
            return Some(format!(
                "max_pieces is {}, between 8 and 512 are possible",
                self.max_pieces
            ));
        }
        if let Some(file) = self.files.iter().find(|file| !is_plain_name(&file.path)) {
            return Some(format!("'{}' is not the name of a file in the folder", file.path));
        }
        let hex = |file: &&ModelFile| {
            file.sha256.len() == 64 && file.sha256.bytes().all(|b| b"0123456789abcdef".contains(&b))
        };
        if let Some(file) = self.files.iter().find(|file| !hex(file)) {
            return Some(format!(
                "the checksum of '{}' is no SHA-256 in lower-case hex",
                file.path
            ));
        }
        let needed = [self.weights.as_str(), "config.json", "vocab.txt"];
        needed
            .into_iter()
            .chain(self.fast_weights.as_deref())
            .find(|name| !self.files.iter().any(|file| file.path == *name))
            .map(|name| format!("'{name}' is not among the files"))
    }
}

impl ModelFile {
    /// A file as it is.
    pub(crate) fn of(dir: &Path, name: &str) -> Result<Self, ManifestError> {
        let path = dir.join(name);
        let bytes = path.metadata().map_err(|source| unreadable(&path, source))?.len();
        Ok(Self {
            path: name.to_owned(),
            bytes,
            sha256: sha256_of(&path)?,
        })
    }

    fn check_size(&self, dir: &Path) -> Result<(), ManifestError> {
        let path = dir.join(&self.path);
        let found = path.metadata().map_err(|source| unreadable(&path, source))?.len();
        if found == self.bytes {
            Ok(())
        } else {
            Err(ManifestError::Size {
                path,
                found,
                expected: self.bytes,
            })
        }
    }

    fn check_contents(&self, dir: &Path) -> Result<(), ManifestError> {
        let path = dir.join(&self.path);
        let found = sha256_of(&path)?;
        if found == self.sha256 {
            Ok(())
        } else {
            Err(ManifestError::Checksum {
                path,
                found,
                expected: self.sha256.clone(),
            })
        }
    }
}

fn sha256_of(path: &Path) -> Result<String, ManifestError> {
    let mut hasher = Sha256::new();
    File::open(path)
        .and_then(|mut file| io::copy(&mut file, &mut hasher))
        .map_err(|source| unreadable(path, source))?;
    Ok(hex(&hasher.finalize()))
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unreadable(path: &Path, source: io::Error) -> ManifestError {
    match source.kind() {
        io::ErrorKind::NotFound => ManifestError::Missing(path.to_owned()),
        _ => ManifestError::Unreadable {
            path: path.to_owned(),
            source,
        },
    }
}

/// Whether `name` is a file name and not a way out of the folder.
fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!(
        (parts.next(), parts.next()),
        (Some(std::path::Component::Normal(_)), None)
    ) && !name.contains(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(manifest: &serde_json::Value) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, contents) in [
            ("config.json", "{}"),
            ("vocab.txt", "a\nb\n"),
            ("w.safetensors", "weights"),
        ] {
            std::fs::write(dir.path().join(name), contents).unwrap();
        }
        std::fs::write(dir.path().join("manifest.json"), manifest.to_string()).unwrap();
        dir
    }

    fn manifest() -> serde_json::Value {
        let file = |path: &str, contents: &str| {
            let sha256: String = Sha256::digest(contents)
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            serde_json::json!({"path": path, "bytes": contents.len(), "sha256": sha256})
        };
        serde_json::json!({
            "schema": 1, "id": "tiny", "title": "Tiny", "licence": "Apache-2.0", "language": "en",
            "weights": "w.safetensors", "max_pieces": 256,
            "files": [file("config.json", "{}"), file("vocab.txt", "a\nb\n"), file("w.safetensors", "weights")],
        })
    }

    #[test]
    fn a_whole_folder_passes_and_names_its_model() {
        let dir = folder(&manifest());
        let read = ModelManifest::read(dir.path()).unwrap();
        read.verify(dir.path()).unwrap();
        assert_eq!(read.model_ref().id, "tiny");
        assert_eq!(read.model_ref().sha256, read.files[2].sha256);
    }

    #[test]
    fn a_damaged_folder_is_refused_with_the_reason() {
        let check = |damage: &dyn Fn(&Path), expected: &str| {
            let dir = folder(&manifest());
            damage(dir.path());
            let outcome = ModelManifest::read(dir.path()).and_then(|m| m.verify(dir.path()));
            let message = outcome.unwrap_err().to_string();
            assert!(message.contains(expected), "'{message}' should say '{expected}'");
        };
        check(
            &|dir| std::fs::remove_file(dir.join("vocab.txt")).unwrap(),
            "vocab.txt is missing",
        );
        check(
            &|dir| std::fs::write(dir.join("w.safetensors"), "weig").unwrap(),
            "has 4 bytes and should have 7",
        );
        check(
            &|dir| std::fs::write(dir.join("w.safetensors"), "swapped").unwrap(),
            "is not the file",
        );
        check(
            &|dir| std::fs::write(dir.join("manifest.json"), "{").unwrap(),
            "is no model manifest",
        );
        check(
            &|dir| std::fs::remove_file(dir.join("manifest.json")).unwrap(),
            "manifest.json is missing",
        );
    }

    #[test]
    fn each_engine_has_its_weights() {
        let mut document = manifest();
        let exact = ModelManifest::read(folder(&document).path()).unwrap();
        assert!(matches!(
            exact.model_ref_for(Engine::Fast),
            Err(ManifestError::NotForEngine(id)) if id == "tiny"
        ));
        document["fast_weights"] = "fast.onnx".into();
        let sha256 = "8".repeat(64);
        let file = serde_json::json!({"path": "fast.onnx", "bytes": 4, "sha256": sha256});
        document["files"].as_array_mut().unwrap().push(file);
        let dir = folder(&document);
        let both = ModelManifest::read(dir.path()).unwrap();
        assert_eq!(both.model_ref_for(Engine::Exact).unwrap(), exact.model_ref());
        assert_eq!(both.model_ref_for(Engine::Fast).unwrap().sha256, sha256);
        // The file of the fast engine is not there: only that one minds.
        both.verify_for(dir.path(), Engine::Exact).unwrap();
        assert!(both.verify_for(dir.path(), Engine::Fast).is_err() && both.verify(dir.path()).is_err());
        std::fs::remove_file(dir.path().join("w.safetensors")).unwrap();
        let message = both.verify_for(dir.path(), Engine::Fast).unwrap_err().to_string();
        assert!(message.contains("fast.onnx is missing"), "{message}");
    }

    #[test]
    fn a_manifest_has_to_make_sense() {
        let check = |change: &dyn Fn(&mut serde_json::Value), expected: &str| {
            let mut document = manifest();
            change(&mut document);
            let message = ModelManifest::read(folder(&document).path())
                .unwrap_err()
                .to_string();
            assert!(message.contains(expected), "'{message}' should say '{expected}'");
        };
        check(&|m| m["schema"] = 2.into(), "form 2");
        check(&|m| m["id"] = "".into(), "the id");
        check(&|m| m["max_pieces"] = 5000.into(), "max_pieces is 5000");
        check(
            &|m| m["files"][0]["path"] = "../config.json".into(),
            "not the name of a file",
        );
        check(
            &|m| m["files"][0]["path"] = "/etc/passwd".into(),
            "not the name of a file",
        );
        check(&|m| m["files"][0]["sha256"] = "abc".into(), "no SHA-256");
        check(
            &|m| m["weights"] = "other.safetensors".into(),
            "'other.safetensors' is not among",
        );
        check(
            &|m| m["fast_weights"] = "fast.onnx".into(),
            "'fast.onnx' is not among",
        );
    }
}
