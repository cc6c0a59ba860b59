//! robots.txt: what a site allows a crawler, and how often.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use promptpal_domain::Timestamp;
use texting_robots::Robot;
use url::Url;

use crate::net::{Transport, Validators};
use crate::{NewsConfig, NewsError, isolate, schedule};

/// What of a robots.txt is read; RFC 9309 asks for at least 500 KiB.
const READ_BYTES: usize = 512 << 10;
/// Origins remembered.
const REMEMBERED: usize = 1024;
/// Redirects followed on the way to a robots.txt (RFC 9309, 2.3.1.2).
const REDIRECTS: usize = 5;
/// A Crawl-delay beyond this is taken as this.
const LONGEST_DELAY: f32 = 60.0;
/// How long a robots.txt that could not be had is taken as forbidding everything.
const UNREACHABLE_TTL: Duration = Duration::from_secs(10 * 60);

/// Whether a robots.txt with these bytes lets `agent` fetch `url` (absolute, or a path).
///
/// A file that cannot be read as rules allows everything, as an empty one does.
#[must_use]
pub fn allowed(robots_txt: &[u8], agent: &str, url: &str) -> bool {
    Rules::parse(robots_txt, agent).allows(url)
}

/// The rules of one robots.txt for one agent.
struct Rules(Option<Robot>);

impl Rules {
    fn parse(bytes: &[u8], agent: &str) -> Self {
        let bytes = bytes.get(..READ_BYTES).unwrap_or(bytes);
        // A byte order mark would hide the first line's name.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let bytes = in_groups(bytes);
        Self(catch_unwind(|| Robot::new(agent, &bytes).ok()).unwrap_or_default())
    }

    fn allows(&self, url: &str) -> bool {
        let Some(robot) = &self.0 else { return true };
        // A parser of addresses would make a slash of it.
        let url = url.replace('\\', "%5C");
        catch_unwind(AssertUnwindSafe(|| robot.allowed(&url))).unwrap_or(false)
    }

    fn delay(&self) -> Duration {
        let seconds = self.0.as_ref().and_then(|robot| robot.delay).unwrap_or(0.0);
        Duration::try_from_secs_f32(seconds.clamp(0.0, LONGEST_DELAY)).unwrap_or_default()
    }
}

/// The lines that stand in a group: rules before the first user agent are nobody's (RFC 9309, 2.2.1). Characters that an
/// address never has as they are get the form that they have there.
fn in_groups(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut in_group = false;
    for line in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        let name = line.trim_ascii_start().get(..10).unwrap_or_default();
        let names_agent = [&b"user-agent"[..], b"user agent", b"useragent:", b"useragent "]
            .iter()
            .any(|spelt| name.eq_ignore_ascii_case(spelt));
        in_group |= names_agent;
        if !in_group {
            continue;
        }
        for &byte in line {
            match byte {
                b'{' | b'}' | b'\\' | b'^' | b'|' | b'`' | b'"' | b'<' | b'>' if !names_agent => {
                    kept.extend(format!("%{byte:02X}").bytes());
                }
                byte => kept.push(byte),
            }
        }
    }
    kept
}

/// What one origin allows us.
#[derive(Clone)]
pub(crate) enum Policy {
    /// There are rules, or there is no robots.txt.
    Rules(Arc<RulesOf>),
    /// The file could not be had: everything is forbidden for a while.
    Unreachable,
}

/// Rules with the one delay they ask for.
pub(crate) struct RulesOf {
    rules: Rules,
    delay: Duration,
}

impl Policy {
    pub(crate) fn allows(&self, url: &Url) -> bool {
        match self {
            Self::Rules(of) => of.rules.allows(url.as_str()),
            Self::Unreachable => false,
        }
    }

    /// The pause between two requests that the site asks for.
    pub(crate) fn delay(&self) -> Duration {
        match self {
            Self::Rules(of) => of.delay,
            Self::Unreachable => Duration::ZERO,
        }
    }

    fn from(rules: Rules) -> Self {
        Self::Rules(Arc::new(RulesOf {
            delay: rules.delay(),
            rules,
        }))
    }
}

/// The robots.txt of the origins asked lately.
pub(crate) struct RobotsCache {
    agent: String,
    ttl: Duration,
    known: Mutex<HashMap<String, (Timestamp, Policy)>>,
}

impl std::fmt::Debug for RobotsCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RobotsCache")
            .field("agent", &self.agent)
            .finish_non_exhaustive()
    }
}

impl RobotsCache {
    pub(crate) fn new(agent: &str, ttl: Duration) -> Self {
        Self {
            agent: agent.to_owned(),
            ttl,
            known: Mutex::new(HashMap::new()),
        }
    }

    /// What the origin of `url` allows, fetched when it is not known or too old.
    ///
    /// # Errors
    /// [`NewsError::AddressRefused`], `RateLimited`, `Timeout` and `Network`: then nothing is known and the page is not asked either.
    pub(crate) async fn policy(
        &self,
        transport: &Transport,
        url: &Url,
        config: &NewsConfig,
        now: Timestamp,
    ) -> Result<Policy, NewsError> {
        let origin = url.origin().ascii_serialization();
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&origin)
            .cloned();
        if let Some((until, policy)) = known
            && now < until
        {
            return Ok(policy);
        }
        let policy = self.fetch(transport, url, config).await?;
        let ttl = if matches!(policy, Policy::Unreachable) {
            self.ttl.min(UNREACHABLE_TTL)
        } else {
            self.ttl
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, (until, _)| now < *until);
        }
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(origin, (schedule::plus(now, ttl), policy.clone()));
        Ok(policy)
    }

    async fn fetch(
        &self,
        transport: &Transport,
        url: &Url,
        config: &NewsConfig,
    ) -> Result<Policy, NewsError> {
        let everything = || Policy::from(Rules(None));
        let Ok(mut target) = url.join("/robots.txt") else {
            return Ok(everything());
        };
        for _ in 0..=REDIRECTS {
            let answer = match transport
                .get(&target, &Validators::default(), config.per_host_delay)
                .await
            {
                Ok(answer) => answer,
                // Only its beginning would be read, and none of it was kept: better ask nothing of such a host.
                Err(NewsError::TooLarge { .. }) => return Ok(Policy::Unreachable),
                Err(error) => return Err(error),
            };
            if let Some(next) = answer.redirect(&target) {
                match next.and_then(|next| transport.checked(&next)) {
                    Ok(next) => target = next,
                    Err(_) => return Ok(everything()),
                }
                continue;
            }
            // RFC 9309: a missing file (4xx) allows everything, a failing server (5xx) forbids it. 429 never comes here.
            return Ok(match answer.status {
                200 => {
                    let agent = self.agent.clone();
                    let rules = isolate::blocking("robots.txt", move || {
                        answer
                            .body
                            .decoded()
                            .map(|bytes| Rules::parse(&bytes, &agent))
                            .ok()
                    });
                    rules.await.flatten().map_or_else(everything, Policy::from)
                }
                500.. => Policy::Unreachable,
                _ => everything(),
            });
        }
        Ok(everything())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_apply_to_the_agent_they_name() {
        let file = b"\xef\xbb\xbfUser-agent: *\nDisallow: /private/\nCrawl-delay: 3\n\nUser-agent: Promptpal\nDisallow: /search\nAllow: /search/help\n";
        let check = |agent: &str, url: &str, expected: bool| {
            assert_eq!(allowed(file, agent, url), expected, "{agent} {url}");
        };
        check("Promptpal", "https://a.example/search?q=btc", false);
        check("promptpal", "https://a.example/search/help", true);
        check("Promptpal", "https://a.example/private/x", true);
        check("Otherbot", "https://a.example/private/x", false);
        check("Otherbot", "/news", true);
        assert_eq!(Rules::parse(file, "Otherbot").delay(), Duration::from_secs(3));
        assert_eq!(
            Rules::parse(b"User-agent: *\nCrawl-delay: 86400\n", "x").delay(),
            Duration::from_secs(60)
        );
    }

    #[test]
    fn rules_of_nobody_and_odd_characters() {
        let check = |file: &str, url: &str, expected: bool| {
            assert_eq!(
                allowed(file.as_bytes(), "Promptpal", url),
                expected,
                "{file:?} {url}"
            );
        };
        check(
            "Disallow: /a/\nUser-agent: *\nDisallow: /b/\n",
            "https://x.example/a/1",
            true,
        );
        check(
            "Disallow: /a/\nUser-agent: *\nDisallow: /b/\n",
            "https://x.example/b/1",
            false,
        );
        check("Disallow: /a/\r\n", "https://x.example/a/1", true);
        check(
            "user agent: *\nDisallow: /{{page.url}}\n",
            "https://x.example/{{page.url}}/1",
            false,
        );
        check(
            "User-agent: *\nDisallow: /\\d{8}/\n",
            "https://x.example/\\d{8}/",
            false,
        );
        check(
            "User-agent: *\nDisallow: /\\d{8}/\n",
            "https://x.example/12345678/",
            true,
        );
    }

    #[test]
    fn what_is_no_rules_allows() {
        for file in [
            &b""[..],
            b"<!doctype html><html>",
            b"\x00\xff\xfe\x00",
            b"Disallow",
            b": : :\n\n\r\r",
        ] {
            assert!(allowed(file, "Promptpal", "https://a.example/x"), "{file:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400), url in ".{0,60}") {
            let _ = allowed(&bytes, "Promptpal", &url);
        }

        #[test]
        fn never_panics_on_near_rules(lines in "((User-agent|Disallow|Allow|Crawl-delay|Sitemap): ?[ -~é*$]{0,20}[\r\n]{0,2}){0,12}") {
            let _ = allowed(lines.as_bytes(), "Promptpal", "https://a.example/news/1?x=1");
        }
    }
}
