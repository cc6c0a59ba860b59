//! Checksums as they are published: `<sha-256 in hexadecimal>  <file name>`.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// Hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;
/// Longest piece of a foreign text that goes into an error.
const QUOTED: usize = 80;

/// A SHA-256 in 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sha256Hex(String);

/// Why a text is no checksum of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChecksumProblem {
    /// Not 64 hexadecimal digits.
    #[error("'{0}' is no SHA-256")]
    Digits(String),
    /// No line of it names the file.
    #[error("it is not the checksum of {wanted} but of '{found}'")]
    Name {
        /// The file that was asked for.
        wanted: String,
        /// What the text names.
        found: String,
    },
}

impl Sha256Hex {
    /// The checksum of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_digest(Sha256::new_with_prefix(bytes))
    }

    pub(crate) fn from_digest(digest: Sha256) -> Self {
        use fmt::Write as _;
        let mut text = String::with_capacity(DIGITS);
        for byte in digest.finalize() {
            // Writing into a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// Its 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Sha256Hex {
    type Err = ChecksumProblem;

    fn from_str(text: &str) -> Result<Self, ChecksumProblem> {
        if text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(ChecksumProblem::Digits(beginning(text)))
        }
    }
}

/// The checksum of the file `name` in a text with a line a file. The name may have the star of binary mode before it.
pub(crate) fn parse(text: &[u8], name: &str) -> Result<Sha256Hex, ChecksumProblem> {
    let text = String::from_utf8_lossy(text);
    let mut other = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (digits, named) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let sum: Sha256Hex = digits.parse()?;
        let named = named.trim();
        let named = named.strip_prefix('*').unwrap_or(named);
        if named == name {
            return Ok(sum);
        }
        other.get_or_insert_with(|| beginning(named));
    }
    match other {
        Some(found) => Err(ChecksumProblem::Name {
            wanted: name.to_owned(),
            found,
        }),
        None => Err(ChecksumProblem::Digits(String::new())),
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(QUOTED).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// SHA-256 of nothing, and of `abc` (FIPS 180-2).
    const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn sums_are_those_of_the_standard() {
        assert_eq!(Sha256Hex::of(b"").as_str(), NOTHING);
        assert_eq!(Sha256Hex::of(b"abc").to_string(), ABC);
        assert_eq!(ABC.to_uppercase().parse(), Ok(Sha256Hex::of(b"abc")));
    }

    #[test]
    fn reads_the_line_of_the_file() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let seen = parse(text.as_bytes(), "B-1m-2024-03.zip").map_err(|error| error.to_string());
            match (seen, expected) {
                (Ok(seen), Ok(expected)) => assert_eq!(seen.as_str(), expected, "{text}"),
                (Err(seen), Err(expected)) => assert!(seen.contains(expected), "{text}: {seen}"),
                (seen, expected) => panic!("{text}: {seen:?}, {expected:?}"),
            }
        };
        check(&format!("{ABC}  B-1m-2024-03.zip\n"), Ok(ABC));
        check(&format!("{ABC} *B-1m-2024-03.zip"), Ok(ABC));
        check(
            &format!("\r\n{}\tB-1m-2024-03.zip\r\n", ABC.to_uppercase()),
            Ok(ABC),
        );
        check(
            &format!("{NOTHING}  other.zip\n{ABC}  B-1m-2024-03.zip\n"),
            Ok(ABC),
        );
        check(
            &format!("{ABC}  B-1m-2024-04.zip\n"),
            Err("of 'B-1m-2024-04.zip'"),
        );
        check(&format!("{ABC}\n"), Err("of ''"));
        check(&format!("{}  B-1m-2024-03.zip", &ABC[1..]), Err("no SHA-256"));
        check(
            "<html><body>404</body></html>",
            Err("'<html><body>404</body></html>' is no SHA-256"),
        );
        check("", Err("no SHA-256"));
    }

    proptest! {
        #[test]
        fn never_panics(text in proptest::collection::vec(any::<u8>(), 0..200), name in "\\PC{0,20}") {
            let _ = parse(&text, &name);
        }

        #[test]
        fn what_is_written_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let sum = Sha256Hex::of(&bytes);
            prop_assert_eq!(parse(format!("{sum}  x.zip\n").as_bytes(), "x.zip"), Ok(sum));
        }
    }
}
