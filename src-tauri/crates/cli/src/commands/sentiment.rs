//! score.

use std::process::ExitCode;

use promptpal_app::AppError;
use promptpal_app::causes::{ScoringError, TextScore};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::PARTLY;
use crate::args::ScoreArgs;
use crate::context::Context;
use crate::output::line;

/// Texts scored before their answers are printed.
const BATCH: usize = 256;

#[derive(Deserialize)]
struct Text {
    id: Value,
    text: String,
}

/// One answer a line, in the order of the lines read.
pub(crate) async fn score(context: &Context, args: &ScoreArgs) -> anyhow::Result<ExitCode> {
    let model = context.model()?;
    let mut lines = std::io::stdin().lines();
    let mut all_scored = true;
    loop {
        let mut batch = Vec::new();
        for text in lines.by_ref().take(BATCH) {
            let text = text?;
            if !text.trim().is_empty() {
                batch.push(text);
            }
        }
        if batch.is_empty() {
            break;
        }
        let parsed: Vec<Result<Text, String>> = batch
            .iter()
            .map(|line| serde_json::from_str::<Text>(line).map_err(|error| error.to_string()))
            .collect();
        let texts = parsed.iter().flatten().map(|text| text.text.clone()).collect();
        let scores: Vec<Option<TextScore>> = match context.score_texts(texts, &context.cancel).await {
            Ok(scores) => scores.into_iter().map(Some).collect(),
            Err(AppError::Scoring(ScoringError::Quarantined { scored, .. })) => scored,
            Err(error) => return Err(error.into()),
        };
        let mut scores = scores.into_iter();
        for text in parsed {
            let answer = match text {
                Ok(text) => answer(&text.id, scores.next().flatten(), &model.id, args.logits),
                Err(error) => {
                    json!({ "id": null, "error": format!("not a line of {{\"id\",\"text\"}}: {error}") })
                }
            };
            all_scored &= answer.get("error").is_none();
            line(&answer.to_string())?;
        }
    }
    Ok(if all_scored {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(PARTLY)
    })
}

fn answer(id: &Value, score: Option<TextScore>, model: &str, logits: bool) -> Value {
    let Some(score) = score else {
        return json!({ "id": id, "error": "this text brings the scoring worker down", "model": model });
    };
    let sentiment = score.sentiment;
    let mut answer = json!({
        "id": id,
        "positive": sentiment.positive(),
        "negative": sentiment.negative(),
        "neutral": sentiment.neutral(),
        "score": sentiment.score(),
        "truncated": score.truncated,
        "model": model,
    });
    if logits && let Some(object) = answer.as_object_mut() {
        object.insert("logits".to_owned(), json!(score.logits));
    }
    answer
}
