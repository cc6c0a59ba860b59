//! Ledgers, strips and the journal.

use promptpal_app::LedgerView;
use promptpal_app::causes::{PageRow, StripCell};
use promptpal_domain::{CandleSource, Evidence};

use crate::{CandleSourceDto, EvidenceDto, JournalRowDto, LedgerDto, StripCellDto};

impl From<CandleSource> for CandleSourceDto {
    fn from(source: CandleSource) -> Self {
        match source {
            CandleSource::Rest => Self::Rest,
            CandleSource::Archive => Self::Archive,
            CandleSource::Live => Self::Live,
            CandleSource::Import => Self::Import,
            CandleSource::Simulation => Self::Simulation,
        }
    }
}

impl From<Evidence> for EvidenceDto {
    fn from(evidence: Evidence) -> Self {
        Self {
            source: evidence.source.into(),
            name: evidence.name,
            first_asked: evidence.first_asked.into(),
            last_asked: evidence.last_asked.into(),
            times: evidence.times,
        }
    }
}

impl From<StripCell> for StripCellDto {
    fn from(cell: StripCell) -> Self {
        Self {
            from: cell.span.from().into(),
            to: cell.span.to().into(),
            present: cell.present,
            absent: cell.absent,
            pending: cell.pending,
        }
    }
}

impl From<PageRow> for JournalRowDto {
    fn from(page: PageRow) -> Self {
        Self {
            id: page.id,
            source: page.source.into(),
            name: page.name,
            from: page.span.from().into(),
            to: page.span.to().into(),
            rows: page.rows,
            inserted: page.inserted,
            corrected: page.corrected,
            at: page.at.into(),
        }
    }
}

impl From<LedgerView> for LedgerDto {
    fn from(ledger: LedgerView) -> Self {
        let sum = |count: fn(&StripCell) -> u64| ledger.strip.iter().map(count).sum();
        Self {
            present: sum(|cell| cell.present),
            absent: sum(|cell| cell.absent),
            pending: sum(|cell| cell.pending),
            from: ledger.span.map(|span| span.from().into()),
            to: ledger.span.map(|span| span.to().into()),
            bytes: ledger.bytes,
            corrections: ledger.corrections,
            wanted_from: ledger.wanted.map(|span| span.from().into()),
            wanted_to: ledger.wanted.map(|span| span.to().into()),
            strip: ledger.strip.into_iter().map(Into::into).collect(),
            journal: ledger.journal.into_iter().map(Into::into).collect(),
        }
    }
}
