//! How a table begins: its columns, what they are taken for, and its first rows as they stand. For a person who decides what
//! the columns mean before anything is read.

use std::io::{BufReader, Read};

use super::columns::{Column, ColumnMap, Positions};
use super::table::Beginning;
use super::{FileProblem, skip_byte_order_mark};

/// Longest text shown of a cell.
const CELL: usize = 64;
/// Columns shown; a table of candles has a dozen.
const COLUMNS: usize = 64;

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileColumn {
    /// Its name in the header; its number, from 1, where there is none.
    pub name: String,
    /// What it is taken for.
    pub meaning: Option<Column>,
}

/// The beginning of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableLook {
    /// Whether the first row names the columns. Only then another meaning can be chosen for them.
    pub has_header: bool,
    /// The columns.
    pub columns: Vec<FileColumn>,
    /// The first rows, a cell for each column.
    pub rows: Vec<Vec<String>>,
    /// What every file of candles needs and no column is taken for.
    pub missing: Vec<Column>,
}

/// Looks at the first `rows` rows of a table. `map` is what the user has chosen so far; `None` for a file of the archives.
///
/// # Errors
/// [`FileProblem::Empty`], [`FileProblem::Read`], and [`FileProblem::NoHeader`] for a choice that the file does not have.
pub fn look(file: impl Read, map: Option<&ColumnMap>, rows: usize) -> Result<TableLook, FileProblem> {
    let mut file = BufReader::new(file);
    skip_byte_order_mark(&mut file)?;
    let mut beginning = Beginning::of(file)?;
    let width = beginning.first.len().min(COLUMNS);
    let places = if beginning.is_header {
        let header: Vec<&str> = beginning.first.iter().collect();
        Positions::found(&header, map.unwrap_or(&ColumnMap::default()))?
    } else {
        beginning.in_order(map.is_none())
    };
    let meaning = |at: usize| {
        Column::ALL
            .into_iter()
            .find(|column| places.of(*column) == Some(at))
    };
    let name = |at: usize| match beginning.first.get(at) {
        Some(text) if beginning.is_header => cut(text),
        _ => (at + 1).to_string(),
    };
    let columns = (0..width)
        .map(|at| FileColumn {
            name: name(at),
            meaning: meaning(at),
        })
        .collect();
    let missing = Column::ALL
        .into_iter()
        .take(Column::REQUIRED)
        .filter(|column| places.of(*column).is_none_or(|at| at >= width))
        .collect();
    let cells = |record: &::csv::StringRecord| -> Vec<String> {
        (0..width)
            .map(|at| cut(record.get(at).unwrap_or_default()))
            .collect()
    };
    let mut shown = Vec::with_capacity(rows);
    if !beginning.is_header {
        shown.push(cells(&beginning.first));
    }
    let mut record = ::csv::StringRecord::new();
    while shown.len() < rows {
        match beginning.records.read_record(&mut record) {
            Ok(true) => shown.push(cells(&record)),
            Ok(false) => break,
            Err(error) if error.is_io_error() => return Err(FileProblem::Read(error.into())),
            // A row that is no text is told when the file is read; here the next ones are shown.
            Err(_) => shown.push(vec![String::new(); width]),
        }
    }
    Ok(TableLook {
        has_header: beginning.is_header,
        columns,
        rows: shown,
        missing,
    })
}

fn cut(text: &str) -> String {
    text.chars().take(CELL).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(look: &TableLook) -> Vec<Option<&'static str>> {
        look.columns
            .iter()
            .map(|column| column.meaning.map(Column::as_str))
            .collect()
    }

    #[test]
    fn columns_are_told_with_and_without_a_header() {
        let named = "Date;Open;High;Low;Close;Note;Vol\n2024-01-01;1;2;0.5;1.5;calm;9\n";
        let seen = look(named.as_bytes(), Some(&ColumnMap::default()), 8).unwrap();
        assert!(seen.has_header && seen.missing.is_empty());
        assert_eq!(
            meanings(&seen),
            [
                Some("open_time"),
                Some("open"),
                Some("high"),
                Some("low"),
                Some("close"),
                None,
                Some("volume")
            ]
        );
        assert_eq!(seen.rows, [["2024-01-01", "1", "2", "0.5", "1.5", "calm", "9"]]);

        let bare = "1704067200000,1,2,0.5,1.5,9\n1704070800000,1,2,0.5,1.5,9\n1704074400000,1,2,0.5,1.5,9\n";
        let seen = look(bare.as_bytes(), Some(&ColumnMap::default()), 2).unwrap();
        assert!(!seen.has_header && seen.missing.is_empty());
        assert_eq!((seen.rows.len(), seen.columns[5].name.as_str()), (2, "6"));
        assert_eq!(meanings(&seen)[5], Some("volume"));
    }

    #[test]
    fn what_is_missing_is_told_and_can_be_chosen() {
        let odd = "when,first,top,bottom,last,amount\n2024-01-01,1,2,0.5,1.5,9\n";
        let seen = look(odd.as_bytes(), Some(&ColumnMap::default()), 8).unwrap();
        let missing: Vec<_> = seen.missing.iter().map(|column| column.as_str()).collect();
        assert_eq!(missing, ["open_time", "open", "high", "low", "volume"]);
        let pairs = [
            ("open_time", "when"),
            ("open", "first"),
            ("high", "top"),
            ("low", "bottom"),
            ("volume", "amount"),
        ];
        let seen = look(odd.as_bytes(), Some(&ColumnMap::new(pairs).unwrap()), 8).unwrap();
        assert_eq!(seen.missing, []);
        let wrong = ColumnMap::new([("open", "nowhere")]).unwrap();
        assert!(matches!(
            look(odd.as_bytes(), Some(&wrong), 8),
            Err(FileProblem::NoHeader { .. })
        ));
        assert!(matches!(look(&b""[..], None, 8), Err(FileProblem::Empty)));
    }
}
