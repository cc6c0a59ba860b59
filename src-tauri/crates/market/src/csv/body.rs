//! What is read of a file on disk: the file itself, or the one inside of it when it is a zip archive.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};

use super::FileProblem;
use crate::zipped::Zipped;

/// How every zip archive with something in it begins.
const ZIP: [u8; 4] = *b"PK\x03\x04";
/// Longest table inside of an archive: twice a month of seconds.
const LONGEST: u64 = 1 << 30;

/// The bytes of a candle file. Archives of the exchange are read as they were downloaded.
#[derive(Debug)]
pub struct FileBody(Kind);

#[derive(Debug)]
enum Kind {
    Plain(File),
    Zipped(Zipped<File>),
}

impl FileBody {
    /// Looks at how a file begins. Its name does not matter.
    ///
    /// # Errors
    /// [`FileProblem::Read`] when it cannot be read, [`FileProblem::Zip`] when it is an archive that gives no file.
    pub fn of(mut file: File) -> Result<Self, FileProblem> {
        let mut beginning = Vec::with_capacity(ZIP.len());
        file.by_ref().take(ZIP.len() as u64).read_to_end(&mut beginning)?;
        file.seek(SeekFrom::Start(0))?;
        if beginning == ZIP {
            Ok(Self(Kind::Zipped(Zipped::open(file, LONGEST)?)))
        } else {
            Ok(Self(Kind::Plain(file)))
        }
    }
}

impl Read for FileBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Plain(file) => file.read(buffer),
            Kind::Zipped(zipped) => zipped.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use promptpal_domain::Interval;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::{CandleFile, ReadOptions};

    const ROWS: &str =
        "time,open,high,low,close,volume\n2024-03-01,1,2,0.5,1.5,3\n2024-03-02,1,2,0.5,1.5,3\n";

    fn on_disk(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file
    }

    fn zipped(names: &[&str]) -> Vec<u8> {
        let mut writer = ZipWriter::new(io::Cursor::new(Vec::new()));
        for name in names {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(ROWS.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Candles and refused rows of a file, or why it cannot be read.
    fn read(bytes: &[u8]) -> Result<(u64, u64, bool), String> {
        let told = |error: FileProblem| error.to_string();
        let body = FileBody::of(on_disk(bytes)).map_err(told)?;
        let mut file = CandleFile::open(body, ReadOptions::csv(Interval::Day1)).map_err(told)?;
        file.by_ref().for_each(drop);
        let report = file.report();
        Ok((report.candles, report.rejected, report.broken_off))
    }

    #[test]
    fn files_are_read_zipped_or_not() {
        assert_eq!(read(ROWS.as_bytes()), Ok((2, 0, false)));
        assert_eq!(read(&zipped(&["x.csv"])), Ok((2, 0, false)));
        assert_eq!(
            read(b"PK"),
            Err("no column for open_time among: PK. Name it with --map open_time=<header>".to_owned())
        );
        assert_eq!(read(b""), Err("the file is empty".to_owned()));
        assert_eq!(
            read(&zipped(&["x.csv", "y.csv"])),
            Err("the archive holds 2 files instead of one".to_owned())
        );
        let whole = zipped(&["x.csv"]);
        assert!(
            read(&whole[..60])
                .unwrap_err()
                .contains("not a whole zip archive")
        );
        // A stored sum that does not match shows at the end, after the rows: the file counts as broken off.
        let mut changed = whole;
        let directory = changed
            .windows(4)
            .position(|bytes| bytes == b"PK\x01\x02")
            .unwrap();
        changed[directory + 16] ^= 1;
        assert_eq!(read(&changed), Ok((2, 1, true)));
    }
}
