//! Lists of which a venue may change a row without notice.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// The rows that can be read. One that cannot, of thousands, must not take the others with it.
pub(crate) fn rows<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Row<T> {
        Readable(T),
        Other(IgnoredAny),
    }
    let rows = Option::<Vec<Row<T>>>::deserialize(deserializer)?.unwrap_or_default();
    let count = rows.len();
    let readable: Vec<T> = rows
        .into_iter()
        .filter_map(|row| match row {
            Row::Readable(row) => Some(row),
            Row::Other(_) => None,
        })
        .collect();
    if readable.len() < count {
        tracing::warn!(
            left_out = count - readable.len(),
            "rows of the exchange's list cannot be read"
        );
    }
    Ok(readable)
}
