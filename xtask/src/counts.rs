//! Reads how many tests passed, failed and were ignored out of what cargo, Node and Vitest print.

/// Tests of one step, added up over all the programs it ran.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
}

impl Counts {
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// Adds up every result line in `log`.
pub fn count(log: &str) -> Counts {
    let mut sum = Counts::default();
    for raw in log.lines() {
        let plain = without_colour(raw);
        let line = plain.trim();
        if let Some(rest) = line.strip_prefix("test result: ") {
            // cargo: `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; ...`
            sum.passed += before(rest, " passed");
            sum.failed += before(rest, " failed");
            sum.ignored += before(rest, " ignored");
        } else if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
            // node --test: `# pass 3` (tap) or `ℹ pass 3` (spec)
            match rest.split_once(' ') {
                Some(("pass", number)) => sum.passed += number.parse().unwrap_or(0),
                Some(("fail" | "cancelled", number)) => sum.failed += number.parse().unwrap_or(0),
                Some(("skipped" | "todo", number)) => sum.ignored += number.parse().unwrap_or(0),
                _ => {}
            }
        } else if let Some(rest) = line.strip_prefix("Tests ") {
            // vitest: `Tests  1 failed | 12 passed | 2 skipped (15)`
            sum.passed += before(rest, " passed");
            sum.failed += before(rest, " failed");
            sum.ignored += before(rest, " skipped") + before(rest, " todo");
        }
    }
    sum
}

/// The number that stands right before `label`, 0 when there is none.
fn before(text: &str, label: &str) -> u64 {
    let Some((head, _)) = text.split_once(label) else {
        return 0;
    };
    let digits = head
        .rsplit(|letter: char| !letter.is_ascii_digit())
        .next()
        .unwrap_or_default();
    digits.parse().unwrap_or(0)
}

/// Drops the escape sequences of coloured output.
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            for skipped in letters.by_ref() {
                if skipped.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(log: &str, passed: u64, failed: u64, ignored: u64) {
        assert_eq!(
            count(log),
            Counts {
                passed,
                failed,
                ignored
            },
            "{log}"
        );
    }

    #[test]
    fn result_lines_of_every_runner_are_added_up() {
        check("", 0, 0, 0);
        check(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.1s",
            12,
            0,
            1,
        );
        check(
            "test result: FAILED. 2 passed; 3 failed; 0 ignored\ntest result: ok. 1 passed; 0 failed; 0 ignored",
            3,
            3,
            0,
        );
        check(
            "# tests 4\n# suites 0\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0",
            3,
            1,
            0,
        );
        check(
            "ℹ tests 2\nℹ pass 2\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0",
            2,
            0,
            0,
        );
        check(
            " Test Files  1 failed | 2 passed (3)\n      Tests  1 failed | 12 passed | 2 skipped (15)",
            12,
            1,
            2,
        );
        check(
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m7 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (7)\u{1b}[39m",
            7,
            0,
            0,
        );
        check("test foo ... ok\n# a heading\nTests are described here", 0, 0, 0);
    }
}
