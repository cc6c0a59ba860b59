//! Where the program keeps its files.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::Serialize;

/// Folders and files of one user. The window and the command line use the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paths {
    /// Holds the database.
    pub data_dir: PathBuf,
    /// The database.
    pub database: PathBuf,
    /// Sentiment models that were downloaded or taken from a folder.
    pub models_dir: PathBuf,
    /// Log files, one a day.
    pub log_dir: PathBuf,
    /// What the window's web view keeps.
    pub web_dir: PathBuf,
    /// Reports and screenshots written without a chosen place.
    pub reports_dir: PathBuf,
    /// Optional settings that a person or an administrator wrote by hand.
    pub config_file: PathBuf,
}

impl Paths {
    /// The system's places for this user: `$XDG_DATA_HOME/promptpal`, `%APPDATA%\Promptpal\data`, `~/Library/Application Support/...`.
    ///
    /// `None` when the system names no home folder.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        let dirs = ProjectDirs::from("org", "Promptpal", "promptpal")?;
        Some(Self::inside(dirs.data_dir(), dirs.config_dir()))
    }

    /// Everything inside one folder, as the tests and `PROMPTPAL_HOME` want it.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self::inside(folder, folder)
    }

    fn inside(data: &Path, config: &Path) -> Self {
        Self {
            data_dir: data.to_owned(),
            database: data.join("promptpal.db"),
            models_dir: data.join("models"),
            log_dir: data.join("logs"),
            web_dir: data.join("web"),
            reports_dir: data.join("reports"),
            config_file: config.join("config.toml"),
        }
    }

    /// The same places with another database file.
    #[must_use]
    pub fn with_database(mut self, database: PathBuf) -> Self {
        self.database = database;
        self
    }
}
