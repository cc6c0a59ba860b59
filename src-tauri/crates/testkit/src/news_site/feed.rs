//! The site's feeds as documents.

use super::article::{SiteArticle, escaped};
use super::{Guids, NewsSiteOptions};

/// RFC 822 date of an RFC 3339 one; as it stands when it cannot be read, so that a test can put a broken date into a feed.
pub(super) fn rfc_822(date: &str) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let Ok(at) = date.parse::<promptpal_domain::Timestamp>() else {
        return date.to_owned();
    };
    let day = DAYS[usize::try_from(at.seconds().div_euclid(86_400).rem_euclid(7)).unwrap()];
    let utc = promptpal_domain::Timestamp::from_millis(at.seconds() * 1000).to_string();
    let (year, month, of_month, time) = (&utc[0..4], &utc[5..7], &utc[8..10], &utc[11..19]);
    format!(
        "{day}, {of_month} {} {year} {time} GMT",
        MONTHS[month.parse::<usize>().unwrap() - 1]
    )
}

/// RSS 2.0, newest first.
pub(super) fn rss(base_url: &str, articles: &[SiteArticle], options: &NewsSiteOptions) -> String {
    let ttl = options
        .ttl_minutes
        .map(|minutes| format!("<ttl>{minutes}</ttl>"))
        .unwrap_or_default();
    let newest: Vec<&SiteArticle> = articles.iter().rev().take(options.listed).collect();
    let items: Vec<String> = newest
        .iter()
        .enumerate()
        .map(|(place, article)| {
            let guid = match options.guids {
                Guids::Own => format!("sample-{}", article.slug),
                Guids::Flipped => {
                    let other = newest[(place + articles.len()) % newest.len()];
                    format!("sample-{}", other.slug)
                }
                Guids::Places => (place + 1).to_string(),
            };
            format!(
                "<item><title>{}</title><link>{base_url}/articles/{}?utm_source=rss&amp;utm_medium=feed</link>\
                 <guid isPermaLink=\"false\">{guid}</guid><pubDate>{}</pubDate>\
                 <dc:creator>{}</dc:creator><description>{}</description></item>",
                escaped(&article.title),
                article.slug,
                rfc_822(&article.published),
                escaped(&article.author),
                escaped(&format!("<p>{}</p>", escaped(article.summary()))),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel><title>Sample Ledger</title><link>{base_url}/</link><description>News from nowhere</description>{ttl}{}</channel></rss>",
        items.join("\n")
    )
}

/// Atom 1.0, newest first.
pub(super) fn atom(base_url: &str, articles: &[SiteArticle], options: &NewsSiteOptions) -> String {
    let entries: Vec<String> = articles
        .iter()
        .rev()
        .take(options.listed)
        .map(|article| {
            format!(
                "<entry><title type=\"text\">{}</title><id>tag:sample.example,2025:{}</id>\
                 <link rel=\"alternate\" href=\"{base_url}/articles/{}\"/><published>{published}</published>\
                 <updated>{published}</updated><author><name>{}</name></author><summary type=\"text\">{}</summary></entry>",
                escaped(&article.title),
                article.slug,
                article.slug,
                escaped(&article.author),
                escaped(article.summary()),
                published = escaped(&article.published),
            )
        })
        .collect();
    let updated = articles
        .last()
        .map_or("2025-01-01T00:00:00Z", |article| article.published.as_str());
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Sample Chain Weekly</title>\
         <id>tag:sample.example,2025:feed</id><link rel=\"self\" href=\"{base_url}/atom.xml\"/><updated>{}</updated>{}</feed>",
        escaped(updated),
        entries.join("\n")
    )
}

/// A sitemap of news, oldest first.
pub(super) fn sitemap(base_url: &str, articles: &[SiteArticle]) -> String {
    let entries: String = articles
        .iter()
        .map(|article| {
            format!(
                "<url><loc>{base_url}/articles/{}</loc><news:news><news:publication_date>{}</news:publication_date>\
                 <news:title>{}</news:title></news:news></url>",
                article.slug,
                escaped(&article.published),
                escaped(&article.title),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{entries}</urlset>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_feed_dates() {
        assert_eq!(rfc_822("2025-01-06T08:30:00Z"), "Mon, 06 Jan 2025 08:30:00 GMT");
        assert_eq!(
            rfc_822("2025-06-01T00:30:00+02:00"),
            "Sat, 31 May 2025 22:30:00 GMT"
        );
        assert_eq!(rfc_822("whenever"), "whenever");
    }
}
