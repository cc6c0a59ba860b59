//! sentiment eval.

use std::process::ExitCode;

use promptpal_app::causes::{Agreement, Calibration, Evaluation, Label};
use promptpal_app::{EvaluationRequest, JobRequest, ModelEvaluation, Outcome};
use serde_json::{Value, json};

use crate::PARTLY;
use crate::args::EvalArgs;
use crate::context::Context;
use crate::follow;
use crate::output::table;

/// Rows left out that are told one by one.
const TOLD: usize = 10;

/// Scores the texts of a file and compares with their labels.
pub(crate) async fn eval(context: &Context, args: EvalArgs) -> anyhow::Result<ExitCode> {
    let request = EvaluationRequest {
        file: args.file,
        text: args.text,
        label: args.label,
        names: args.labels.unwrap_or_default(),
    };
    let Outcome::Evaluated(found) = follow::run(context, JobRequest::Evaluate(request)).await? else {
        anyhow::bail!("the job was another one");
    };
    context.output.answer(as_json(&found), || for_people(&found))?;
    for row in found.refusals.iter().take(TOLD) {
        context
            .output
            .note(&format!("line {} left out: {}", row.line, row.reason));
    }
    let more = found.refused.saturating_sub(TOLD as u64);
    if more > 0 {
        context.output.note(&format!("and {more} more rows left out"));
    }
    if found.left_out > 0 {
        let note = format!("{} texts bring the scoring worker down", found.left_out);
        context.output.note(&note);
    }
    Ok(if found.refused == 0 && found.left_out == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(PARTLY)
    })
}

fn as_json(found: &ModelEvaluation) -> Value {
    let Evaluation {
        agreement,
        calibration,
    } = &found.evaluation;
    let bins: Vec<Value> = calibration
        .bins
        .iter()
        .map(|bin| {
            json!({ "from": bin.from, "to": bin.to, "texts": bin.texts, "confidence": bin.confidence,
                    "accuracy": bin.accuracy })
        })
        .collect();
    json!({
        "model": found.model,
        "sha256": found.sha256,
        "texts": agreement.texts,
        "refused": found.refused,
        "left_out": found.left_out,
        "truncated": found.truncated,
        "majority": agreement.majority(),
        "answers": agreement_as_json(agreement),
        "calibration": { "expected_error": calibration.expected_error, "brier": calibration.brier, "bins": bins },
        "word_list": agreement_as_json(&found.word_list),
    })
}

fn agreement_as_json(agreement: &Agreement) -> Value {
    let (low, high) = agreement.accuracy_range;
    let labels: Vec<Value> = agreement
        .labels
        .iter()
        .zip(&agreement.confusion)
        .map(|(one, answers)| {
            json!({ "label": one.label.as_str(), "texts": one.texts, "precision": one.precision, "recall": one.recall,
                    "f1": one.f1, "answered": answers })
        })
        .collect();
    json!({
        "accuracy": agreement.accuracy,
        "accuracy_low": low,
        "accuracy_high": high,
        "macro_f1": agreement.macro_f1,
        "labels": labels,
    })
}

fn for_people(found: &ModelEvaluation) -> String {
    let Evaluation {
        agreement,
        calibration,
    } = &found.evaluation;
    let range = |agreement: &Agreement| {
        let (low, high) = agreement.accuracy_range;
        format!("{low:.3} to {high:.3}")
    };
    let line = |name: &str, figure: &dyn Fn(&Agreement) -> String| {
        vec![name.to_owned(), figure(agreement), figure(&found.word_list)]
    };
    let figures = table(
        &["", found.model.as_str(), "word list"],
        &[found.model.as_str(), "word list"],
        vec![
            line("Accuracy", &|one| format!("{:.4}", one.accuracy)),
            line("95 % of samples like this", &range),
            line("Macro-F1", &|one| format!("{:.4}", one.macro_f1)),
        ],
    );
    format!(
        "{} texts. Always answering with the most frequent label would be right in {:.4} of them.\n{figures}\n\n{}\n\n{}",
        agreement.texts,
        agreement.majority(),
        by_label(agreement),
        trust(calibration)
    )
}

/// Of each label how often it is found, and what it is taken for.
fn by_label(agreement: &Agreement) -> String {
    let figure = |part: Option<f64>| part.map_or_else(|| "-".to_owned(), |part| format!("{part:.3}"));
    let rows = agreement
        .labels
        .iter()
        .zip(&agreement.confusion)
        .map(|(one, answers)| {
            let figures = [one.precision, one.recall, one.f1].map(figure);
            let counts = [one.texts.to_string()].into_iter().chain(figures);
            [one.label.to_string()]
                .into_iter()
                .chain(counts)
                .chain(answers.iter().map(ToString::to_string))
                .collect()
        });
    let answered = Label::ALL.map(|label| format!("taken for {label}"));
    let [first, second, third] = answered.each_ref().map(String::as_str);
    let header = [
        "Label",
        "Texts",
        "Precision",
        "Recall",
        "F1",
        first,
        second,
        third,
    ];
    table(&header, header.get(1..).unwrap_or_default(), rows.collect())
}

/// How much probabilities can be believed.
fn trust(calibration: &Calibration) -> String {
    let rows = calibration.bins.iter().map(|bin| {
        vec![
            format!("{:.2} to {:.2}", bin.from, bin.to),
            bin.texts.to_string(),
            format!("{:.3}", bin.confidence),
            format!("{:.3}", bin.accuracy),
        ]
    });
    let header = ["Sure", "Texts", "Mean", "Right"];
    format!(
        "Expected calibration error {:.4}, Brier score {:.4}. Where it is so sure, it is so often right:\n{}",
        calibration.expected_error,
        calibration.brier,
        table(&header, header.get(1..).unwrap_or_default(), rows.collect())
    )
}
