use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// An archive of these files.
fn packed(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, body) in files {
        if name.ends_with('/') {
            writer.add_directory(*name, options).unwrap();
        } else {
            writer.start_file(*name, options).unwrap();
            writer.write_all(body).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

fn read(archive: &[u8], limit: u64) -> Result<(String, Vec<u8>), String> {
    let mut zipped = Zipped::open(Cursor::new(archive), limit).map_err(|error| error.to_string())?;
    let mut body = Vec::new();
    zipped.read_to_end(&mut body).map_err(|error| error.to_string())?;
    assert_eq!(zipped.read(&mut [0; 8]).unwrap(), 0, "the end stays the end");
    Ok((zipped.name().to_owned(), body))
}

#[test]
fn the_only_file_comes_out_whole() {
    let rows = b"1637971200000,1,2,0.5,1.5,3\n".repeat(1000);
    for method in [CompressionMethod::Deflated, CompressionMethod::Stored] {
        let archive = packed(&[("a/", b""), ("a/x.csv", &rows)], method);
        assert_eq!(
            read(&archive, 1 << 20).unwrap(),
            ("a/x.csv".to_owned(), rows.clone())
        );
    }
    let empty = packed(&[("x.csv", b"")], CompressionMethod::Deflated);
    assert_eq!(read(&empty, 10).unwrap().1, b"");
}

#[test]
fn what_is_no_single_file_is_refused() {
    let check = |archive: &[u8], limit: u64, expected: &str| {
        let error = read(archive, limit).unwrap_err();
        assert!(error.contains(expected), "{expected}: {error}");
    };
    let deflated = CompressionMethod::Deflated;
    let one = packed(&[("x.csv", b"1,2,3\n")], deflated);
    check(b"", 100, "not a whole zip archive");
    check(b"<html>no archive</html>", 100, "not a whole zip archive");
    check(&one[..one.len() / 2], 100, "not a whole zip archive");
    check(&packed(&[], deflated), 100, "0 files");
    check(&packed(&[("x", b"1"), ("y", b"2")], deflated), 100, "2 files");
    check(&one, 5, "6 bytes, more than the 5");
    // Four megabytes of nothing in four kilobytes.
    let bomb = packed(&[("x.csv", &vec![b'0'; 4 << 20])], deflated);
    assert!(bomb.len() < 8 << 10);
    check(&bomb, 1 << 30, "4194304 bytes, more than");
}

#[test]
fn lies_about_size_and_content_are_noticed() {
    let rows = b"1637971200000,1,2,0.5,1.5,3\n".repeat(50);
    let good = packed(&[("x.csv", &rows)], CompressionMethod::Stored);
    // A changed byte of the body, which lies behind the local header of 30 bytes and the name.
    let mut changed = good.clone();
    changed[60] ^= 1;
    assert!(read(&changed, 1 << 20).unwrap_err().contains("CRC-32"));
    // The directory's size field lies 24 bytes into its entry.
    let directory = good.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    let with_size = |size: u32| {
        let mut lying = good.clone();
        lying[directory + 24..directory + 28].copy_from_slice(&size.to_le_bytes());
        read(&lying, 1 << 20)
    };
    assert!(with_size(10).unwrap_err().contains("more than the 10 bytes"));
    assert!(with_size(4000).unwrap_err().contains("ends after 1400 of 4000"));
    assert_eq!(with_size(1400).unwrap().1, rows);
}

proptest! {
    #[test]
    fn damaged_archives_never_panic_and_never_give_other_bytes(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
        keep in any::<bool>(),
    ) {
        let rows = b"1637971200000,1,2,0.5,1.5,3\n".repeat(20);
        let mut archive = packed(&[("x.csv", &rows)], CompressionMethod::Deflated);
        for (at, byte) in edits {
            let at = at.index(archive.len());
            archive[at] = byte;
        }
        if !keep {
            archive.truncate(cut.index(archive.len()));
        }
        if let Ok((_, body)) = read(&archive, 1 << 20) {
            // An edit may hit the stored sum and the size alike only when nothing of the file is claimed at all.
            prop_assert!(body == rows || body.is_empty());
        }
    }
}
