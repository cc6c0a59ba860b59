//! Which parts work, which are missing, and what to do about it. Asks nobody on the network.

use promptpal_account::SessionState;
use serde::Serialize;

use crate::{App, AppError, SessionView};

/// One part of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartCheck {
    /// Which.
    pub part: &'static str,
    /// Whether it works.
    pub ok: bool,
    /// Whether the program's main job needs it.
    pub needed: bool,
    /// What was found.
    pub detail: String,
    /// What to do.
    pub advice: Option<String>,
}

impl App {
    /// Looks at every part.
    pub async fn diagnose(&self) -> Vec<PartCheck> {
        let mut checks = vec![self.check_store().await, self.check_model()];
        checks.push(self.check_worker().await);
        checks.push(self.check_session());
        checks
    }

    async fn check_store(&self) -> PartCheck {
        let detail = self.paths().database.display().to_string();
        match self.store().integrity_check().await {
            Ok(()) => PartCheck {
                part: "database",
                ok: true,
                needed: true,
                detail,
                advice: None,
            },
            Err(error) => failed("database", true, &error.into()),
        }
    }

    fn check_model(&self) -> PartCheck {
        match self.model() {
            Ok(model) => PartCheck {
                part: "sentiment model",
                ok: true,
                needed: true,
                detail: model.id,
                advice: None,
            },
            Err(error) => failed("sentiment model", true, &error),
        }
    }

    /// Starts the worker and scores one text.
    async fn check_worker(&self) -> PartCheck {
        let texts = vec!["Bitcoin rises to a record as demand grows".to_owned()];
        match self.score_texts(texts, &self.inner.stop).await {
            Ok(_) => PartCheck {
                part: "scoring worker",
                ok: true,
                needed: true,
                detail: "scored a text".to_owned(),
                advice: None,
            },
            Err(error) => failed("scoring worker", true, &error),
        }
    }

    fn check_session(&self) -> PartCheck {
        let (ok, detail, advice) = match self.session() {
            SessionView::NotConfigured => (true, "off: no issuer is set".to_owned(), None),
            SessionView::State(SessionState::SecretStoreMissing { advice }) => {
                (false, "no place for secrets".to_owned(), Some(advice))
            }
            SessionView::State(_) => (true, "set up".to_owned(), None),
        };
        PartCheck {
            part: "sign-in",
            ok,
            needed: false,
            detail,
            advice,
        }
    }
}

fn failed(part: &'static str, needed: bool, error: &AppError) -> PartCheck {
    PartCheck {
        part,
        ok: false,
        needed,
        detail: error.to_string(),
        advice: error.hint(),
    }
}
