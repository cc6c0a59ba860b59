//! What the classes and ids of elements say about what stands in them.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Kinds that names are told apart into.
pub(in crate::extract) const KINDS: usize = 6;

/// Parts of names, and which kind they tell: what people say below an article, ways to other pages, what asks for something,
/// facts about an article, the frame of a page, and its main text.
const PARTS: [&[&str]; KINDS] = [
    &[
        "comment",
        "kommentar",
        "disqus",
        "respond",
        "reply",
        "discussion",
        "feedback",
        "forum",
    ],
    &[
        "relat",
        "recommend",
        "more-",
        "-more",
        "more_",
        "readmore",
        "trending",
        "popular",
        "teaser",
        "promo",
        "next",
        "prev",
        "carousel",
        "slider",
        "outbrain",
        "taboola",
        "sponsor",
        "advert",
        "banner",
        "-ad-",
        "ad-",
        "ads",
        "widget",
        "rail",
        "sidebar",
        "side-",
        "latest",
        "similar",
        "suggest",
        "see-also",
        "seealso",
        "also",
        "most-",
        "toplist",
        "card",
        "partner",
        "zergnet",
        "mehr",
        "associat",
        "inline-link",
        "crosslink",
        "hub",
        "list",
    ],
    &[
        "newsletter",
        "subscri",
        "signup",
        "sign-up",
        "cookie",
        "consent",
        "gdpr",
        "paywall",
        "login",
        "regist",
        "modal",
        "popup",
        "overlay",
        "donat",
        "support",
        "cta",
        "follow",
        "social",
        "share",
        "sharing",
        "toolbar",
        "tools",
        "print",
        "search",
        "abo-",
        "notice",
        "alert",
        "message",
        "app-",
    ],
    &[
        "byline",
        "author",
        "autor",
        "date",
        "time",
        "meta",
        "caption",
        "credit",
        "copyright",
        "tag",
        "categor",
        "topic",
        "keyword",
        "breadcrumb",
        "bio",
        "profile",
        "source",
        "dateline",
        "disclaim",
        "info",
        "rating",
        "figure",
        "image",
        "photo",
        "foto",
        "picture",
        "gallery",
        "video",
        "media",
        "legend",
        "label",
        "kicker",
        "eyebrow",
    ],
    &[
        "nav",
        "menu",
        "footer",
        "header",
        "masthead",
        "topbar",
        "skip",
        "pagination",
        "pager",
        "logo",
        "bottom",
        "hidden",
        "sr-only",
        "screen-reader",
        "visually",
    ],
    &[
        "article",
        "artikel",
        "content",
        "body",
        "story",
        "entry",
        "post",
        "text",
        "main",
        "paragraph",
        "summary",
        "lead",
        "lede",
        "intro",
        "standfirst",
        "dek",
        "chapo",
        "excerpt",
        "headline",
        "title",
        "prose",
        "rich",
        "wysiwyg",
    ],
];

/// For each kind, whether one of the names (in small letters) tells it.
pub(super) fn kinds(name: &str) -> [bool; KINDS] {
    static FINDER: LazyLock<Option<(AhoCorasick, Vec<u8>)>> = LazyLock::new(|| {
        let parts = PARTS.iter().flat_map(|parts| parts.iter());
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(parts)
            .ok()?;
        let kinds = (0_u8..)
            .zip(PARTS)
            .flat_map(|(kind, parts)| parts.iter().map(move |_| kind));
        Some((finder, kinds.collect()))
    });
    let mut found = [false; KINDS];
    let Some((finder, kinds)) = FINDER.as_ref() else {
        return found;
    };
    for part in finder.find_overlapping_iter(name) {
        let kind = kinds.get(part.pattern().as_usize()).copied().unwrap_or_default();
        if let Some(slot) = found.get_mut(usize::from(kind)) {
            *slot = true;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kinds() {
        let check = |name: &str, expected: &[usize]| {
            let found: Vec<usize> = kinds(name)
                .iter()
                .enumerate()
                .filter(|(_, told)| **told)
                .map(|(kind, _)| kind)
                .collect();
            assert_eq!(found, expected, "{name}");
        };
        check("comment-body", &[0, 5]);
        check("related-stories", &[1]);
        check("newsletter-box", &[2]);
        check("byline__name", &[3]);
        check("site-footer", &[4]);
        check("entry-content", &[5]);
        check("css-1x2y3z", &[]);
        check("", &[]);
    }
}
