//! Lists for statements that work on many rows: SQLite takes them apart with `json_each`.

/// A JSON list of what `item` writes for each.
pub(crate) fn json_of<T>(
    items: impl IntoIterator<Item = T>,
    item: impl Fn(&mut String, T) -> std::fmt::Result,
) -> String {
    let mut json = String::from("[");
    for one in items {
        if json.len() > 1 {
            json.push(',');
        }
        // Writing to a string does not fail.
        let _ = item(&mut json, one);
    }
    json.push(']');
    json
}
