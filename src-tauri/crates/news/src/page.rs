//! Pages of articles as the site gives them, for people who mend the rules of extraction.

use promptpal_domain::Timestamp;

use crate::net::Answer;
use crate::news::refusal;
use crate::{News, NewsError, isolate, text};

/// The markup of a page, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSource {
    /// Its markup, whatever encoding it came in. Foreign: to be written to a file, never to be shown as markup.
    pub html: String,
    /// Its address after redirects.
    pub final_url: String,
    /// When its last byte had arrived.
    pub fetched: Timestamp,
}

impl News {
    /// Fetches the markup of an article's page under the rules of [`News::fetch_article`].
    ///
    /// # Errors
    /// As those of [`News::fetch_article`].
    pub async fn fetch_source(&self, url: &str) -> Result<PageSource, NewsError> {
        let (url, answer) = self.allowed_page(url).await?;
        let (final_url, fetched) = (String::from(url), self.now());
        is_page(&final_url, &answer)?;
        let charset = answer.charset();
        let decoded = isolate::blocking("the page", move || {
            let html = answer.body.decoded()?;
            Ok::<_, NewsError>(text::decode_html(&html, charset.as_deref()))
        });
        match decoded.await {
            Some(html) => Ok(PageSource {
                html: html?,
                final_url,
                fetched,
            }),
            None => Err(NewsError::Extraction {
                url: final_url,
                reason: "decoding it broke off".to_owned(),
            }),
        }
    }
}

/// Whether an answer is a page of markup.
///
/// # Errors
/// What the site says instead, or [`NewsError::NotHtml`].
pub(crate) fn is_page(url: &str, answer: &Answer) -> Result<(), NewsError> {
    if answer.status != 200 {
        return Err(refusal(url, answer));
    }
    let kind = answer.content_type.clone().unwrap_or_default();
    let is_page = kind.is_empty()
        || ["text/html", "application/xhtml"]
            .iter()
            .any(|start| kind.starts_with(start));
    if is_page {
        return Ok(());
    }
    Err(NewsError::NotHtml {
        url: url.to_owned(),
        content_type: kind,
    })
}
