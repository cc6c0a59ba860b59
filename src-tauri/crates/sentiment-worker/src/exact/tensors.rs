//! The tensors in a weights file beside those that the network needs.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use tch::nn::VarStore;

/// No header of a weights file is longer.
const MAX_HEADER_BYTES: u64 = 16 << 20;

/// Compares names and shapes in the weights file with what the model needs; extra tensors do no harm.
pub(crate) fn check(weights: &Path, needed: &VarStore) -> Result<()> {
    let found = shapes(weights)?;
    for (name, tensor) in needed.variables() {
        match found.get(&name) {
            Some(shape) if *shape == tensor.size() => {}
            Some(shape) => bail!(
                "'{name}' in the weights is {shape:?}, config.json asks for {:?}",
                tensor.size()
            ),
            None => bail!("'{name}' is not among the weights"),
        }
    }
    Ok(())
}

/// The shapes that the header of a safetensors file states: eight bytes of length, then JSON.
/// <https://github.com/huggingface/safetensors#format>
fn shapes(weights: &Path) -> Result<HashMap<String, Vec<i64>>> {
    #[derive(serde::Deserialize)]
    struct Entry {
        shape: Vec<i64>,
    }
    let mut file = File::open(weights).with_context(|| format!("opening {}", weights.display()))?;
    let mut length = [0; 8];
    file.read_exact(&mut length)
        .context("the weights have no header")?;
    let length = u64::from_le_bytes(length);
    ensure!(length <= MAX_HEADER_BYTES, "the weights are no safetensors file");
    let mut header = Vec::new();
    file.take(length)
        .read_to_end(&mut header)
        .context("reading the header of the weights")?;
    let mut entries: HashMap<String, serde_json::Value> =
        serde_json::from_slice(&header).context("the weights are no safetensors file")?;
    entries.remove("__metadata__");
    entries
        .into_iter()
        .map(|(name, entry)| Ok((name, serde_json::from_value::<Entry>(entry)?.shape)))
        .collect::<Result<_, serde_json::Error>>()
        .context("the weights are no safetensors file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_safetensors_is_refused() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(shapes(&path).is_err());
    }
}
