//! A browser without a screen, and the person in front of it.
//!
//! It keeps cookies, follows redirects and fills in forms; it stops where a person would look up: at a page without a
//! form, or where the program is called back. Scripts are not run.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use http::StatusCode;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use url::Url;
use url::form_urlencoded::Serializer;

/// More pages than this are a loop.
const HOPS: usize = 20;

/// Where a walk ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The provider sends the browser to the program's address, which was not visited yet.
    Callback(Url),
    /// A page without a form.
    Page(String),
}

/// A person with a browser.
#[derive(Clone, Debug)]
pub struct Browser {
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
    login: String,
    refuses: bool,
}

/// One form of a page: where it goes, and its fields as they are filled in.
#[derive(Debug, PartialEq, Eq)]
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Browser {
    /// A person who signs in as `login` and consents.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(login: &str) -> anyhow::Result<Self> {
        Ok(Self {
            client: client()?,
            cookies: BTreeMap::new(),
            login: login.to_owned(),
            refuses: false,
        })
    }

    /// The same person, who cancels instead.
    #[must_use]
    pub fn refusing(self) -> Self {
        Self {
            refuses: true,
            ..self
        }
    }

    /// Goes to `start` and on, until the program would be called back or nothing is left to fill in.
    ///
    /// # Errors
    /// When the provider answers with an error, or leads around in circles.
    pub async fn walk(&mut self, start: &Url) -> anyhow::Result<Arrival> {
        let mut at = start.clone();
        let mut form: Option<Form> = None;
        for _ in 0..HOPS {
            let (status, next, page) = self.request(&at, form.take()).await?;
            if let Some(next) = next {
                at = at.join(&next)?;
                if at.path() == "/callback" {
                    return Ok(Arrival::Callback(at));
                }
            } else if status != StatusCode::OK {
                bail!("{at} answered {status}: {page}");
            } else if let Some(mut found) = first_form(&page) {
                if self.refuses {
                    at = at.join(&cancel_link(&page).context("no way to cancel")?)?;
                    continue;
                }
                found.fill("login", &self.login);
                found.fill("password", "anything");
                at = at.join(&found.action)?;
                form = Some(found);
            } else {
                return Ok(Arrival::Page(page));
            }
        }
        bail!("no end after {HOPS} pages; the last was {at}")
    }

    /// Reads one page of the program's own address.
    ///
    /// # Errors
    /// When nobody listens there (any more).
    pub async fn visit(&mut self, page: &Url) -> anyhow::Result<(u16, String)> {
        let answer = self.client.get(page.clone()).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// Signs in and returns to the program; yields the program's page.
    ///
    /// # Errors
    /// As [`walk`](Self::walk) and [`visit`](Self::visit).
    pub async fn sign_in(&mut self, start: &Url) -> anyhow::Result<String> {
        match self.walk(start).await? {
            Arrival::Callback(callback) => Ok(self.visit(&callback).await?.1),
            Arrival::Page(page) => bail!("the provider does not return to the program: {page}"),
        }
    }

    /// One request; yields the status, where it redirects to, and the page.
    async fn request(
        &mut self,
        at: &Url,
        form: Option<Form>,
    ) -> anyhow::Result<(StatusCode, Option<String>, String)> {
        let request = match form {
            None => self.client.get(at.clone()),
            Some(form) => self
                .client
                .post(at.clone())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Serializer::new(String::new()).extend_pairs(form.fields).finish()),
        };
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let answer = request.header(COOKIE, cookies.join("; ")).send().await?;
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').context("a cookie without a value")?;
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = answer.status();
        let next = match answer.headers().get(LOCATION) {
            Some(next) if status.is_redirection() => Some(next.to_str()?.to_owned()),
            _ => None,
        };
        Ok((status, next, answer.text().await?))
    }
}

impl Form {
    fn fill(&mut self, name: &str, text: &str) {
        for (_, value) in self.fields.iter_mut().filter(|(field, _)| field == name) {
            text.clone_into(value);
        }
    }
}

/// A client that follows nothing by itself.
pub(super) fn client() -> anyhow::Result<reqwest::Client> {
    // Clients cannot be made without it, even for plain http. A second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(60))
        .no_proxy()
        .build()?)
}

fn first_form(page: &str) -> Option<Form> {
    let form = page.get(page.find("<form")?..)?.split("</form>").next()?;
    let action = attribute(form.split('>').next()?, "action")?;
    let fields = form
        .split("<input")
        .skip(1)
        .filter_map(|input| {
            let tag = input.split('>').next()?;
            Some((
                attribute(tag, "name")?,
                attribute(tag, "value").unwrap_or_default(),
            ))
        })
        .collect();
    Some(Form { action, fields })
}

fn cancel_link(page: &str) -> Option<String> {
    page.split("<a")
        .skip(1)
        .filter_map(|link| attribute(link, "href"))
        .find(|href| href.ends_with("/abort"))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(
        value
            .replace("&#39;", "'")
            .replace("&quot;", "\"")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_forms() {
        let page = r#"<p>Hello</p><form id="a" method="post" action="/i/1?a=b&amp;c=d">
            <input type="hidden" name="prompt" value="login"/>
            <input required type="text" name="login" placeholder="Enter any login">
            <button type="submit">Go</button></form><input name="elsewhere">"#;
        let mut form = first_form(page).unwrap();
        form.fill("login", "grace");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(form.action, "/i/1?a=b&c=d");
        assert_eq!(form.fields, [pair("prompt", "login"), pair("login", "grace")]);
        assert_eq!(first_form("<p>nothing</p>"), None);
        assert_eq!(
            cancel_link(r#"<a href="/help">Help</a> <a href="/i/1/abort">No</a>"#).unwrap(),
            "/i/1/abort"
        );
    }
}
