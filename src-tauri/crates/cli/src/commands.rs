//! One file for each group of subcommands; this one only tells them apart.

mod account;
mod backtest;
mod conformance;
mod evaluation;
mod files;
mod market;
mod models;
mod news;
mod runs;
mod sentiment;
mod series;
mod study;
mod system;
mod tools;

use std::process::ExitCode;

use promptpal_app::AppError;

use crate::args::{AssetsCommand, Cli, Command, FeedsCommand, RobotsCommand, SentimentCommand};
use crate::context::{Addresses, Context};
use crate::output::Output;

/// Carries out a command line.
pub(crate) async fn run(cli: Cli, output: Output) -> anyhow::Result<ExitCode> {
    let Cli { global, command } = cli;
    let _logging = promptpal_app::start_logging(None, global.verbose);
    match command {
        Command::Completions { shell } => return system::completions(shell),
        Command::Paths => return system::paths(&global, output),
        Command::Extract(args) => return tools::extract(&args),
        Command::Feeds(FeedsCommand::Parse(args)) => return tools::parse_feeds(&args),
        Command::Robots(RobotsCommand::Check(_)) => return tools::check_robots(),
        Command::Assets(AssetsCommand::Tag(_)) => return tools::tag_assets(),
        Command::Resample(args) => return files::resample(&args, output),
        Command::Conformance(args) => return conformance::run(&args, output),
        Command::Backtest(args) if backtest::stands_alone(&args) => return backtest::alone(&args, output),
        _ => {}
    }
    let addresses = Addresses::of(&command);
    let (model, engine) = match &command {
        Command::Score(args) => (args.model.clone(), args.engine),
        Command::Sentiment(SentimentCommand::Eval(args)) => (args.model.clone(), args.engine),
        _ => (None, None),
    };
    let issuer = match &command {
        Command::Login(args) => args.issuer.clone(),
        _ => None,
    };
    let context = Context::open(&global, output, |options| {
        addresses.apply(&mut options.config);
        if let Some(model) = model {
            (options.model, options.model_is_fixed) = (model, true);
        }
        options.engine = engine.or(options.engine);
        options.config.account.issuer = issuer.or(options.config.account.issuer.take());
    })
    .await?;
    let result = tokio::select! {
        result = carry_out(&context, command) => result,
        () = context.given_up() => Err(AppError::Cancelled.into()),
    };
    context.shutdown().await;
    result
}

async fn carry_out(context: &Context, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Fetch(args) => market::fetch(context, args).await,
        Command::Stream(args) => market::stream(context, args).await,
        Command::Series(command) => series::run(context, command).await,
        Command::Symbols(command) => market::symbols(context, command).await,
        Command::Import(args) => files::import(context, args).await,
        Command::Export(args) => files::export(context, args).await,
        Command::Sources(command) => news::sources(context, command).await,
        Command::Crawl(args) => news::crawl(context, args).await,
        Command::Score(args) => sentiment::score(context, &args).await,
        Command::Sentiment(SentimentCommand::Eval(args)) => evaluation::eval(context, args).await,
        Command::Sentiment(SentimentCommand::Study(args)) => study::study(context, args).await,
        Command::Models(command) => models::models(context, command).await,
        Command::Backtest(args) => backtest::run(context, args).await,
        Command::Strategies(command) => backtest::strategies(context, command).await,
        Command::Runs(command) => runs::runs(context, command).await,
        Command::Jobs(command) => runs::jobs(context, command).await,
        Command::Login(args) => account::login(context, &args).await,
        Command::Logout => account::logout(context).await,
        Command::Whoami => account::whoami(context).await,
        Command::Sample(command) => system::sample(context, command).await,
        Command::Doctor => system::doctor(context).await,
        Command::Completions { .. }
        | Command::Paths
        | Command::Extract(_)
        | Command::Feeds(_)
        | Command::Robots(_)
        | Command::Assets(_)
        | Command::Resample(_)
        | Command::Conformance(_) => Ok(ExitCode::SUCCESS),
    }
}
