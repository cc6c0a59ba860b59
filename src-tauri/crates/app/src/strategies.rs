//! Strategies: those that come with the program, and the user's own.

use promptpal_backtest::{Script, ScriptError, builtin, builtins};

use crate::{App, AppError};

/// A strategy with what its script declares.
#[derive(Clone, Debug)]
pub struct StrategyView {
    /// `sma-cross`
    pub id: String,
    /// For people.
    pub title: String,
    /// The idea.
    pub about: String,
    /// Whether it comes with the program.
    pub builtin: bool,
    /// Its script.
    pub source: String,
    /// What it declares; without parameters when it cannot be read.
    pub script: Option<Script>,
}

impl App {
    /// Every strategy, the program's own first.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn strategies(&self) -> Result<Vec<StrategyView>, AppError> {
        let mut views: Vec<StrategyView> = builtins()
            .iter()
            .map(|built| view(built.id.to_owned(), built.source.to_owned(), true))
            .collect();
        for row in self.store().strategies().await? {
            if let Some(strategy) = self.store().strategy(&row.name).await? {
                views.push(view(strategy.name, strategy.script, false));
            }
        }
        Ok(views)
    }

    /// The script of a strategy.
    ///
    /// # Errors
    /// [`AppError::NotFound`]
    pub async fn strategy_source(&self, id: &str) -> Result<String, AppError> {
        if let Some(built) = builtin(id) {
            return Ok(built.source.to_owned());
        }
        match self.store().strategy(id).await? {
            Some(strategy) => Ok(strategy.script),
            None => Err(AppError::NotFound {
                what: "strategy",
                id: id.to_owned(),
            }),
        }
    }

    /// What is wrong in a script; nothing when it is right.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the check itself broke off.
    pub async fn check_script(&self, source: String) -> Result<Vec<ScriptError>, AppError> {
        let checked = tokio::task::spawn_blocking(move || Script::compile(&source).err()).await?;
        Ok(checked.into_iter().collect())
    }

    /// Keeps a script under a name of its own. A script with mistakes is kept too: it is the user's work.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the name of a built-in strategy or an unusable one, [`AppError::Store`].
    pub async fn save_strategy(&self, id: &str, source: String) -> Result<StrategyView, AppError> {
        let usable = (1..=60).contains(&id.len())
            && id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !usable {
            return Err(AppError::invalid(
                format!("'{id}' is not a name for a strategy"),
                "Use lower-case letters, digits and '-', at most 60.",
            ));
        }
        if builtin(id).is_some() {
            return Err(AppError::invalid(
                format!("'{id}' comes with the program"),
                "Save your version under another name.",
            ));
        }
        self.store()
            .put_strategy(id, &source, self.inner.clock.now())
            .await?;
        Ok(view(id.to_owned(), source, false))
    }

    /// Deletes a user's strategy. Runs made with it stay.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a built-in one, [`AppError::Store`].
    pub async fn delete_strategy(&self, id: &str) -> Result<(), AppError> {
        if builtin(id).is_some() {
            return Err(AppError::invalid(
                format!("'{id}' comes with the program"),
                "Only your own can be deleted.",
            ));
        }
        Ok(self.store().delete_strategy(id).await?)
    }
}

fn view(id: String, source: String, builtin: bool) -> StrategyView {
    let script = Script::compile(&source).ok();
    let (title, about) = match &script {
        Some(script) => (script.name().to_owned(), idea(script.about())),
        None => (
            id.clone(),
            "This script has mistakes; open it to see them.".to_owned(),
        ),
    };
    StrategyView {
        title,
        about,
        id,
        builtin,
        source,
        script,
    }
}

/// The first paragraph of what a script states about itself: the idea. The rest is for the reader of the script.
fn idea(about: &str) -> String {
    let first = about.trim().split("\n\n").next().unwrap_or_default();
    first
        .lines()
        .take_while(|line| !line.starts_with('#'))
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_strategy_states_its_idea_in_plain_words() {
        for built in builtins() {
            let view = view(built.id.to_owned(), built.source.to_owned(), true);
            assert!(view.script.is_some(), "{} does not compile", view.id);
            assert!(
                view.about.len() > 20 && !view.about.contains('#'),
                "{}: '{}'",
                view.id,
                view.about
            );
        }
    }
}
