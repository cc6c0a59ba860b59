//! `promptpal-testkit updates`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::{Fault, Package, Release, UpdateServer};

/// The arguments of `promptpal-testkit updates`.
#[derive(Clone, Debug, clap::Args)]
pub struct UpdateOptions {
    /// The version to announce.
    #[arg(long)]
    pub version: String,
    /// What is new, for people.
    #[arg(long, default_value = "")]
    pub notes: String,
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// A package as TARGET=FILE, for example linux-x86_64-deb=out/promptpal.deb; its signature is read from FILE.sig.
    /// Without packages every system is told of the release, but cannot install it.
    #[arg(long = "package", value_name = "TARGET=FILE")]
    pub packages: Vec<String>,
    /// What is wrong with the server: a status such as 500, garbage, altered, cut, or as=VERSION to announce the
    /// packages under another version.
    #[arg(long)]
    pub fault: Option<String>,
}

/// Prints the endpoint as a JSON line and serves until it is interrupted.
///
/// # Errors
/// When a package cannot be read, the fault is unknown, or the port is taken.
pub async fn serve(options: &UpdateOptions) -> anyhow::Result<()> {
    let server = UpdateServer::start_on(options.port, release(options)?).await?;
    server.set_fault(options.fault.as_deref().map_or(Ok(Fault::None), fault)?);
    println!(
        "{}",
        serde_json::json!({ "endpoint": server.endpoint(), "version": options.version })
    );
    Ok(tokio::signal::ctrl_c().await?)
}

fn release(options: &UpdateOptions) -> anyhow::Result<Release> {
    if options.packages.is_empty() {
        return Ok(Release::announcement(&options.version, &options.notes));
    }
    let packages = options
        .packages
        .iter()
        .map(|text| package(text))
        .collect::<anyhow::Result<_>>()?;
    Ok(Release {
        version: options.version.clone(),
        notes: options.notes.clone(),
        packages,
    })
}

fn package(text: &str) -> anyhow::Result<Package> {
    let (target, file) = text
        .split_once('=')
        .with_context(|| format!("'{text}' is not TARGET=FILE"))?;
    let file = Path::new(file);
    let mut signature_file = file.as_os_str().to_owned();
    signature_file.push(".sig");
    let signature_file = PathBuf::from(signature_file);
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("reading {}", path.display()));
    let name = file
        .file_name()
        .with_context(|| format!("'{text}' names no file"))?;
    Ok(Package {
        target: target.to_owned(),
        file_name: name.to_string_lossy().into_owned(),
        bytes: read(file)?,
        signature: String::from_utf8(read(&signature_file)?)?.trim().to_owned(),
    })
}

fn fault(text: &str) -> anyhow::Result<Fault> {
    Ok(match text.split_once('=') {
        Some(("as", version)) => Fault::AnnouncedAs(version.to_owned()),
        None if text == "garbage" => Fault::Garbage,
        None if text == "altered" => Fault::AlteredPackage,
        None if text == "cut" => Fault::CutPackage,
        None if text.bytes().all(|byte| byte.is_ascii_digit()) => Fault::Status(text.parse()?),
        _ => bail!("'{text}' is no fault: write a status such as 500, garbage, altered, cut or as=VERSION"),
    })
}
