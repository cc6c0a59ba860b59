//! Files of texts that people have labelled: CSV with a header.

use std::collections::BTreeSet;
use std::io::Read;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Label;

/// Headers that mean the text, and those that mean the label, in small letters.
const TEXT_HEADERS: [&str; 5] = ["text", "sentence", "headline", "title", "tweet"];
const LABEL_HEADERS: [&str; 5] = ["label", "sentiment", "polarity", "class", "target"];

/// Labels that are shown in an error.
const SHOWN: usize = 12;

/// A text and what people said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledText {
    /// The text.
    pub text: String,
    /// Its label.
    pub label: Label,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledFile {
    /// The texts, in the order of the file.
    pub texts: Vec<LabelledText>,
    /// Rows without a text or a label, or that are no CSV.
    pub refused: Vec<RefusedRow>,
}

/// What the labels of a file mean, where they are not words: `0=negative,1=positive,2=neutral`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelNames(Vec<(String, Label)>);

/// Why a file of labelled texts cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LabelledFileError {
    /// The disk.
    #[error("the file cannot be read")]
    Read(#[source] csv::Error),
    /// The header has no such column.
    #[error("no column for the {column} among: {}. Name it with --{column} <header>", found.join(", "))]
    NoColumn {
        /// `text` or `label`.
        column: &'static str,
        /// The header's names.
        found: Vec<String>,
    },
    /// The labels are no words that say what they mean.
    #[error(
        "the labels are {}: say what they mean with --labels, such as --labels 0=negative,1=positive,2=neutral",
        found.join(", ")
    )]
    UnknownLabels {
        /// The labels, some of them where there are many.
        found: Vec<String>,
    },
    /// Rows there are, but none with a text and a label.
    #[error("the file has no labelled text")]
    Empty,
}

/// What is wrong with a list of label names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' says no label: write LABEL=negative, LABEL=neutral or LABEL=positive")]
pub struct LabelNameError(String);

impl FromStr for LabelNames {
    type Err = LabelNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let names = text.split(',').map(|pair| {
            let (name, label) = pair.split_once('=')?;
            let name = name.trim().to_lowercase();
            (!name.is_empty()).then_some((name, word(&label.trim().to_lowercase())?))
        });
        let names: Option<Vec<(String, Label)>> = names.collect();
        Ok(Self(names.ok_or_else(|| LabelNameError(text.to_owned()))?))
    }
}

impl LabelledFile {
    /// Reads a file. Columns are found by their names unless they are told. Labels may be words (`negative`, `bearish`, ...), or
    /// -1, 0 and 1; what else they are, `names` must tell.
    ///
    /// # Errors
    /// [`LabelledFileError`]. A row that is no text with a label is no error but a [`RefusedRow`].
    pub fn read(
        from: impl Read,
        text_column: Option<&str>,
        label_column: Option<&str>,
        names: &LabelNames,
    ) -> Result<Self, LabelledFileError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(from);
        let header = reader.headers().map_err(LabelledFileError::Read)?.clone();
        let text_at = column(&header, "text", text_column, &TEXT_HEADERS)?;
        let label_at = column(&header, "label", label_column, &LABEL_HEADERS)?;
        let (mut rows, mut refused) = (Vec::new(), Vec::new());
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) if error.is_io_error() => return Err(LabelledFileError::Read(error)),
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let reason = error.to_string();
                    refused.push(RefusedRow { line, reason });
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let field = |at: usize| record.get(at).map(str::trim).filter(|field| !field.is_empty());
            match (field(text_at), field(label_at)) {
                (Some(text), Some(label)) => rows.push((line, text.to_owned(), label.to_lowercase())),
                (None, _) => refused.push(RefusedRow {
                    line,
                    reason: "it has no text".to_owned(),
                }),
                (_, None) => refused.push(RefusedRow {
                    line,
                    reason: "it has no label".to_owned(),
                }),
            }
        }
        let distinct: BTreeSet<&str> = rows.iter().map(|(.., label)| label.as_str()).collect();
        let read = meanings(&distinct, names)?;
        let mut texts = Vec::with_capacity(rows.len());
        for (line, text, label) in rows {
            match read(&label) {
                Some(label) => texts.push(LabelledText { text, label }),
                None => refused.push(RefusedRow {
                    line,
                    reason: format!("'{label}' is no label"),
                }),
            }
        }
        if texts.is_empty() {
            return Err(LabelledFileError::Empty);
        }
        refused.sort_by_key(|row| row.line);
        Ok(Self { texts, refused })
    }
}

/// How the labels of a file, which has these, are to be read.
fn meanings(
    distinct: &BTreeSet<&str>,
    LabelNames(names): &LabelNames,
) -> Result<impl Fn(&str) -> Option<Label> + use<>, LabelledFileError> {
    let signs = distinct.contains("-1");
    let names = names.clone();
    let read = move |label: &str| {
        let named = names.iter().find(|(name, _)| name == label);
        match named {
            Some((_, label)) => Some(*label),
            // With names given, whatever has none is no label.
            None if !names.is_empty() => None,
            None => word(label).or_else(|| signs.then(|| sign(label))?),
        }
    };
    // A single label that cannot be read is that row's fault; when most are, what they mean is not known.
    let unread = distinct.iter().filter(|label| read(label).is_none()).count();
    if unread > 0 && unread * 2 >= distinct.len() {
        let found = distinct
            .iter()
            .take(SHOWN)
            .map(|&label| label.to_owned())
            .collect();
        return Err(LabelledFileError::UnknownLabels { found });
    }
    Ok(read)
}

fn word(label: &str) -> Option<Label> {
    Some(match label {
        "negative" | "neg" | "bearish" => Label::Negative,
        "neutral" | "neu" | "mixed" => Label::Neutral,
        "positive" | "pos" | "bullish" => Label::Positive,
        _ => return None,
    })
}

fn sign(label: &str) -> Option<Label> {
    Some(match label {
        "-1" => Label::Negative,
        "0" => Label::Neutral,
        "1" | "+1" => Label::Positive,
        _ => return None,
    })
}

fn column(
    header: &csv::StringRecord,
    column: &'static str,
    told: Option<&str>,
    usual: &[&str],
) -> Result<usize, LabelledFileError> {
    let clean = |name: &str| name.trim_start_matches('\u{feff}').trim().to_lowercase();
    let place = |wanted: &str| header.iter().position(|name| clean(name) == wanted);
    let found = match told {
        Some(told) => place(&clean(told)),
        None => usual.iter().find_map(|usual| place(usual)),
    };
    found.ok_or_else(|| LabelledFileError::NoColumn {
        column,
        found: header.iter().map(ToOwned::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, names: &str) -> Result<LabelledFile, LabelledFileError> {
        let names = if names.is_empty() {
            LabelNames::default()
        } else {
            names.parse().unwrap()
        };
        LabelledFile::read(text.as_bytes(), None, None, &names)
    }

    fn labels(file: &LabelledFile) -> Vec<Label> {
        file.texts.iter().map(|text| text.label).collect()
    }

    #[test]
    fn words_signs_and_named_numbers_are_labels() {
        use Label::{Negative as N, Neutral as U, Positive as P};
        let words = read(
            "\u{feff}Headline,Sentiment\n\"Up, up\",Positive\nDown,bearish\nSame,neutral\n",
            "",
        )
        .unwrap();
        assert_eq!(labels(&words), [P, N, U]);
        assert_eq!(words.texts[0].text, "Up, up");
        let signs = read("id,text,label\n1,a,-1\n2,b,0\n3,c,1\n", "").unwrap();
        assert_eq!(labels(&signs), [N, U, P]);
        let numbers = read("text,label\na,0\nb,1\nc,2\n", "0=negative,1=positive,2=neutral").unwrap();
        assert_eq!(labels(&numbers), [N, P, U]);
    }

    #[test]
    fn what_labels_mean_is_never_guessed() {
        let error = read("text,label\na,0\nb,1\nc,2\n", "").unwrap_err();
        assert!(matches!(&error, LabelledFileError::UnknownLabels { found } if found.len() == 3));
        assert!(error.to_string().contains("--labels"));
        assert!(matches!(
            read("text,stars\na,0\n", ""),
            Err(LabelledFileError::NoColumn { column: "label", .. })
        ));
        assert!(matches!(read("text,label\n", ""), Err(LabelledFileError::Empty)));
        for wrong in ["0", "0=good", "=positive", "0=negative;1=positive"] {
            assert!(wrong.parse::<LabelNames>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_row_that_is_none_is_told_and_left_out() {
        let file = read(
            "text,label\na,positive\n,negative\nc\nd,negative\ne,wonderful\n",
            "",
        )
        .unwrap();
        assert_eq!(labels(&file), [Label::Positive, Label::Negative]);
        let told: Vec<(u64, &str)> = file
            .refused
            .iter()
            .map(|row| (row.line, row.reason.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (3, "it has no text"),
                (4, "it has no label"),
                (6, "'wonderful' is no label")
            ]
        );
    }

    #[test]
    fn columns_can_be_named() {
        let names = LabelNames::default();
        let text = "title,body,label,mood\na,b,x,positive\n";
        let file = LabelledFile::read(text.as_bytes(), Some("Body"), Some("mood"), &names).unwrap();
        assert_eq!(file.texts[0].text, "b");
        let error = LabelledFile::read(text.as_bytes(), Some("gone"), None, &names).unwrap_err();
        assert!(error.to_string().contains("title, body, label, mood"), "{error}");
    }

    proptest! {
        #[test]
        fn no_file_is_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let file = [b"text,label\n".as_slice(), &bytes].concat();
            if let Ok(file) = LabelledFile::read(file.as_slice(), None, None, &LabelNames::default()) {
                prop_assert!(!file.texts.is_empty());
            }
        }
    }
}
