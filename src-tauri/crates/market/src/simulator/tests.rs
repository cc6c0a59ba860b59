use promptpal_domain::{Span, Timestamp};

use super::*;

fn days(count: i64) -> Span {
    let from: Timestamp = "2024-03-01".parse().unwrap();
    Span::new(from, from.plus_millis(count * 86_400_000)).unwrap()
}

/// FNV-1a over the text of every number: a change of one digit anywhere changes it.
fn digest(series: &[SimulatedSeries]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for one in series {
        for candle in &one.candles {
            let text = format!("{} {candle:?}", one.symbol);
            for byte in text.bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    hash
}

fn returns(candles: &[Candle]) -> Vec<f64> {
    candles
        .windows(2)
        .map(|pair| pair[1].close.to_f64() / pair[0].close.to_f64() - 1.0)
        .collect()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len()) as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let cov = a
        .iter()
        .zip(b)
        .map(|(x, y)| (x - mean_a) * (y - mean_b))
        .sum::<f64>();
    let var = |v: &[f64], mean: f64| v.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    cov / (var(a, mean_a) * var(b, mean_b)).sqrt()
}

#[test]
fn the_same_scenario_gives_the_same_bytes_on_every_platform() {
    let series = simulate(&Scenario::sample(7, days(3)), Interval::Minute1).unwrap();
    assert_eq!(digest(&series), GOLDEN);
    assert_ne!(
        digest(&simulate(&Scenario::sample(8, days(3)), Interval::Minute1).unwrap()),
        GOLDEN
    );
}

#[test]
fn hours_are_the_joins_of_their_minutes() {
    let scenario = Scenario::sample(11, days(45));
    let minutes = simulate(&scenario, Interval::Minute1).unwrap();
    let hours = simulate(&scenario, Interval::Hour1).unwrap();
    for (minutes, hours) in minutes.iter().zip(&hours) {
        assert_eq!(
            resample(&minutes.candles, Interval::Hour1).unwrap(),
            hours.candles
        );
    }
    assert_eq!(
        simulate(&scenario, Interval::Second1),
        Err(SimulateError::TooShort(Interval::Second1))
    );
}

#[test]
fn every_candle_is_one_and_halts_are_holes() {
    let scenario = Scenario::sample(5, days(45));
    let series = simulate(&scenario, Interval::Minute1).unwrap();
    let halt = scenario.halts[0];
    assert_eq!(series.len(), 3);
    for one in &series {
        assert!(one.candles.iter().all(|candle| candle.clone().checked().is_ok()));
        assert!(
            one.candles
                .iter()
                .all(|candle| candle.taker_base_volume.unwrap() <= candle.volume)
        );
        let missing = 45 * 1440 - one.candles.len() as i64;
        assert_eq!(missing * 60_000, halt.millis(), "{}", one.symbol);
        assert!(!one.candles.iter().any(|candle| halt.contains(candle.open_time)));
    }
}

#[test]
fn it_behaves_like_a_market() {
    let series = simulate(&Scenario::sample(3, days(30)), Interval::Minute1).unwrap();
    let [btc, eth, sol] = [0, 1, 2].map(|at: usize| returns(&series[at].candles));
    // Assets move together, the followers partly one minute later.
    assert!(correlation(&btc, &eth) > 0.35 && correlation(&btc, &sol) > 0.2);
    assert!(
        correlation(&btc[..btc.len() - 1], &eth[1..]) > correlation(&eth[..eth.len() - 1], &btc[1..]) + 0.05
    );
    // Volatility clusters and swings with volume; tails are fat.
    let size: Vec<f64> = btc.iter().map(|r| r.abs()).collect();
    assert!(correlation(&size[..size.len() - 10], &size[10..]) > 0.05);
    let volume: Vec<f64> = series[0].candles[1..].iter().map(|c| c.volume.to_f64()).collect();
    assert!(correlation(&size, &volume) > 0.4);
    let variance = btc.iter().map(|r| r * r).sum::<f64>() / btc.len() as f64;
    let kurtosis = btc.iter().map(|r| r * r * r * r).sum::<f64>() / btc.len() as f64 / (variance * variance);
    assert!(kurtosis > 5.0, "{kurtosis}");
    let daily = (variance * 1440.0).sqrt();
    assert!((0.012..0.06).contains(&daily), "{daily}");
}

#[test]
fn news_moves_its_asset_and_the_others_less() {
    let span = days(4);
    let at = span.from().plus_millis(2 * 86_400_000 + 30_000);
    let plain = simulate(&Scenario::sample(9, span), Interval::Minute1).unwrap();
    let check = |strength: f64| {
        let shock = NewsShock {
            at,
            asset: "ETH".parse().unwrap(),
            strength,
        };
        let moved = simulate(
            &Scenario::sample(9, span).with_shocks(vec![shock]),
            Interval::Minute1,
        )
        .unwrap();
        let effect = |which: usize| {
            let price = |s: &[SimulatedSeries]| s[which].candles[2 * 1440 + 300].close.to_f64();
            price(&moved) / price(&plain) - 1.0
        };
        let before = |s: &[SimulatedSeries]| s[1].candles[..2 * 1440 + 1].to_vec();
        assert_eq!(before(&moved), before(&plain), "nothing moves before the news");
        (effect(0), effect(1))
    };
    let (btc_up, eth_up) = check(1.0);
    let (btc_down, eth_down) = check(-1.0);
    assert!(eth_up > eth_down + 0.03, "{eth_up} {eth_down}");
    assert!(btc_up > btc_down && btc_up - btc_down < eth_up - eth_down);
}

const GOLDEN: u64 = 4_754_094_368_000_132_658;
