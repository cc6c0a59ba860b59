//! The script engine: one for the whole program, with its limits.

use std::sync::OnceLock;

use rhai::packages::{
    BasicArrayPackage, BasicMapPackage, BasicMathPackage, CorePackage, LogicPackage, Package,
};
use rhai::{Engine, OptimizationLevel, Scope};

use super::values::{Away, Bundle, EntryOrder, Fault, Kind, LongerBars, Series, Source, fault};
use super::{functions, indicators, operators, orders};
use crate::graph::{Price, TESTED};

/// Called when a script's statements are done. No script can call it: the name is no identifier a person would write.
pub(super) const END: &str = "__end_of_script";

/// The columns that scripts see as constants.
pub(super) const PRICES: [(&str, Price); 5] = [
    ("open", Price::Open),
    ("high", Price::High),
    ("low", Price::Low),
    ("close", Price::Close),
    ("volume", Price::Volume),
];

/// The engine. Nothing in it changes after it is made; what a run asks for travels in the run's tag.
pub(super) fn shared() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(build)
}

/// The constants a script starts with.
pub(super) fn scope() -> Scope<'static> {
    let mut scope = Scope::new();
    for (name, price) in PRICES {
        scope.push_constant(
            name,
            Series {
                kind: Kind::Numbers,
                source: Source::Price(price, TESTED),
            },
        );
    }
    scope
}

fn build() -> Engine {
    let mut engine = Engine::new_raw();
    CorePackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);

    // The optimizer folds a comparison of a constant series with anything to `false` without a word.
    engine.set_optimization_level(OptimizationLevel::None);
    // Our own operators come before the built-in ones, which say `false` when types do not match.
    engine.set_fast_operators(false);
    engine.set_strict_variables(true);
    engine.set_fail_on_invalid_map_property(true);
    // Function pointers can carry arguments without a limit of their own.
    engine.set_allow_anonymous_fn(false);
    // Few enough that even a script whose every operation copies its largest value ends within a second or two.
    engine.set_max_operations(20_000);
    engine.set_max_call_levels(16);
    engine.set_max_expr_depths(48, 24);
    engine.set_max_string_size(8_192);
    engine.set_max_array_size(2_000);
    engine.set_max_map_size(200);
    engine.set_max_variables(400);
    engine.set_max_functions(64);
    engine.set_max_modules(0);
    for symbol in [
        "import",
        "export",
        "eval",
        "print",
        "debug",
        "Fn",
        "call",
        "curry",
        "is_shared",
    ] {
        engine.disable_symbol(symbol);
    }

    engine.register_type_with_name::<Series>("series");
    engine.register_type_with_name::<Bundle>("indicator");
    engine.register_type_with_name::<LongerBars>("timeframe");
    engine.register_type_with_name::<Away>("percentage");
    engine.register_type_with_name::<EntryOrder>("order");
    engine.register_fn(END, || {});
    // The language's own would hold up the thread; ours is found first.
    engine.register_fn("sleep", |_: i64| {
        Err::<(), Fault>(fault("a strategy cannot sleep: there is no clock"))
    });
    engine.register_fn("sleep", |_: f64| {
        Err::<(), Fault>(fault("a strategy cannot sleep: there is no clock"))
    });
    operators::register(&mut engine);
    indicators::register(&mut engine);
    functions::register(&mut engine);
    orders::register(&mut engine);
    engine
}
