//! What a job is doing and what it counts: as codes, which the window says in the person's language, and in English for everybody else.

use std::fmt;

/// What a job is doing now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phase {
    /// Which part of its work; none before it has begun.
    pub step: Option<Step>,
    /// What that part is about, such as `BTCUSDT 1h`: as many as the step has places for.
    pub of: Vec<String>,
}

/// A part of a job's work. What stands after a colon is said with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Asking a venue for a symbol: its name.
    LookingUp,
    /// History from a venue: the series.
    Fetching,
    /// History from a venue's archives: the series.
    ReadingArchives,
    /// Stored candles against the venue's: the series.
    CheckingCandles,
    /// Candles or labelled texts from a file: its name.
    ReadingFile,
    /// Candles from the store: the series.
    ReadingSeries,
    /// Candles to a file: the series.
    WritingSeries,
    /// The feeds of the sources.
    ReadingFeeds,
    /// The sitemaps of the sources, for what was published before.
    ReadingSitemaps,
    /// The pages of articles.
    FetchingArticles,
    /// Articles that wait for their score.
    ScoringArticles,
    /// Texts of an evaluation.
    ScoringTexts,
    /// The list of a model's files.
    AskingHub,
    /// A model's files.
    Downloading,
    /// The same, when they are there.
    CheckingFiles,
    /// A backtest or a sweep: the strategy, and the series that it runs on.
    Testing,
    /// The articles of the sample.
    WritingSampleNews,
    /// The prices of the sample.
    Simulating,
    /// The same, into the store.
    StoringSample,
}

/// What a job counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Candles of a series.
    #[default]
    Candles,
    /// Bars that are tested on.
    Bars,
    /// Runs of a sweep.
    Runs,
    /// Sources of news.
    Sources,
    /// Articles.
    Articles,
    /// Texts of an evaluation.
    Texts,
    /// Bytes of files.
    Bytes,
}

impl Step {
    /// With what it is about.
    #[must_use]
    pub fn of(self, things: impl IntoIterator<Item = impl fmt::Display>) -> Phase {
        Phase {
            step: Some(self),
            of: things.into_iter().map(|thing| thing.to_string()).collect(),
        }
    }
}

impl From<Step> for Phase {
    fn from(step: Step) -> Self {
        Self {
            step: Some(step),
            of: Vec::new(),
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(step) = self.step else { return Ok(()) };
        let words = match step {
            Step::LookingUp => "Looking up",
            Step::Fetching => "Fetching",
            Step::ReadingArchives => "Reading archives of",
            Step::CheckingCandles => "Checking",
            Step::ReadingFile | Step::ReadingSeries => "Reading",
            Step::WritingSeries => "Writing",
            Step::ReadingFeeds => "Reading feeds",
            Step::ReadingSitemaps => "Reading sitemaps",
            Step::FetchingArticles => "Fetching articles",
            Step::ScoringArticles => "Scoring articles",
            Step::ScoringTexts => "Scoring texts",
            Step::AskingHub => "Asking the hub",
            Step::Downloading => "Downloading",
            Step::CheckingFiles => "Checking the files",
            Step::Testing => "Testing",
            Step::WritingSampleNews => "Writing the sample's news",
            Step::Simulating => "Simulating a market",
            Step::StoringSample => "Storing the sample's candles",
        };
        f.write_str(words)?;
        for (index, thing) in self.of.iter().enumerate() {
            f.write_str(if index == 0 { " " } else { " on " })?;
            f.write_str(thing)?;
        }
        Ok(())
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Candles => "candles",
            Self::Bars => "bars",
            Self::Runs => "runs",
            Self::Sources => "sources",
            Self::Articles => "articles",
            Self::Texts => "texts",
            Self::Bytes => "bytes",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_is_said_with_what_it_is_about() {
        assert_eq!(Phase::default().to_string(), "");
        assert_eq!(Phase::from(Step::Downloading).to_string(), "Downloading");
        assert_eq!(
            Step::Fetching.of(["BTCUSDT 1h"]).to_string(),
            "Fetching BTCUSDT 1h"
        );
        let testing = Step::Testing.of(["sma-cross", "binance BTCUSDT 1h"]);
        assert_eq!(testing.to_string(), "Testing sma-cross on binance BTCUSDT 1h");
    }
}
