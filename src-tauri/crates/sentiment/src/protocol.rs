//! The words between this crate and the worker program: one JSON document a line, requests on its standard input,
//! replies on its standard output. Standard error is for people.
//!
//! The worker says [`Reply::Hello`] once it has its model, or [`Reply::Error`] without an id and ends. It answers every
//! [`Request::Score`] with exactly one [`Reply::Scores`] or [`Reply::Error`] of the same id, with [`Reply::Progress`]
//! between. It ends on [`Request::Stop`] and when its input closes, after answering what was asked before.

use serde::{Deserialize, Serialize};

/// Changed whenever an old program and a new one would misunderstand each other.
pub const PROTOCOL_VERSION: u32 = 1;
/// The most texts in a request.
pub const MAX_TEXTS: usize = 512;
/// The longest line in either direction, in bytes.
pub const MAX_LINE_BYTES: usize = 8 << 20;

/// Exit code of a worker that was called in a wrong way.
pub const EXIT_USAGE: u8 = 2;
/// Exit code of a worker that refuses its model.
pub const EXIT_MODEL_REFUSED: u8 = 3;
/// Exit code of a worker that lacks a library, or cannot use it.
pub const EXIT_LIBRARY: u8 = 5;
/// Exit code of a worker that can no longer read or write its pipes.
pub const EXIT_PIPE: u8 = 4;

/// What the worker is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Score these texts.
    Score {
        /// Comes back with the answer.
        id: u64,
        /// At most [`MAX_TEXTS`].
        texts: Vec<String>,
    },
    /// Give up on a request; it is then answered with [`FaultCode::Cancelled`], or with its scores if they were quicker.
    Cancel {
        /// Which.
        id: u64,
    },
    /// End.
    Stop,
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    /// The first line: who is there, with which model.
    Hello(Hello),
    /// A request is under way.
    Progress {
        /// Which.
        id: u64,
        /// Texts scored so far.
        done: usize,
        /// Texts of the request.
        total: usize,
    },
    /// The answer to a request; both lists have the order of its texts.
    Scores {
        /// Which.
        id: u64,
        /// A score for each text.
        scores: Vec<RawScore>,
        /// Whether only the beginning of the text was read.
        truncated: Vec<bool>,
    },
    /// A request failed, or without an id: the worker itself cannot go on.
    Error {
        /// Which.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<u64>,
        /// Why.
        error: Fault,
    },
}

/// Who is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`PROTOCOL_VERSION`] of the worker.
    pub protocol: u32,
    /// What computes: `rust-bert` or `onnxruntime-int8`.
    pub engine: String,
    /// Id of the model.
    pub model: String,
    /// SHA-256 of its weights.
    pub sha256: String,
}

/// A score as it crosses the pipe.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RawScore {
    /// Probability of positive.
    pub positive: f64,
    /// Probability of negative.
    pub negative: f64,
    /// Probability of neutral.
    pub neutral: f64,
    /// The model's outputs for positive, negative, neutral before the softmax.
    pub logits: [f32; 3],
}

/// Why something failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What kind of failure.
    pub code: FaultCode,
    /// For people.
    pub message: String,
}

/// Kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// The line is no request, or breaks a limit.
    BadRequest,
    /// The model's folder is damaged or of a kind that the worker cannot run.
    ModelRefused,
    /// A library that the worker computes with is not there; the message says which.
    LibraryMissing,
    /// The request was cancelled.
    Cancelled,
    /// The computation failed on these texts; the worker goes on.
    Internal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_are_as_documented() {
        let request = |request: Request, line: &str| {
            assert_eq!(serde_json::to_string(&request).unwrap(), line);
            assert_eq!(serde_json::from_str::<Request>(line).unwrap(), request);
        };
        request(
            Request::Score {
                id: 7,
                texts: vec!["up".into()],
            },
            r#"{"type":"score","id":7,"texts":["up"]}"#,
        );
        request(Request::Cancel { id: 7 }, r#"{"type":"cancel","id":7}"#);
        request(Request::Stop, r#"{"type":"stop"}"#);
        let reply = |reply: Reply, line: &str| {
            assert_eq!(serde_json::to_string(&reply).unwrap(), line);
            assert_eq!(serde_json::from_str::<Reply>(line).unwrap(), reply);
        };
        let score = RawScore {
            positive: 0.5,
            negative: 0.25,
            neutral: 0.25,
            logits: [1.5, -0.5, 0.0],
        };
        reply(
            Reply::Scores {
                id: 7,
                scores: vec![score],
                truncated: vec![false],
            },
            r#"{"type":"scores","id":7,"scores":[{"positive":0.5,"negative":0.25,"neutral":0.25,"logits":[1.5,-0.5,0.0]}],"truncated":[false]}"#,
        );
        reply(
            Reply::Error {
                id: None,
                error: Fault {
                    code: FaultCode::ModelRefused,
                    message: "no".into(),
                },
            },
            r#"{"type":"error","error":{"code":"model_refused","message":"no"}}"#,
        );
        reply(
            Reply::Hello(Hello {
                protocol: 1,
                engine: "e".into(),
                model: "m".into(),
                sha256: "s".into(),
            }),
            r#"{"type":"hello","protocol":1,"engine":"e","model":"m","sha256":"s"}"#,
        );
    }
}
