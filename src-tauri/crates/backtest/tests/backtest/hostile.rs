//! Scripts that are wrong or mean harm: each ends with an error at its place, soon, and nothing is left behind.

use std::time::Duration;

use cpu_time::ThreadTime;
use promptpal_backtest::{Script, ScriptError};

fn fault(source: &str) -> ScriptError {
    let started = ThreadTime::now();
    let error = Script::compile(source)
        .err()
        .unwrap_or_else(|| panic!("accepted: {source:.300}"));
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{source} took {:?}",
        started.elapsed()
    );
    error
}

/// The message and hint must hold `expected`, and the error must stand on `line`.
fn check(source: &str, line: usize, expected: &str) {
    let error = fault(source);
    let shown = error.to_string();
    assert!(
        shown.contains(expected),
        "{source}\n  gave: {shown}\n  not: {expected}"
    );
    assert_eq!(error.line, line, "{source}\n  gave: {shown}");
    assert!(line == 0 || error.column > 0, "{shown}");
}

#[test]
fn endless_and_exploding_scripts_end() {
    for (source, expected) in [
        ("loop { }", "does not come to an end"),
        ("while true { let x = 1; }", "does not come to an end"),
        ("let n = 0;\nwhile n < 1 { n -= 1; }", "does not come to an end"),
        ("for i in 0..1000000000 { let y = i; }", "does not come to an end"),
        (
            "for i in range(0, 9223372036854775807) { }",
            "does not come to an end",
        ),
        ("fn f(n) { f(n + 1) }\nf(0);", "too deeply"),
        ("fn a() { b() }\nfn b() { a() }\na();", "too deeply"),
        ("let s = \"x\";\nloop { s += s; }", "too large"),
        ("let s = \"x\";\ns.pad(1000000000, 'y');", ""),
        ("let a = [];\nloop { a.push(a); }", "too large"),
        ("let a = [0];\nloop { a += a; }", "too large"),
        ("let a = [];\na.pad(100000000, 0);", ""),
        (
            "let m = #{};\nlet i = 0;\nloop { m[`k${i}`] = i; i += 1; }",
            "does not come to an end",
        ),
        (
            "let s = close;\nfor i in 0..5000 { s = s + i; }\nenter_long(s > 0);",
            "column operations",
        ),
        ("for i in 0..100 { param(`p${i}`, 1); }", "at most 32 parameters"),
        ("let f = || 1;\nloop { f = f.curry(1); }", ""),
        ("fn f() { }\nlet g = Fn(\"f\");\nloop { g = g.curry(g); }", ""),
        (
            "let m = #{};\nlet i = 0;\nloop { m[`k${i}`] = i; i += 1; let copy = m; }",
            "does not come to an end",
        ),
        (
            "let a = [];\na.pad(1999, 1);\nloop { let copy = a; }",
            "does not come to an end",
        ),
    ] {
        let error = fault(source);
        assert!(error.to_string().contains(expected), "{source}: {error}");
        assert!(error.line > 0, "{source}: {error:?}");
    }
    let deep = format!("let x = {}1{};", "(".repeat(500), ")".repeat(500));
    assert!(fault(&deep).line == 1);
    let chain = format!("let x = 1{};", " + 1".repeat(3_000));
    assert!(fault(&chain).line == 1);
    assert!(fault(&"{".repeat(3_000)).line == 1);
    assert!(fault(&"x".repeat(100_000)).message.contains("limit"));
    let blocks = "if true { ".repeat(200);
    assert!(fault(&blocks).line == 1);
    let names: String = (0..600).map(|i| format!("let a{i} = {i};\n")).collect();
    assert_eq!(fault(&format!("{names}enter_long(true);")).line, 396);
}

#[test]
fn there_is_no_way_out() {
    check("import \"std\" as s;", 1, "import");
    check("let x = eval(\"1\");", 1, "do not exist");
    check("\nprint(\"hello\");", 2, "print");
    check("debug(1);", 1, "debug");
    check("export const A = 1;", 1, "export");
    check("let t = timestamp();", 1, "no function timestamp");
    check("let r = rand();", 1, "no function rand");
    check("open_file(\"/etc/passwd\");", 1, "no function open_file");
    check("sleep(3600);", 1, "sleep");
    check("sleep(3600.0);", 1, "sleep");
    check(
        "let c = `curl`;\nenter_long(c);",
        2,
        "a condition is needed here, not a text",
    );
    check("__end_of_script(1);", 1, "no function");
    check("exit(1); enter_long(true);", 0, "never enters");
}

#[test]
fn the_future_cannot_be_reached() {
    check("enter_long(close.ago(-1) > close);", 1, "look into the future");
    check("enter_long(ago(close, -5) > close);", 1, "look into the future");
    check("enter_long(close.ago(1.5) > close);", 1, "whole number of bars");
    check("enter_long(close.ago(close) > close);", 1, "whole number of bars");
    check("enter_long(close[1] > close);", 1, "");
    check(
        "enter_long(timeframe(\"4h\").close.ago(-1) > close);",
        1,
        "look into the future",
    );
    check("enter_long(timeframe(\"4h\")[1] > close);", 1, "");
    check("enter_long(close.shift(-1) > close);", 1, "no function shift");
}

#[test]
fn comparisons_with_anything_else_are_errors_and_never_silently_false() {
    check(
        "enter_long(close > \"100\");",
        1,
        "a series or a number is needed here, not a text",
    );
    check("enter_long(\"100\" < close);", 1, "not a text");
    check("enter_long(close == ());", 1, "not nothing");
    check("enter_long(close != [1]);", 1, "an array");
    check("enter_long(close > true);", 1, "true or false");
    check(
        "enter_long(macd(close) > 0);",
        1,
        "pick .macd, .signal, .histogram",
    );
    check(
        "enter_long(0 > macd(close));",
        1,
        "pick .macd, .signal, .histogram",
    );
    check(
        "enter_long(macd(close) > macd(close));",
        1,
        "pick .macd, .signal, .histogram",
    );
    check(
        "enter_long(close > bollinger(close));",
        1,
        "pick .upper, .mid, .lower",
    );
    check("enter_long((close > 1) == (open > 1));", 1, "cannot be compared");
    check("enter_long((close > 1) > 0);", 1, "cannot be compared");
    check("enter_long(close > percent(1));", 1, "a percentage");
    check("let x = \"6h\" > 3; enter_long(x);", 1, "cannot be compared");
    check("let x = () == 1; enter_long(x);", 1, "cannot be compared");
    check(
        "let x = percent(1) == percent(1); enter_long(x);",
        1,
        "cannot be compared",
    );
}

#[test]
fn words_for_single_values_get_the_hint() {
    check(
        "enter_long((close > 1) && (open > 1));",
        1,
        "combine conditions with & and |",
    );
    check(
        "enter_long((close > 1) || true);",
        1,
        "combine conditions with & and |",
    );
    check(
        "\n  if close > 1 { enter_long(true); }",
        2,
        "combine conditions with & and |",
    );
    check("while close > 1 { }", 1, "combine conditions with & and |");
    check(
        "enter_long(if close > 1 { true } else { false });",
        1,
        "combine conditions with & and |",
    );
    check("enter_long(!close);", 1, "a condition is needed here");
    check("enter_long(close);", 1, "compare it with something");
    check(
        "enter_long(1);",
        1,
        "a condition is needed here, not the number 1",
    );
    check("enter_long(close & open);", 1, "a condition is needed here");
    check(
        "enter_long((close > 1) + 1);",
        1,
        "a condition stands where a number is needed",
    );
}

#[test]
fn wrong_calls_say_what_to_write() {
    check("enter_long(close > smaa(close, 3));", 1, "did you mean sma?");
    check("enter_long(close > sma(close, 0));", 1, "from 1 to 5000");
    check("enter_long(close > sma(close, 2.5));", 1, "a whole number");
    check("enter_long(close > sma(close, 100000));", 1, "from 1 to 5000");
    check("enter_long(close > sma(14));", 1, "sma needs a series first");
    check(
        "enter_long(close > sma(close, 3, 4));",
        1,
        "sma takes 1 parameters",
    );
    check(
        "enter_long(close > sma(close, \"3\"));",
        1,
        "length must be a number",
    );
    check("enter_long(close > sma());", 1, "write sma(series, length = 20)");
    check("enter_long(close > bollinger(close).top);", 1, "there is no .top");
    check("enter_long(clos > 1);", 1, "clos");
    check("close = 5;", 1, "close");
    check("stop_loss(3); enter_long(true);", 1, "takes percent(x)");
    check("stop_loss(percent(0)); enter_long(true);", 1, "above 0");
    check("stop_loss(percent(150)); enter_long(true);", 1, "below 100");
    check("take_profit(percent(-3)); enter_long(true);", 1, "above 0");
    check(
        "stop_loss(percent(1)); stop_loss(percent(2)); enter_long(true);",
        1,
        "called twice",
    );
    check("enter_long(sentiment(6) > 0);", 1, "in quotes");
    check("enter_long(sentiment(\"6 parsecs\") > 0);", 1, "no span of time");
    check("enter_long(sentiment(\"-6h\") > 0);", 1, "no span of time");
    check(
        "enter_long(sentiment(\"99999999999999w\") > 0);",
        1,
        "no span of time",
    );
    check("let x = 1 +", 1, "");
    check("enter_long(true", 1, "");
    check("", 0, "never enters");
    check("exit_long(true);", 0, "never enters");
    check("enter_long(true);\n\n  let y = 1 / 0;", 3, "");
}

#[test]
fn wrong_orders_say_what_to_write() {
    check(
        "enter_long(true, 5);",
        1,
        "takes limit_order, stop_order or stop_limit_order",
    );
    check(
        "enter_long(true, limit_order());",
        1,
        "write limit_order(price, bars)",
    );
    check("enter_long(true, limit_order(close, 0));", 1, "from 1 to 100000");
    check("enter_long(true, limit_order(close, 1.5));", 1, "a whole number");
    check(
        "enter_long(true, limit_order(close > 1));",
        1,
        "a condition stands where a number is needed",
    );
    check("enter_long(true, stop_order(macd(close)));", 1, "pick .macd");
    check(
        "enter_long(true, stop_limit_order(high));",
        1,
        "write stop_limit_order(",
    );
    check(
        "enter_long(true);\nenter_long(true, stop_order(high));",
        2,
        "different orders",
    );
    check(
        "enter_long(true, stop_order(high));\nenter_long(true);",
        2,
        "different orders",
    );
    check(
        "enter_long(true, stop_order(high));\nenter_long(true, stop_order(low));",
        2,
        "different orders",
    );
    check(
        "exit_long(true, limit_order(close));",
        1,
        "exit_long does not take",
    );
    check("trailing_stop(percent(100)); enter_long(true);", 1, "below 100");
    check(
        "trailing_stop(5); enter_long(true);",
        1,
        "takes percent(x), part(x) or distance(x)",
    );
    check("stop_loss(limit_order(close));", 1, "not an order");
    check(
        "stop_loss(distance(\"far\"));",
        1,
        "a series or a number is needed",
    );
    check("bracket(percent(1));", 1, "write bracket(");
    check(
        "stop_loss(percent(1)); bracket(percent(1), percent(2));",
        1,
        "called twice",
    );
    check("pyramiding(0);", 1, "from 1 to 10000");
    check("pyramiding(2); pyramiding(3);", 1, "called twice");
    check("cooldown(-1);", 1, "from 0 to");
    check("order_share(0);", 1, "above 0 and at most 1");
    check("order_share(1.5);", 1, "above 0 and at most 1");
    check("enter_long(in_session(\"9-17\"));", 1, "are no hours");
    check("enter_long(in_session(\"09:00-25:00\"));", 1, "are no hours");
    check(
        "enter_long(in_session(\"09:00-17:00\", \"someday\"));",
        1,
        "are no days",
    );
    check("enter_long(every(\"soon\"));", 1, "no span of time");
    check("enter_long(every(6));", 1, "write every(period)");
}

#[test]
fn contradictory_parameters_are_refused() {
    check("param(\"Fast\", 1);", 1, "small letters");
    check("param(\"\", 1);", 1, "cannot name a parameter");
    check("param(\"n\", \"1\");", 1, "must be a number");
    check("param(\"n\", 1, #{min: 2});", 1, "does not hold");
    check("param(\"n\", 1, #{step: 0});", 1, "step must be above 0");
    check("param(\"n\", 1, #{step: 0.5});", 1, "must be whole");
    check("param(\"n\", 1, #{maximum: 5});", 1, "no option maximum");
    check("param(\"n\", 1, #{about: 5});", 1, "text in quotes");
    check("param(\"n\", 1);\nparam(\"n\", 2);", 2, "declared twice");
    check("param(\"n\");", 1, "write param(");
}
