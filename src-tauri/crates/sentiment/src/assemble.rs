//! From files as they lie on a hub or in somebody's folder to a model's folder: checked, with weights of the one kind that is loaded,
//! and a manifest with the checksum of each file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::layout::Layout;
use crate::manifest::{self, ModelFile, ModelManifest};
use crate::tensors::{read_safetensors, write_safetensors};
use crate::{ModelError, checkpoint};

/// The longest input that is used, in word pieces: longer passages are split before scoring.
const MAX_PIECES: usize = 256;
/// The name of the weights in a folder that was assembled.
const WEIGHTS: &str = "model.safetensors";
/// Texts that come along where they are there.
const TEXTS: [&str; 3] = ["README.md", "LICENSE", "LICENSE.txt"];

/// What a folder of files does not say of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFacts {
    /// Its id: small letters, digits, dots and hyphens.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// SPDX identifier of its licence.
    pub licence: String,
    /// ISO 639-1 code of the language it reads.
    pub language: String,
}

impl ModelFacts {
    fn of(manifest: &ModelManifest) -> Self {
        Self {
            id: manifest.id.clone(),
            title: manifest.title.clone(),
            licence: manifest.licence.clone(),
            language: manifest.language.clone(),
        }
    }
}

/// Checks the files in `from` and writes them as a model's folder `into`, which is made and must not be there. Reads and writes as many
/// bytes as the model has; `go_on` is asked between pieces.
///
/// A folder with a manifest of our own keeps its id and its facts; `facts` say those of any other.
///
/// # Errors
/// [`ModelError::Unfit`] and [`ModelError::Manifest`] with what is wrong, [`ModelError::File`], [`ModelError::Cancelled`].
pub fn assemble(
    from: &Path,
    facts: &ModelFacts,
    into: &Path,
    go_on: &dyn Fn() -> bool,
) -> Result<ModelManifest, ModelError> {
    let own = match from.join("manifest.json").is_file() {
        true => Some(ModelManifest::read(from)?),
        false => None,
    };
    if let Some(own) = &own {
        own.verify(from)?;
    }
    let facts = own.as_ref().map_or_else(|| facts.clone(), ModelFacts::of);
    if !is_id(&facts.id) {
        return Err(ModelError::unfit(format!(
            "'{}' is no id: small letters, digits, dots and hyphens are",
            facts.id
        )));
    }
    let layout = Layout::read(from)?;
    let vocabulary = layout.vocabulary(from)?;
    let weights = match &own {
        Some(own) => from.join(&own.weights),
        None => find_weights(from)?,
    };
    let found = if weights.extension().is_some_and(|ending| ending == "safetensors") {
        read_safetensors(&weights)?
    } else {
        checkpoint::read(&weights)?
    };
    let tensors = layout.select(&found)?;
    fs::create_dir(into).map_err(ModelError::file("make the folder", into))?;
    write(&into.join("config.json"), layout.text.as_bytes())?;
    write(&into.join("vocab.txt"), vocabulary.as_bytes())?;
    write_safetensors(&weights, &tensors, &into.join(WEIGHTS), go_on)?;
    let fast_weights = own.as_ref().and_then(|own| own.fast_weights.clone());
    if let Some(name) = &fast_weights {
        fs::copy(from.join(name), into.join(name)).map_err(ModelError::file("copy", &from.join(name)))?;
    }
    for name in TEXTS {
        match fs::copy(from.join(name), into.join(name)) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(ModelError::file("copy", &from.join(name))(error)),
        }
    }
    let files = [WEIGHTS, "config.json", "vocab.txt"]
        .into_iter()
        .chain(fast_weights.as_deref())
        .map(|name| ModelFile::of(into, name))
        .collect::<Result<_, _>>()?;
    let manifest = ModelManifest {
        schema: manifest::SCHEMA,
        id: facts.id,
        title: facts.title,
        licence: facts.licence,
        language: facts.language,
        weights: WEIGHTS.to_owned(),
        fast_weights,
        fast_agreement: own.and_then(|own| own.fast_agreement),
        max_pieces: layout.positions().min(MAX_PIECES),
        files,
    };
    let text =
        serde_json::to_string_pretty(&manifest).map_err(|error| ModelError::unfit(error.to_string()))?;
    // Last: a folder without it is no model.
    write(&into.join("manifest.json"), text.as_bytes())?;
    Ok(manifest)
}

/// Checks what the texts of a folder say of a model, before its weights are there.
///
/// # Errors
/// [`ModelError::Unfit`] and [`ModelError::File`].
pub fn check_texts(folder: &Path) -> Result<(), ModelError> {
    Layout::read(folder)?.vocabulary(folder).map(drop)
}

/// Whether a word can be the name of a model and of its folder.
#[must_use]
pub fn is_id(word: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
    (1..=64).contains(&word.len())
        && word.bytes().all(fits)
        && word
            .bytes()
            .next()
            .is_some_and(|first| first.is_ascii_alphanumeric())
}

/// The file of the weights: the safe kind before the other.
fn find_weights(from: &Path) -> Result<PathBuf, ModelError> {
    for name in ["model.safetensors", "pytorch_model.bin"] {
        let path = from.join(name);
        if path.is_file() {
            return Ok(path);
        }
    }
    let mut others = Vec::new();
    for entry in fs::read_dir(from).map_err(ModelError::file("read", from))? {
        let path = entry.map_err(ModelError::file("read", from))?.path();
        if path.extension().is_some_and(|ending| ending == "safetensors") {
            others.push(path);
        }
    }
    match others.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(ModelError::unfit(
            "there are no weights: neither model.safetensors nor pytorch_model.bin",
        )),
        _ => Err(ModelError::unfit(
            "its weights lie in several files, which are not read",
        )),
    }
}

fn write(path: &Path, contents: &[u8]) -> Result<(), ModelError> {
    let done = fs::File::create(path).and_then(|mut file| {
        io::Write::write_all(&mut file, contents)?;
        file.sync_all()
    });
    done.map_err(ModelError::file("write", path))
}
