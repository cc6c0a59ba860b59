//! login, logout, whoami.

use std::process::ExitCode;

use promptpal_api::SessionDto;
use promptpal_app::AppError;
use promptpal_app::causes::{AccountError, Profile};
use serde_json::json;

use crate::args::LoginArgs;
use crate::context::Context;

pub(crate) async fn login(context: &Context, args: &LoginArgs) -> anyhow::Result<ExitCode> {
    if context.issuer().is_none() {
        return Err(AppError::Account(AccountError::NotConfigured).into());
    }
    context.take_up_session().await;
    let output = context.output;
    let app = context.app().clone();
    let cancel = context.cancel.clone();
    tokio::spawn(async move {
        cancel.cancelled().await;
        app.cancel_sign_in();
    });
    let profile = if args.device {
        context
            .sign_in_device(move |prompt| {
                output.note(&format!(
                    "Open {} and enter the code {}",
                    prompt.verification_uri, prompt.user_code
                ));
            })
            .await?
    } else {
        context
            .sign_in(move |url| {
                output.note(&format!("Open this address in a browser on this machine:\n{url}"));
                Ok(())
            })
            .await?
    };
    context.output.answer(
        json!({ "subject": profile.subject, "name": profile.name, "email": profile.email }),
        || format!("Signed in as {}.", shown(&profile)),
    )?;
    Ok(ExitCode::SUCCESS)
}

fn shown(profile: &Profile) -> String {
    profile
        .name
        .clone()
        .or_else(|| profile.email.clone())
        .unwrap_or_else(|| profile.subject.clone())
}

pub(crate) async fn logout(context: &Context) -> anyhow::Result<ExitCode> {
    context.take_up_session().await;
    context.sign_out().await?;
    context
        .output
        .answer(json!({ "signed_out": true }), || "Signed out.".to_owned())?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn whoami(context: &Context) -> anyhow::Result<ExitCode> {
    context.take_up_session().await;
    let session = SessionDto::from(context.session());
    let text = match &session {
        SessionDto::NotConfigured => "Sign-in is off: no issuer is set.".to_owned(),
        SessionDto::SignedOut => "Nobody is signed in.".to_owned(),
        SessionDto::SigningIn => "Signing in.".to_owned(),
        SessionDto::SignedIn {
            profile,
            offline_since,
        } => {
            let name = profile
                .name
                .as_ref()
                .or(profile.email.as_ref())
                .unwrap_or(&profile.subject);
            let offline = if offline_since.is_some() {
                " (the issuer cannot be reached now)"
            } else {
                ""
            };
            format!("{name}{offline}")
        }
        SessionDto::Expired => "The session has ended: sign in again.".to_owned(),
        SessionDto::SecretStoreMissing { advice } => {
            format!("This system has no place for secrets. {advice}")
        }
    };
    context.output.answer(json!({ "session": session }), || text)?;
    Ok(ExitCode::SUCCESS)
}
