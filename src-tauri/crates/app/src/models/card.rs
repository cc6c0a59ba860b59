//! What is known of a model: its manifest, and what those who made it say of it.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use promptpal_sentiment::{ModelManifest, ScoringError};

use crate::{App, AppError};

/// No model says more of itself.
const MAX_README_BYTES: u64 = 256 << 10;

/// What is known of a model that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelCard {
    /// Its files, their checksums and its licence.
    pub manifest: ModelManifest,
    /// SHA-256 of the weights that score when this model does, by which its scores name it.
    pub sha256: String,
    /// Where they lie.
    pub folder: PathBuf,
    /// What those who made it say of it: Markdown.
    pub readme: Option<String>,
}

impl App {
    /// The card of a model that is here; of the current one when None.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Scoring`] when it is missing or its manifest cannot be read.
    pub async fn model_card(&self, id: Option<&str>) -> Result<ModelCard, AppError> {
        let folder = match id {
            Some(id) => self.model_folder(id).await?,
            None => self.inner.scorer.config().model_dir,
        };
        let named = self.weights_named();
        tokio::task::spawn_blocking(move || card(folder, &named)).await?
    }
}

fn card(folder: PathBuf, named: &super::Named) -> Result<ModelCard, AppError> {
    let manifest = ModelManifest::read(&folder).map_err(ScoringError::from)?;
    let readme = readme(&folder);
    Ok(ModelCard {
        sha256: named(&folder, &manifest),
        manifest,
        folder,
        readme,
    })
}

/// The text, without the table of facts for machines that hubs put before it.
fn readme(folder: &Path) -> Option<String> {
    let file = std::fs::File::open(folder.join("README.md")).ok()?;
    let mut text = String::new();
    file.take(MAX_README_BYTES).read_to_string(&mut text).ok()?;
    let text = text.replace("\r\n", "\n");
    let body = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .map_or(text.as_str(), |(_, body)| body);
    let body = body.trim();
    (!body.is_empty()).then(|| body.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readme_is_read_without_the_facts_for_machines() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(readme(folder.path()), None);
        let check = |text: &str, expected: Option<&str>| {
            std::fs::write(folder.path().join("README.md"), text).unwrap();
            assert_eq!(readme(folder.path()).as_deref(), expected, "{text:?}");
        };
        check("# Model\n\nText.\n", Some("# Model\n\nText."));
        check("---\r\nlicense: mit\r\n---\r\n# Model\r\n", Some("# Model"));
        check("---\nno end", Some("---\nno end"));
        check("  \n", None);
    }

    #[test]
    fn the_model_that_comes_with_the_program_says_what_it_was_measured_on() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/minilm-finance");
        let found = card(folder, &|_: &Path, manifest: &ModelManifest| {
            manifest.model_ref().sha256
        })
        .unwrap();
        assert_eq!(found.manifest.licence, "Apache-2.0");
        let readme = found.readme.unwrap();
        assert!(readme.contains("| ") && readme.contains("accuracy"), "{readme}");
    }
}
