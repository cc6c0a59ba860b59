//! The doubles by hand. Each subcommand runs one of them until it is interrupted and prints its addresses as one line of
//! JSON. To add one: a variant here, and a `serve` beside the double.

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "promptpal-testkit",
    about = "Loopback doubles of the outside world, for tests and for trying by hand"
)]
struct Cli {
    #[command(subcommand)]
    double: Double,
}

#[derive(Debug, Subcommand)]
enum Double {
    /// An exchange: REST and WebSocket over one deterministic tape.
    Exchange(promptpal_testkit::exchange::ServeOptions),
    /// An exchange that sends frames of many symbols at a steady rate.
    Busy(promptpal_testkit::busy_exchange::BusyOptions),
    /// A second exchange that is not like the first: REST only, JSON numbers, 300 candles an answer.
    Coinbase(promptpal_testkit::coinbase::CoinbaseServeOptions),
    /// A news site: feeds and article pages.
    News(promptpal_testkit::news_site::ServeOptions),
    /// An OpenID provider; needs node, and `npm ci` in its folder.
    Identity(promptpal_testkit::identity::IdentityOptions),
    /// A hub of models: lists of files and files, from folders.
    Models(promptpal_testkit::model_hub::ModelHubOptions),
    /// An update server: latest.json and packages.
    Updates(promptpal_testkit::update_server::UpdateOptions),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().double {
        Double::Exchange(options) => promptpal_testkit::exchange::serve(options).await,
        Double::Busy(options) => promptpal_testkit::busy_exchange::serve(options).await,
        Double::Coinbase(options) => promptpal_testkit::coinbase::serve(options).await,
        Double::News(options) => promptpal_testkit::news_site::serve(options).await,
        Double::Identity(options) => promptpal_testkit::identity::serve(&options).await,
        Double::Models(options) => promptpal_testkit::model_hub::serve(&options).await,
        Double::Updates(options) => promptpal_testkit::update_server::serve(&options).await,
    }
}
