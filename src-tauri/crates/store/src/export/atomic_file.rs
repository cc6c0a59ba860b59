//! A file that appears under its name only when it is complete and on the disk.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::StoreError;

/// Written under a temporary name beside the final one; removed when dropped without [`AtomicFile::commit`].
#[derive(Debug)]
pub(super) struct AtomicFile {
    file: BufWriter<File>,
    temporary: PathBuf,
    path: PathBuf,
    committed: bool,
}

impl AtomicFile {
    /// Creates the file and the folders above it.
    pub(super) fn create(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::File {
            path: path.to_owned(),
            source,
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", uuid::Uuid::now_v7().simple()));
        let temporary = path.with_file_name(name);
        let file = BufWriter::new(File::create(&temporary).map_err(failed)?);
        Ok(Self {
            file,
            temporary,
            path: path.to_owned(),
            committed: false,
        })
    }

    /// Brings everything to the disk and gives the file its name, in place of an earlier one.
    pub(super) fn commit(mut self) -> Result<PathBuf, StoreError> {
        self.settle().map_err(|source| StoreError::File {
            path: self.path.clone(),
            source,
        })?;
        self.committed = true;
        Ok(self.path.clone())
    }

    fn settle(&mut self) -> std::io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        std::fs::rename(&self.temporary, &self.path)?;
        // The name is in the folder, which Windows neither needs nor allows to be synced.
        #[cfg(unix)]
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if !self.committed {
            // Nothing can be done about a file that cannot be removed; its name says that it is a part.
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}
