//! login, whoami, logout against a real OpenID provider, with the person's browser played by the testkit.

use std::io::{BufRead, BufReader, Read};

use promptpal_testkit::identity::{Browser, Identity};
use serde_json::Value;

use crate::program::Home;

#[test]
fn without_an_issuer_nothing_is_asked_for() {
    let home = Home::new();
    assert_eq!(home.json(&["whoami"])["session"]["state"], "notConfigured");
    let error = home.error(&["login"], "invalid");
    assert!(error["hint"].is_string(), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issuer_that_cannot_be_reached_is_said() {
    let home = Home::new();
    let line = ["login", "--issuer", "http://127.0.0.1:9/"];
    let error = home.json_with(1, &line);
    let code = error["error"]["code"].as_str().unwrap();
    assert!(["offline", "secret_store_missing"].contains(&code), "{error}");
}

/// With a keyring that may be thrown away (`PROMPTPAL_TEST_KEYRING=1`) all the way; without any, the program says what is
/// missing before anybody types a password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keyring_signs_in_and_out() {
    let identity = match Identity::start().await {
        Ok(identity) => identity,
        Err(error) => {
            println!("sign-in: not run: {error}");
            return;
        }
    };
    let home = Home::new();
    let issuer = identity.issuer().as_str().trim_end_matches('/');
    let client = identity.client_id();
    home.file(
        "config.toml",
        &format!("[account]\nissuer = '{issuer}'\nclient_id = '{client}'\n"),
    );
    if std::env::var_os("PROMPTPAL_TEST_KEYRING").is_none() {
        println!("sign-in: PROMPTPAL_TEST_KEYRING is not set: only what happens without a place for secrets");
        if cfg!(target_os = "linux") {
            let error = home.json_with(1, &["login"]);
            assert_eq!(error["error"]["code"], "secret_store_missing", "{error}");
            assert_eq!(identity.asked().await.unwrap().exchanges, 0);
        }
        return;
    }
    let with_bus = |line: &[&str]| {
        let mut command = home.command(line);
        match std::env::var_os("DBUS_SESSION_BUS_ADDRESS") {
            Some(bus) => command.env("DBUS_SESSION_BUS_ADDRESS", bus),
            None => command.env_remove("DBUS_SESSION_BUS_ADDRESS"),
        };
        command
    };
    let answer = |line: &[&str]| -> Value {
        let output = with_bus(line).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    };

    let mut child = with_bus(&["login", "--json"]).spawn().unwrap();
    let mut notes = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = notes
        .by_ref()
        .map(Result::unwrap)
        .find(|line| line.starts_with("http"))
        .unwrap();
    let mut browser = Browser::new("grace").unwrap();
    browser.sign_in(&address.parse().unwrap()).await.unwrap();
    let mut stdout = String::new();
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    assert!(child.wait().unwrap().success(), "{stdout}");
    let signed_in: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(
        (&signed_in["schema"], &signed_in["name"]),
        (&1.into(), &"Grace Example".into())
    );

    let session = answer(&["whoami", "--json"]);
    assert_eq!(session["session"]["state"], "signedIn", "{session}");
    assert_eq!(answer(&["logout", "--json"])["signed_out"], true);
    assert_eq!(answer(&["whoami", "--json"])["session"]["state"], "signedOut");
    assert_eq!(identity.asked().await.unwrap().revocations, 1);
}
