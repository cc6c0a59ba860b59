//! Models that can be downloaded: data, not code.

use serde::Deserialize;

use crate::hub::{HubFile, HubModel};
use crate::{ModelError, ModelFacts};

const CATALOGUE: &str = include_str!("catalogue.json");

/// Files that a model can do without.
const OPTIONAL: [&str; 3] = ["README.md", "added_tokens.json", "tokenizer_config.json"];

/// A model that can be downloaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueModel {
    /// Its id here.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// SPDX identifier of its licence.
    pub licence: String,
    /// Where the licence is stated.
    pub licence_source: String,
    /// ISO 639-1 code of the language it reads.
    pub language: String,
    /// What it is, in a sentence.
    pub about: String,
    /// `owner/name` on the hub.
    pub repository: String,
    /// The files that are taken, small ones first.
    pub files: Vec<String>,
    /// About how many bytes they have; the hub knows exactly.
    pub bytes: u64,
}

impl CatalogueModel {
    /// The whole catalogue.
    ///
    /// # Errors
    /// [`ModelError::Unfit`] when the data that is built in cannot be read, which a test rules out.
    pub fn all() -> Result<Vec<Self>, ModelError> {
        serde_json::from_str(CATALOGUE).map_err(|error| ModelError::unfit(format!("the catalogue: {error}")))
    }

    /// What it is, for [`crate::assemble()`].
    #[must_use]
    pub fn facts(&self) -> ModelFacts {
        ModelFacts {
            id: self.id.clone(),
            title: self.title.clone(),
            licence: self.licence.clone(),
            language: self.language.clone(),
        }
    }

    /// The files to be downloaded of those that the hub has, in the order of the catalogue.
    ///
    /// # Errors
    /// [`ModelError::Unfit`] when one that is needed is not there any more.
    pub fn files_of<'m>(&self, model: &'m HubModel) -> Result<Vec<&'m HubFile>, ModelError> {
        let mut found = Vec::new();
        for name in &self.files {
            match model.files.iter().find(|file| file.name == *name) {
                Some(file) => found.push(file),
                None if OPTIONAL.contains(&name.as_str()) => {}
                None => {
                    return Err(ModelError::unfit(format!(
                        "{} has no {name} any more",
                        self.repository
                    )));
                }
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_makes_sense() {
        let all = CatalogueModel::all().unwrap();
        assert!(all.len() >= 3);
        let mut ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all.len(), "no id twice");
        for one in &all {
            assert!(crate::is_id(&one.id), "{}", one.id);
            assert_eq!(one.repository.split('/').count(), 2, "{}", one.repository);
            assert!(
                ["Apache-2.0", "MIT"].contains(&one.licence.as_str()),
                "{}",
                one.licence
            );
            assert!(one.licence_source.starts_with("https://"));
            let has = |name: &str| one.files.iter().any(|file| file == name);
            assert!(has("config.json") && has("vocab.txt"), "{}", one.id);
            assert!(has("pytorch_model.bin") != has("model.safetensors"), "{}", one.id);
            assert!(
                !one.files.iter().any(|file| file.contains(['/', '\\'])),
                "{}",
                one.id
            );
            assert!(one.bytes > 1_000_000 && !one.about.is_empty());
        }
    }
}
