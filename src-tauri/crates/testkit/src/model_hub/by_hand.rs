//! `promptpal-testkit models`.

use std::path::PathBuf;

use anyhow::Context as _;

use super::ModelHub;

/// The arguments of `promptpal-testkit models`.
#[derive(Clone, Debug, clap::Args)]
pub struct ModelHubOptions {
    /// A repository as OWNER/NAME=FOLDER; the files in the folder are its files.
    #[arg(long = "repository", value_name = "OWNER/NAME=FOLDER")]
    pub repositories: Vec<String>,
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
}

/// Prints the address as a JSON line and serves until it is interrupted.
///
/// # Errors
/// When a folder cannot be read or the port is taken.
pub async fn serve(options: &ModelHubOptions) -> anyhow::Result<()> {
    let hub = ModelHub::start_on(options.port).await?;
    for text in &options.repositories {
        let (repository, folder) = text
            .split_once('=')
            .with_context(|| format!("'{text}' is not OWNER/NAME=FOLDER"))?;
        let folder = PathBuf::from(folder);
        let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_file() {
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                hub.put(repository, &name, std::fs::read(&path)?);
            }
        }
    }
    println!("{}", serde_json::json!({ "base": hub.base() }));
    Ok(tokio::signal::ctrl_c().await?)
}
