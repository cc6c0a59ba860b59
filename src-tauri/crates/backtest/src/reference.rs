//! The documentation of the strategy language, made from the code.

use promptpal_indicators::all;

use crate::script::FUNCTIONS;

/// A function of the strategy language, for an editor's completion and for the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionDoc {
    /// The group it is listed in.
    pub group: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub signature: String,
    /// What it does.
    pub about: String,
    /// Names of the columns it gives, where it gives several.
    pub outputs: Vec<&'static str>,
}

const INDICATORS: &str = "Indicators";

/// Every function of the language: orders, conditions, series, news, and the indicators of the catalogue.
#[must_use]
pub fn language_functions() -> Vec<FunctionDoc> {
    let own = FUNCTIONS.iter().map(|entry| FunctionDoc {
        group: entry.group,
        name: entry.name,
        signature: entry.signature.to_owned(),
        about: entry.about.to_owned(),
        outputs: Vec::new(),
    });
    let indicators = all().map(|indicator| {
        let source = indicator.takes_column().then(|| "x".to_owned());
        let params = indicator
            .params
            .iter()
            .map(|spec| format!("{} = {}", spec.name, spec.default));
        let arguments: Vec<String> = source.into_iter().chain(params).collect();
        let columns: Vec<&str> = match indicator.outputs {
            [_] => Vec::new(),
            several => several.iter().map(|output| output.id).collect(),
        };
        let names: Vec<String> = columns.iter().map(|id| format!("`.{id}`")).collect();
        let gives = match names.as_slice() {
            [] => String::new(),
            names => format!(" Gives {}.", names.join(", ")),
        };
        FunctionDoc {
            group: INDICATORS,
            name: indicator.id,
            signature: format!("{}({})", indicator.id, arguments.join(", ")),
            about: format!(
                "{}. {}{gives} ({})",
                indicator.title, indicator.about, indicator.formula
            ),
            outputs: columns,
        }
    });
    own.chain(indicators).collect()
}

/// How the language works, as Markdown.
#[must_use]
pub fn language_guide() -> &'static str {
    include_str!("reference/guide.md")
}

/// The language's page as Markdown: the guide, then every function.
#[must_use]
pub fn language_reference() -> String {
    let mut page = language_guide().to_owned();
    page.push_str("\n## Functions\n");
    let mut group = "";
    for function in language_functions() {
        if function.group != group {
            group = function.group;
            page.push_str(&format!(
                "\n### {group}\n\n| Written | What it does |\n|---|---|\n"
            ));
        }
        page.push_str(&format!("| `{}` | {} |\n", function.signature, function.about));
    }
    page
}
