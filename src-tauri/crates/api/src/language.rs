//! The strategy language, for the editor.

use serde::{Deserialize, Serialize};

/// A function of the strategy language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct FunctionDto {
    /// The group it is listed in: `Orders`.
    pub group: String,
    /// `stop_loss`
    pub name: String,
    /// `stop_loss(percent(x))`
    pub signature: String,
    /// What it does.
    pub about: String,
    /// Names of the columns it gives, where it gives several: `upper`.
    pub outputs: Vec<String>,
}

/// The language: how it works, and every function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct LanguageDto {
    /// How it works, as Markdown.
    pub guide: String,
    /// Every function, group by group.
    pub functions: Vec<FunctionDto>,
}
