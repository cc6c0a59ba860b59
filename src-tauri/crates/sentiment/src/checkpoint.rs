//! Weights that torch saved (`pytorch_model.bin`), read without torch and without trusting them.
//!
//! Such a file is a pickle: a program for a machine that may call any function of Python. The reader here has no functions: it knows
//! the few names that a dictionary of tensors needs and refuses a file that names anything else. What it yields are names, shapes and
//! places of bytes; the bytes are copied and never interpreted.
//!
//! Both forms are read: the zip that torch writes since 1.6, and the sequence of pickles before it.
//! <https://github.com/pytorch/pytorch/blob/v2.4.0/torch/serialization.py>

mod container;
mod pickle;
mod value;

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use crate::ModelError;
use crate::tensors::{TensorKind, TensorPlace};

/// The tensors of a checkpoint: where the bytes of each lie in the file.
///
/// # Errors
/// [`ModelError::Unfit`] when it is no dictionary of tensors, cut off, or asks for anything that no tensor needs;
/// [`ModelError::File`].
pub(crate) fn read(path: &Path) -> Result<HashMap<String, TensorPlace>, ModelError> {
    let mut file = File::open(path).map_err(ModelError::file("open", path))?;
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let found = if container::is_zip(&mut file).map_err(ModelError::file("read", path))? {
        container::read_zip(file)
    } else {
        container::read_legacy(file)
    };
    found.map_err(|fault| ModelError::unfit(format!("{name} {fault}")))
}

/// What is wrong with a checkpoint, as the end of a sentence that begins with its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("is cut off or no file of weights: {0}")]
    Broken(String),
    #[error("asks for '{0}', which no tensor needs: it is not read")]
    Foreign(String),
    #[error("is of a form that is not known: {0}")]
    Unknown(String),
    #[error("holds more than any model does")]
    TooLarge,
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// Where the stored numbers of one storage lie.
#[derive(Clone, Copy, Debug)]
struct Storage {
    kind: TensorKind,
    /// Its place in the file, in bytes.
    at: u64,
    /// How many numbers.
    numbers: u64,
}

/// Joins what the pickle says of the tensors with where the storages lie.
fn placed(
    tensors: Vec<(String, value::Tensor)>,
    storages: &HashMap<String, Storage>,
) -> Result<HashMap<String, TensorPlace>, Fault> {
    let mut found = HashMap::with_capacity(tensors.len());
    for (name, tensor) in tensors {
        let storage = storages
            .get(&*tensor.storage.key)
            .ok_or_else(|| Fault::Broken(format!("the numbers of '{name}' are missing")))?;
        let numbers = tensor
            .shape
            .iter()
            .try_fold(1_u64, |all, side| all.checked_mul(*side))
            .ok_or(Fault::TooLarge)?;
        let fits = tensor
            .offset
            .checked_add(numbers)
            .is_some_and(|end| end <= storage.numbers);
        if !fits || storage.kind != tensor.storage.kind {
            return Err(Fault::Broken(format!("'{name}' reaches beyond its numbers")));
        }
        if !tensor.is_contiguous() {
            return Err(Fault::Unknown(format!("'{name}' is stored with gaps")));
        }
        let size = storage.kind.bytes();
        let place = TensorPlace {
            kind: storage.kind,
            shape: tensor.shape,
            at: storage.at + tensor.offset * size,
            bytes: numbers * size,
        };
        if found.insert(name.clone(), place).is_some() {
            return Err(Fault::Broken(format!("'{name}' stands there twice")));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
