//! Folders of the cache that are made beside their place and renamed, so that they are there whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// A folder in the making, taken away again unless it is finished.
pub struct Unfinished(Option<PathBuf>);

impl Unfinished {
    /// A new folder beside the place of `root`.
    pub fn beside(root: &Path) -> Result<Self> {
        let mut name = root.file_name().context("the cache has no name")?.to_owned();
        name.push(format!(".unfinished-{}", std::process::id()));
        let path = root.with_file_name(name);
        fs::create_dir_all(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self(Some(path)))
    }

    pub fn path(&self) -> &Path {
        self.0.as_deref().unwrap_or_else(|| Path::new("."))
    }

    /// Moves it to the place of `root`; `is_whole` says of a folder that is there already whether it is good.
    pub fn finish(mut self, root: &Path, is_whole: fn(&Path) -> bool) -> Result<()> {
        let Some(path) = self.0.take() else { return Ok(()) };
        let Err(error) = fs::rename(&path, root) else {
            return Ok(());
        };
        // Another chore was quicker, or an earlier one left half a folder.
        if !is_whole(root) {
            fs::remove_dir_all(root).ok();
            return fs::rename(&path, root)
                .with_context(|| format!("moving {} into place ({error})", path.display()));
        }
        fs::remove_dir_all(&path).with_context(|| format!("removing {}", path.display()))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // What is left is named `unfinished` and never used.
            fs::remove_dir_all(path).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_whole_or_not_at_all() {
        let cache = {
            let folder = std::env::temp_dir().join(format!("promptpal-unfinished-{}", std::process::id()));
            fs::remove_dir_all(&folder).ok();
            fs::create_dir_all(folder.join("lib")).unwrap();
            folder
        };
        let root = cache.join("made");
        drop(Unfinished::beside(&root).unwrap());
        assert_eq!(
            fs::read_dir(&cache).unwrap().count(),
            1,
            "only `lib` of the test is left"
        );
        for _ in 0..2 {
            let making = Unfinished::beside(&root).unwrap();
            fs::write(making.path().join("done"), "").unwrap();
            making.finish(&root, |root| root.join("done").is_file()).unwrap();
            assert!(root.join("done").is_file());
        }
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 2);
        fs::remove_dir_all(&cache).unwrap();
    }
}
