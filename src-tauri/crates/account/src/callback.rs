//! The loopback address that the browser comes back to (RFC 8252 section 7.3).
//!
//! It listens on a free port of 127.0.0.1 for one sign-in, takes exactly one `/callback`, and is closed after it.
//! Browsers open connections ahead of need and ask for icons, so each connection is read on its own.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

use crate::{AccountError, CallbackFault};

/// Longest request head that is read.
const HEAD_LIMIT: usize = 16 * 1024;
/// How long one connection has to send its request.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// How many connections may be open at once.
const CONNECTIONS: usize = 16;

/// Waits for the browser.
#[derive(Debug)]
pub(crate) struct CallbackListener {
    listener: TcpListener,
    redirect: Url,
}

/// What came back, with the browser still waiting for its page.
#[derive(Debug)]
pub(crate) struct Callback {
    stream: TcpStream,
    /// The whole address that the browser asked for.
    pub(crate) address: Url,
}

impl CallbackListener {
    pub(crate) async fn bind() -> Result<Self, AccountError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(AccountError::Listener)?;
        let port = listener.local_addr().map_err(AccountError::Listener)?.port();
        let redirect = Url::parse(&format!("http://127.0.0.1:{port}/callback"))
            .map_err(|error| AccountError::Listener(std::io::Error::other(error)))?;
        Ok(Self { listener, redirect })
    }

    /// Where the provider is to send the browser.
    pub(crate) const fn redirect(&self) -> &Url {
        &self.redirect
    }

    /// Waits for the one callback, and stops listening. Ends only with a callback or when it is dropped.
    pub(crate) async fn wait(self) -> Result<Callback, AccountError> {
        let mut open: JoinSet<Option<Callback>> = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if open.len() < CONNECTIONS => {
                    let (stream, _) = accepted.map_err(AccountError::Listener)?;
                    let redirect = self.redirect.clone();
                    open.spawn(async move { timeout(HEAD_PATIENCE, read(stream, &redirect)).await.ok().flatten() });
                }
                Some(read) = open.join_next(), if !open.is_empty() => {
                    if let Ok(Some(callback)) = read {
                        return Ok(callback);
                    }
                }
            }
        }
    }
}

impl Callback {
    /// Whether the code, the `state` and the `iss` are those of our request; yields the code.
    pub(crate) fn code(&self, state: &str, issuer: &str, iss_required: bool) -> Result<String, AccountError> {
        let fault = |fault| Err(AccountError::CallbackRefused(fault));
        if self.one("state") != Some(state.to_owned()) {
            return fault(CallbackFault::State);
        }
        match self.all("iss").as_slice() {
            [] if !iss_required => {}
            [iss] if iss == issuer => {}
            _ => return fault(CallbackFault::Issuer),
        }
        match (self.one("error"), self.one("code")) {
            (Some(error), None) if error == "access_denied" => Err(AccountError::Denied),
            (Some(code), None) => Err(AccountError::Refused {
                doing: "signing in",
                code,
                description: self.one("error_description"),
            }),
            (None, Some(code)) => Ok(code),
            _ => fault(CallbackFault::Code),
        }
    }

    /// Shows the person how it ended. That the page does not arrive changes nothing.
    pub(crate) async fn answer(self, signed_in: bool) {
        let (title, text) = if signed_in {
            ("You are signed in", "Promptpal is ready. You can close this tab.")
        } else {
            (
                "Signing in did not work",
                "Go back to Promptpal: it says why, and what to do next.",
            )
        };
        respond(self.stream, "200 OK", title, text).await;
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.address
            .query_pairs()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    }

    fn one(&self, name: &str) -> Option<String> {
        match self.all(name).as_slice() {
            [value] => Some(value.clone()),
            _ => None,
        }
    }
}

/// Reads one request; answers it unless it is the callback.
async fn read(mut stream: TcpStream, redirect: &Url) -> Option<Callback> {
    let head = head(&mut stream).await?;
    match target(&head, redirect) {
        Some(address) if address.path() == redirect.path() => Some(Callback { stream, address }),
        Some(_) => {
            respond(
                stream,
                "404 Not Found",
                "Nothing here",
                "Promptpal waits here for a sign-in only.",
            )
            .await;
            None
        }
        None => {
            respond(
                stream,
                "400 Bad Request",
                "Not understood",
                "Promptpal waits here for a sign-in only.",
            )
            .await;
            None
        }
    }
}

async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 2048];
    loop {
        let count = stream.read(&mut chunk).await.ok()?;
        bytes.extend_from_slice(chunk.get(..count)?);
        if bytes.windows(4).any(|window| window == b"\r\n\r\n") {
            return String::from_utf8(bytes).ok();
        }
        if count == 0 || bytes.len() > HEAD_LIMIT {
            return None;
        }
    }
}

/// The address that a request head asks for; `None` unless it is a GET to exactly our host and port (a page whose name
/// was made to point at 127.0.0.1 sends its own name).
fn target(head: &str, redirect: &Url) -> Option<Url> {
    let mut lines = head.split("\r\n");
    let mut request = lines.next()?.split(' ');
    let (method, path, version) = (request.next()?, request.next()?, request.next()?);
    if method != "GET" || !path.starts_with('/') || !version.starts_with("HTTP/1.") {
        return None;
    }
    let host = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim())
    })?;
    let expected = format!("127.0.0.1:{}", redirect.port()?);
    (host == expected)
        .then(|| Url::parse(&format!("http://{expected}{path}")).ok())
        .flatten()
}

async fn respond(mut stream: TcpStream, status: &str, title: &str, text: &str) {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title} · Promptpal</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}}</style>\
         <h1>{title}</h1><p>{text}</p></html>"
    );
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\
         Connection: close\r\n\r\n{page}",
        page.len()
    );
    let sent = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    };
    let _ = timeout(HEAD_PATIENCE, sent).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect() -> Url {
        "http://127.0.0.1:5000/callback".parse().unwrap()
    }

    #[test]
    fn reads_requests_to_itself_only() {
        let check = |head: &str, expected: Option<&str>| {
            assert_eq!(
                target(head, &redirect()).as_ref().map(Url::as_str),
                expected,
                "{head}"
            );
        };
        let own = "\r\nHost: 127.0.0.1:5000\r\n\r\n";
        check(
            &format!("GET /callback?code=1 HTTP/1.1{own}"),
            Some("http://127.0.0.1:5000/callback?code=1"),
        );
        check(
            &format!("GET /favicon.ico HTTP/1.1{own}"),
            Some("http://127.0.0.1:5000/favicon.ico"),
        );
        check(&format!("POST /callback HTTP/1.1{own}"), None);
        check(&format!("GET http://elsewhere/callback HTTP/1.1{own}"), None);
        check(&format!("GET @elsewhere/callback HTTP/1.1{own}"), None);
        check(&format!("GET /callback{own}"), None);
        check("GET /callback HTTP/1.1\r\nhost: evil.example:5000\r\n\r\n", None);
        check("GET /callback HTTP/1.1\r\n\r\n", None);
        check("", None);
    }

    #[tokio::test]
    async fn takes_codes_that_answer_its_own_request() {
        let listener = CallbackListener::bind().await.unwrap();
        let port = listener.redirect().port().unwrap();
        let check = async |query: &str, required: bool, expected: Result<&str, &str>| {
            let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let address = format!("http://127.0.0.1:{port}/callback?{query}")
                .parse()
                .unwrap();
            let got = Callback { stream, address }.code("s1", "https://id.example.org", required);
            let text = got.as_ref().map(String::as_str).map_err(ToString::to_string);
            assert_eq!(
                text.as_ref().map(|code| *code).map_err(String::as_str),
                expected,
                "{query}"
            );
        };
        let state = "the browser's answer is refused: its state is not the one that was sent";
        let issuer = "the browser's answer is refused: it comes from another sign-in service";
        let code = "the browser's answer is refused: it holds no code";
        let iss = "iss=https%3A%2F%2Fid.example.org";
        check(&format!("code=c&state=s1&{iss}"), true, Ok("c")).await;
        check("code=c&state=s1", false, Ok("c")).await;
        check("code=c&state=s1", true, Err(issuer)).await;
        check(
            "code=c&state=s1&iss=https%3A%2F%2Fid.example.com",
            false,
            Err(issuer),
        )
        .await;
        check(&format!("code=c&state=s1&{iss}&{iss}"), true, Err(issuer)).await;
        check(&format!("code=c&state=s2&{iss}"), true, Err(state)).await;
        check(&format!("code=c&state=s1&state=s1&{iss}"), true, Err(state)).await;
        check(&format!("code=c&{iss}"), true, Err(state)).await;
        check(&format!("state=s1&{iss}"), true, Err(code)).await;
        check(&format!("code=a&code=b&state=s1&{iss}"), true, Err(code)).await;
        check(
            "error=access_denied&state=s1",
            false,
            Err("signing in was refused in the browser"),
        )
        .await;
        check(
            "error=login_required&error_description=not%20yet&state=s1",
            false,
            Err("signing in: the sign-in service refused: login_required (not yet)"),
        )
        .await;
    }
}
