//! The strategy language.

use promptpal_app::causes::FunctionDoc;
use promptpal_app::tools::{language_functions, language_guide};

use crate::{FunctionDto, LanguageDto};

impl From<FunctionDoc> for FunctionDto {
    fn from(doc: FunctionDoc) -> Self {
        Self {
            group: doc.group.to_owned(),
            name: doc.name.to_owned(),
            signature: doc.signature,
            about: doc.about,
            outputs: doc.outputs.into_iter().map(ToOwned::to_owned).collect(),
        }
    }
}

impl LanguageDto {
    /// The language as this program speaks it.
    #[must_use]
    pub fn current() -> Self {
        Self {
            guide: language_guide().to_owned(),
            functions: language_functions().into_iter().map(Into::into).collect(),
        }
    }
}
