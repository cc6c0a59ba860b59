//! Rule packs: where publishers put the text of an article, and what they put into it that is no part of it.
//!
//! They are data, in `packs.json`. A pack decides which blocks are looked at; the model still refuses what is plainly no part
//! of an article. A pack that does not fit its site any more (it finds nothing, or much less than the model does) is not
//! used: it can add to what is known, never lose an article.

use std::collections::HashSet;
use std::sync::LazyLock;

use ego_tree::NodeId;
use scraper::{Html, Selector};
use serde_json::Value;
use url::Url;

const PACKS: &str = include_str!("packs.json");

/// The rules for one site.
#[derive(Debug)]
pub(super) struct Pack {
    /// Domain; its subdomains belong to it.
    site: String,
    version: u64,
    /// Elements that hold the text; the first that are in a page are taken.
    text: Vec<Selector>,
    /// Elements inside of them that are no part of it.
    leave_out: Vec<Selector>,
}

/// What a pack says of an element and everything in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Text,
    LeftOut,
}

/// The elements of a page that a pack names.
#[derive(Debug, Default)]
pub(super) struct Marks {
    text: HashSet<NodeId>,
    left_out: HashSet<NodeId>,
}

impl Marks {
    /// Whether an element is named as no part of the text.
    pub(super) fn leave_out(&self, node: NodeId) -> bool {
        self.left_out.contains(&node)
    }

    /// The mark of an element, given that of the one around it.
    pub(super) fn of(&self, node: NodeId, around: Option<Mark>) -> Option<Mark> {
        if around == Some(Mark::LeftOut) || self.left_out.contains(&node) {
            Some(Mark::LeftOut)
        } else if self.text.contains(&node) {
            Some(Mark::Text)
        } else {
            around
        }
    }
}

impl Pack {
    /// The pack for the site of an address.
    pub(super) fn of(url: Option<&str>) -> Option<&'static Self> {
        static KNOWN: LazyLock<Vec<Pack>> = LazyLock::new(|| packs(PACKS).unwrap_or_default());
        let url = Url::parse(url?).ok()?;
        let host = url.host_str()?.trim_end_matches('.');
        KNOWN.iter().find(|pack| {
            let rest = host.strip_suffix(pack.site.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }

    /// Name and version, as `decrypt.co/1`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.site, self.version)
    }

    /// The elements that it names in a page.
    pub(super) fn marks(&self, page: &Html) -> Marks {
        let found = |selector: &Selector| {
            page.select(selector)
                .map(|element| element.id())
                .collect::<HashSet<_>>()
        };
        Marks {
            text: self
                .text
                .iter()
                .map(found)
                .find(|found| !found.is_empty())
                .unwrap_or_default(),
            left_out: self.leave_out.iter().flat_map(found).collect(),
        }
    }
}

/// Reads packs; `None` when one of them is not as it should be.
fn packs(json: &str) -> Option<Vec<Pack>> {
    let document: Value = serde_json::from_str(json).ok()?;
    let packs = document.get("packs")?.as_array()?.iter().map(|pack| {
        let selectors = |name: &str| -> Option<Vec<Selector>> {
            let list = pack.get(name)?.as_array()?;
            list.iter()
                .map(|one| Selector::parse(one.as_str()?).ok())
                .collect()
        };
        Some(Pack {
            site: pack.get("site")?.as_str()?.to_owned(),
            version: pack.get("version")?.as_u64()?,
            text: selectors("text")?,
            leave_out: selectors("leave_out")?,
        })
    });
    packs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_can_be_read() {
        let known = packs(PACKS).unwrap_or_default();
        assert!(known.len() >= 7, "{known:?}");
        for pack in &known {
            let address = format!("https://www.{}/a", pack.site);
            assert_eq!(
                Pack::of(Some(&address)).map(Pack::name),
                Some(pack.name()),
                "one pack a site"
            );
            assert!(!pack.text.is_empty(), "{}", pack.site);
        }
    }

    #[test]
    fn a_site_is_told_by_its_domain() {
        let check = |url: &str, expected: Option<&str>| {
            assert_eq!(
                Pack::of(Some(url)).map(|pack| pack.site.as_str()),
                expected,
                "{url}"
            );
        };
        check("https://decrypt.co/1/x", Some("decrypt.co"));
        check("https://www.coindesk.com/markets/x", Some("coindesk.com"));
        check("https://notdecrypt.co/x", None);
        check("https://decrypt.co.example/x", None);
        check("not an address", None);
    }

    #[test]
    fn what_is_broken_is_no_pack() {
        for json in [
            "",
            "{}",
            r#"{"packs":[{"site":"a"}]}"#,
            r#"{"packs":[{"site":"a","version":1,"text":["["],"leave_out":[]}]}"#,
        ] {
            assert!(packs(json).is_none(), "{json}");
        }
    }
}
