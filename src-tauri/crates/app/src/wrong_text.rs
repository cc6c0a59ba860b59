//! Reports of pages whose text was taken wrongly: a page and its text as it should be, as the tests of the rules want them.

use std::path::PathBuf;

use promptpal_domain::ArticleId;
use promptpal_news::explain;
use serde_json::json;

use crate::{App, AppError};

/// The folder of these reports inside that of all reports.
const FOLDER: &str = "pages";

impl App {
    /// Fetches an article's page once more and writes a test case of it: `SITE.html`, its text as it should be in
    /// `SITE.txt`, and in `case.json` what the rules take of it now. Returns the folder. Nothing is sent anywhere.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when `right` is blank, [`AppError::News`] when the page cannot be had, [`AppError::File`],
    /// [`AppError::Store`].
    pub async fn report_wrong_text(&self, article: ArticleId, right: &str) -> Result<PathBuf, AppError> {
        let right = paragraphs(right);
        if right.is_empty() {
            return Err(AppError::invalid(
                "the text as it should be is missing",
                "Write the paragraphs of the article, separated by blank lines.",
            ));
        }
        let stored = self.store().article(article).await?;
        let page = self.inner.news.fetch_source(&stored.url).await?;
        let site = web_host(&page.final_url).unwrap_or_else(|| "page".to_owned());
        let folder = self
            .paths()
            .reports_dir
            .join(FOLDER)
            .join(format!("{site}-{}", article.0));
        let (html, url) = (page.html.clone(), page.final_url.clone());
        let explained = tokio::task::spawn_blocking(move || explain(html.as_bytes(), Some(&url)))
            .await
            .unwrap_or_default();
        let blocks = explained.blocks.into_iter().map(|block| {
            json!({
                "text": block.text,
                "kept": block.kept,
                "likelihood": block.likelihood,
                "pack": block.pack,
            })
        });
        let case = json!({
            "url": page.final_url,
            "title": stored.title,
            "fetched": page.fetched.to_string(),
            "program": env!("CARGO_PKG_VERSION"),
            "stored": stored.content.text,
            "pack": explained.pack,
            "blocks": blocks.collect::<Vec<_>>(),
        });
        let files = [
            (folder.join(format!("{site}.html")), page.html),
            (folder.join(format!("{site}.txt")), format!("{right}\n")),
            (folder.join("case.json"), format!("{case:#}\n")),
        ];
        let written = write(folder.clone(), files).await;
        written.map_err(|(path, source)| AppError::File {
            doing: "write",
            path,
            source,
        })?;
        Ok(folder)
    }
}

async fn write(folder: PathBuf, files: [(PathBuf, String); 3]) -> Result<(), (PathBuf, std::io::Error)> {
    let made = tokio::fs::create_dir_all(&folder).await;
    made.map_err(|error| (folder, error))?;
    for (path, text) in files {
        let written = tokio::fs::write(&path, text).await;
        written.map_err(|error| (path, error))?;
    }
    Ok(())
}

/// The host of an address, as a name of files.
fn web_host(url: &str) -> Option<String> {
    let host = promptpal_news::host_of(url)?;
    let name: String = host
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    (!name.is_empty()).then_some(name)
}

/// One line a paragraph, blank lines between them.
fn paragraphs(text: &str) -> String {
    let lines = text.replace("\r\n", "\n");
    let paragraphs = lines
        .split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|paragraph| !paragraph.is_empty());
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_lines_with_blank_ones_between() {
        let check = |text: &str, expected: &str| assert_eq!(paragraphs(text), expected, "{text:?}");
        check("One.\n\nTwo.", "One.\n\nTwo.");
        check("  One\nline. \n\n\n\n Two.\n", "One line.\n\nTwo.");
        check("One.\r\n\r\nTwo.", "One.\n\nTwo.");
        check(" \n\n ", "");
    }

    #[test]
    fn hosts_become_names_of_files() {
        let check =
            |url: &str, expected: Option<&str>| assert_eq!(web_host(url).as_deref(), expected, "{url}");
        check("https://news.example.org/a/b?c=d", Some("example.org"));
        check("http://[::1]:8080/a", Some("___1__8080"));
        check("nonsense", None);
    }
}
