use super::known::Kind;
use super::*;

fn tagged(title: &str, body: &str) -> Vec<(String, String)> {
    tag_assets(title, body)
        .into_iter()
        .map(|tag| (tag.asset.to_string(), tag.rule))
        .collect()
}

#[test]
fn finds_what_is_meant_and_nothing_else() {
    let check = |title: &str, expected: &[(&str, &str)]| {
        let found = tagged(title, "");
        let mut found: Vec<(&str, &str)> = found.iter().map(|(a, r)| (a.as_str(), r.as_str())).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{title}");
    };
    check("Bitcoin climbs past $100,000", &[("BTC", "name:bitcoin")]);
    check(
        "BTC and ETH slip before the Fed",
        &[("BTC", "ticker:btc"), ("ETH", "ticker:eth")],
    );
    check("Ethereum's fees fall", &[("ETH", "name:ethereum")]);
    check("Ether ETFs draw record inflows", &[("ETH", "name:ether")]);
    check("Solana (SOL) outage ends", &[("SOL", "name:solana")]);
    check(
        "SOLUSDT breaks out, BTC/USD waits",
        &[("BTC", "pair:btc"), ("SOL", "pair:sol")],
    );
    check("Traders pile into $LINK", &[("LINK", "cashtag:link")]);
    check("Chainlink: LINK gains 8%", &[("LINK", "name:chainlink")]);
    check("Avalanche (AVAX) token jumps", &[("AVAX", "ticker:avax")]);
    check(
        "Avalanche blockchain adds subnets",
        &[("AVAX", "name-context:avalanche")],
    );
    check("Bitcoin Cash forks again", &[("BCH", "name:bitcoin cash")]);
    check("XRP rallies as Ripple token sale ends", &[("XRP", "ticker:xrp")]);
    // What only looks like an asset.
    check("Avalanche kills two skiers in the Alps", &[]);
    check(
        "NEAR RECORD HIGH: BITCOIN HOLDS GAINS",
        &[("BTC", "name:bitcoin")],
    );
    check("One more safe bet: read the link and the dot", &[]);
    check("Firm agrees to an ADA settlement over its web site", &[]);
    check("The ripple effects of a crypto ban", &[]);
    check("Bitcoiners meet in Prague", &[]);
    check("Subscribe to Bitcoin Magazine", &[]);
    check("Trump speaks at a crypto summit", &[]);
    check("methods of ethics", &[]);
    check("Stellar quarter lifts chip maker", &[]);
    check("", &[]);
}

#[test]
fn relevance_is_headline_lead_and_share() {
    let filler = "The market was quiet and volumes were thin. ".repeat(12);
    let tags = tag_assets(
        "Bitcoin steadies",
        &format!(
            "Bitcoin held its ground on Monday. {filler}Elsewhere, Solana slipped. Bitcoin closed flat."
        ),
    );
    let relevance: Vec<(String, f64)> = tags
        .iter()
        .map(|tag| (tag.asset.to_string(), tag.relevance))
        .collect();
    assert_eq!(relevance.first().map(|(asset, _)| asset.as_str()), Some("BTC"));
    assert!((relevance[0].1 - (0.5 + 0.2 + 0.3 * 0.75)).abs() < 1e-12);
    assert_eq!(relevance[1].0, "SOL");
    assert!((relevance[1].1 - 0.3 * 0.25).abs() < 1e-12);
    let alone = tag_assets("Bitcoin steadies", "");
    assert!((alone[0].relevance - 1.0).abs() < 1e-12);
}

#[test]
fn the_list_is_sound() {
    let mut written = std::collections::BTreeMap::new();
    for known in known::KNOWN.iter() {
        assert!(
            known.ticker.parse::<promptpal_domain::Asset>().is_ok(),
            "{}",
            known.ticker
        );
        assert!(!known.pattern.is_empty());
        let is_lower = known.pattern == known.pattern.to_lowercase();
        match known.kind {
            Kind::Ticker(_) => assert_eq!(known.pattern, known.ticker),
            Kind::Spelled => assert!(!is_lower),
            Kind::Name | Kind::ProperName | Kind::WordName | Kind::ListName => assert!(is_lower),
        }
        let other = written.insert(known.pattern, known.ticker);
        assert_eq!(other, None, "{} is written twice", known.pattern);
    }
    assert!(written.len() >= 400);
}

proptest::proptest! {
    #[test]
    fn relevance_stays_in_bounds(title in "(Bitcoin|ETH|\\$LINK|SOL/USDT|Avalanche|é|[ -~]{0,8}| ){0,8}", body in "(bitcoin|XRP|(SOL)|Solana|\n|[ -~é]{0,12}){0,20}") {
        for tag in tag_assets(&title, &body) {
            proptest::prop_assert!(tag.relevance > 0.0 && tag.relevance <= 1.0);
            proptest::prop_assert!(!tag.rule.is_empty());
        }
    }
}

#[test]
fn each_passage_has_the_assets_that_it_mentions() {
    let check = |passages: &[&str], expected: &[(&str, &[usize])]| {
        let found = asset_mentions(passages);
        let found: Vec<(&str, &[usize])> = found
            .iter()
            .map(|(asset, places)| (asset.as_str(), places.as_slice()))
            .collect();
        assert_eq!(found, expected, "{passages:?}");
    };
    check(
        &[
            "Bitcoin rises while Ethereum falls",
            "BTC gained 5% and bitcoin funds grew.",
            "Nothing is said here.",
            "Ethereum lost 4%.",
        ],
        &[("BTC", &[0, 1]), ("ETH", &[0, 3])],
    );
    // A ticker that is also a word means the asset where the text names it: the name stands in another passage.
    check(
        &["Chainlink adds a feed", "LINK rose by a tenth."],
        &[("LINK", &[0, 1])],
    );
    check(&[], &[]);
    check(&["", "Weather stays fine."], &[]);
}
