//! The assets that are known, with what their names and tickers need to mean them.

/// How a name or ticker is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Means the asset wherever it stands as a word of its own, in any case.
    Name,
    /// A word of the language: capitalised, and next to a word of the trade or the asset's own ticker.
    WordName,
    /// Means the asset where it stands in upper case.
    Ticker,
    /// An abbreviation of other things too: upper case in a text about crypto, and not in a line of capitals.
    SharedTicker,
    /// A word of the language: only as `$TICKER`, in brackets after a name, in a pair, or beside its name in the text.
    WordTicker,
}

/// An asset: its ticker, that ticker's class, and its names with theirs.
pub(super) struct Known {
    pub(super) ticker: &'static str,
    pub(super) class: Class,
    pub(super) names: &'static [(&'static str, Class)],
}

use Class::{Name, SharedTicker, Ticker, WordName, WordTicker};

const fn known(ticker: &'static str, class: Class, names: &'static [(&'static str, Class)]) -> Known {
    Known { ticker, class, names }
}

pub(super) const ASSETS: &[Known] = &[
    known(
        "BTC",
        Ticker,
        &[("bitcoin", Name), ("bitcoins", Name), ("xbt", SharedTicker)],
    ),
    known("ETH", Ticker, &[("ethereum", Name), ("ether", WordName)]),
    known("USDT", Ticker, &[("tether", WordName)]),
    known("USDC", Ticker, &[("usd coin", Name)]),
    known("BNB", Ticker, &[("binance coin", Name), ("bnb chain", Name)]),
    known("SOL", SharedTicker, &[("solana", Name)]),
    known("XRP", Ticker, &[("ripple", WordName), ("xrp ledger", Name)]),
    known("DOGE", SharedTicker, &[("dogecoin", Name)]),
    known("ADA", SharedTicker, &[("cardano", Name)]),
    known("TRX", SharedTicker, &[("tron", WordName)]),
    known("AVAX", Ticker, &[("avalanche", WordName)]),
    known("LINK", WordTicker, &[("chainlink", Name)]),
    known("DOT", WordTicker, &[("polkadot", Name)]),
    known("POL", WordTicker, &[("polygon", WordName)]),
    known("MATIC", Ticker, &[]),
    known("LTC", Ticker, &[("litecoin", Name)]),
    known("BCH", Ticker, &[("bitcoin cash", Name)]),
    known("BSV", Ticker, &[("bitcoin sv", Name)]),
    known("ETC", WordTicker, &[("ethereum classic", Name)]),
    known("XLM", Ticker, &[("stellar lumens", Name), ("stellar", WordName)]),
    known("XMR", Ticker, &[("monero", Name)]),
    known("ZEC", Ticker, &[("zcash", Name)]),
    known("DASH", WordTicker, &[]),
    known("SHIB", Ticker, &[("shiba inu", Name)]),
    known("PEPE", WordTicker, &[("pepe", WordName)]),
    known("BONK", WordTicker, &[("bonk", WordName)]),
    known("WIF", WordTicker, &[("dogwifhat", Name)]),
    known("FLOKI", Ticker, &[("floki inu", Name)]),
    known("TRUMP", WordTicker, &[]),
    known("UNI", WordTicker, &[("uniswap", Name)]),
    known("AAVE", Ticker, &[("aave", Name)]),
    known("MKR", SharedTicker, &[("makerdao", Name), ("maker", WordName)]),
    known(
        "CRV",
        SharedTicker,
        &[("curve dao", Name), ("curve finance", Name)],
    ),
    known("COMP", WordTicker, &[]),
    known("SNX", SharedTicker, &[("synthetix", Name)]),
    known(
        "LDO",
        SharedTicker,
        &[("lido dao", Name), ("lido finance", Name), ("lido", WordName)],
    ),
    known("ENA", WordTicker, &[("ethena", Name)]),
    known("ONDO", SharedTicker, &[("ondo finance", Name)]),
    known("HYPE", WordTicker, &[("hyperliquid", Name)]),
    known("ATOM", WordTicker, &[("cosmos", WordName)]),
    known("NEAR", WordTicker, &[("near protocol", Name)]),
    known("APT", WordTicker, &[("aptos", Name)]),
    known("SUI", SharedTicker, &[("sui network", Name), ("sui", WordName)]),
    known("SEI", WordTicker, &[("sei network", Name)]),
    known(
        "TON",
        WordTicker,
        &[("toncoin", Name), ("the open network", Name)],
    ),
    known("ARB", SharedTicker, &[("arbitrum", Name)]),
    known("OP", WordTicker, &[("optimism", WordName)]),
    known("STRK", SharedTicker, &[("starknet", Name)]),
    known("ZK", WordTicker, &[("zksync", Name)]),
    known("IMX", SharedTicker, &[("immutable x", Name)]),
    known("ICP", SharedTicker, &[("internet computer", WordName)]),
    known("FIL", SharedTicker, &[("filecoin", Name)]),
    known("AR", WordTicker, &[("arweave", Name)]),
    known("HBAR", Ticker, &[("hedera", Name)]),
    known("ALGO", WordTicker, &[("algorand", Name)]),
    known("VET", WordTicker, &[("vechain", Name)]),
    known("XTZ", Ticker, &[("tezos", Name)]),
    known("EOS", SharedTicker, &[]),
    known("KAS", WordTicker, &[("kaspa", Name)]),
    known("TAO", WordTicker, &[("bittensor", Name)]),
    known("RENDER", WordTicker, &[("render network", Name)]),
    known("FET", WordTicker, &[("fetch.ai", Name)]),
    known("INJ", Ticker, &[("injective", WordName)]),
    known("TIA", WordTicker, &[("celestia", WordName)]),
    known("RUNE", WordTicker, &[("thorchain", Name)]),
    known("JUP", SharedTicker, &[]),
    known("PYTH", Ticker, &[("pyth network", Name)]),
    known("WLD", SharedTicker, &[("worldcoin", Name)]),
    known("SAND", WordTicker, &[]),
    known("MANA", WordTicker, &[("decentraland", Name)]),
    known("AXS", SharedTicker, &[("axie infinity", Name)]),
    known("APE", WordTicker, &[("apecoin", Name)]),
    known("GRT", SharedTicker, &[]),
    known("DAI", SharedTicker, &[]),
    known("CRO", SharedTicker, &[("cronos", WordName)]),
    known("OKB", Ticker, &[]),
    known("LEO", WordTicker, &[]),
    known("QNT", SharedTicker, &[]),
    known("ONE", WordTicker, &[("harmony one", Name)]),
    known("SAFE", WordTicker, &[]),
    known("JOE", WordTicker, &[]),
];

/// Quotes that make a pair: `SOLUSDT`, `SOL/USD`, `SOL-BTC`.
pub(super) const QUOTES: [&str; 11] = [
    "USDT", "USDC", "FDUSD", "USD", "EUR", "GBP", "JPY", "KRW", "BTC", "ETH", "PERP",
];

/// Longer names that contain another asset's name without meaning that asset.
pub(super) const OTHERS: &[&str] = &[
    "wrapped bitcoin",
    "bitcoin cash",
    "bitcoin sv",
    "bitcoin gold",
    "bitcoin magazine",
    "ethereum classic",
    "ethereum name service",
    "ripple effect",
    "ripple effects",
];

/// Words of the trade. Beside an ambiguous name they make it the asset; anywhere in a text they make it one about crypto.
pub(super) const TRADE: &[&str] = &[
    "altcoin",
    "altcoins",
    "airdrop",
    "blockchain",
    "blockchains",
    "coin",
    "coins",
    "crypto",
    "cryptocurrency",
    "cryptocurrencies",
    "dapp",
    "dapps",
    "defi",
    "dex",
    "etf",
    "etfs",
    "etp",
    "etps",
    "hodl",
    "layer-1",
    "layer-2",
    "layer",
    "ledger",
    "mainnet",
    "memecoin",
    "memecoins",
    "mining",
    "nft",
    "nfts",
    "on-chain",
    "onchain",
    "perpetuals",
    "protocol",
    "rollup",
    "smart contract",
    "smart contracts",
    "stablecoin",
    "stablecoins",
    "staking",
    "testnet",
    "token",
    "tokens",
    "tokenized",
    "validator",
    "validators",
    "wallet",
    "wallets",
    "web3",
];

/// Words that say too little about a whole text, but enough beside an ambiguous name.
pub(super) const BESIDE: &[&str] = &[
    "network",
    "foundation",
    "ecosystem",
    "price",
    "futures",
    "spot",
    "labs",
    "native",
    "subnet",
    "subnets",
];
