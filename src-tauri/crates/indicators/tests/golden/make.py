"""Writes values.csv: a market of our own (fixed seed) and what TA-Lib's C library and pandas-ta-classic make of it.

    pip install TA-Lib==0.8.2 pandas-ta-classic==0.8.32 && python make.py
"""
import numpy as np, pandas as pd, pandas_ta_classic as pta, talib as t

N = 160
g = np.random.Generator(np.random.PCG64(7))
close = 250 + np.cumsum(g.integers(-300, 301, N)) / 100
open_ = np.r_[250.0, close[:-1]]
high = np.maximum(open_, close) + g.integers(0, 150, N) / 100
low = np.minimum(open_, close) - g.integers(0, 150, N) / 100
volume = g.integers(1, 900_000, N) / 1000
open_, close, high, low = (np.round(x, 2) for x in (open_, close, high, low))
O, H, L, C, V = (np.asarray(x, float) for x in (open_, high, low, close, volume))
h, l, c, v = (pd.Series(x) for x in (H, L, C, V))
r = dict(open=O, high=H, low=L, close=C, volume=V)

def lib(column, *outputs):
    """A column name is id(parameters).output, as our catalogue calls it."""
    names = column if isinstance(column, list) else [column]
    for name, values in zip(names, outputs):
        r[name] = np.asarray(values, float)

lib("rma(14).value", t.RMA(C, 14)); lib("trima(20).value", t.TRIMA(C, 20)); lib("trima(7).value", t.TRIMA(C, 7))
lib("t3(5;0.7).value", t.T3(C, 5, 0.7)); lib("zlema(20).value", t.ZLEMA(C, 20))
w = np.exp(-((np.arange(9) - int(0.85 * 8)) ** 2) / (2 * (9 / 6) ** 2))  # pandas-ta has the weights the wrong way round
lib("alma(9;0.85;6).value", c.rolling(9).apply(lambda x: (x * w).sum() / w.sum(), raw=True))
lib(["acceleration_bands(20).upper", "acceleration_bands(20).mid", "acceleration_bands(20).lower"], *t.ACCBANDS(H, L, C, 20))
lib("adxr(14).value", t.ADXR(H, L, C, 14)); lib("aroon_oscillator(25).value", t.AROONOSC(H, L, 25))
lib(["vortex(14).plus", "vortex(14).minus"], *t.VORTEX(H, L, C, 14)); lib("mass(9;25).value", t.MASSI(H, L, 9, 25))
lib("vhf(28).value", t.VHF(C, 28)); lib("efficiency(10).value", t.ER(C, 10)); lib("linreg_slope(14).value", t.LINEARREG_SLOPE(C, 14))
lib(["elder_ray(13).bull", "elder_ray(13).bear"], *t.ERI(H, L, C, 13))
lib(["dmi(14).plus", "dmi(14).minus", "dmi(14).adx"], t.PLUS_DI(H, L, C, 14), t.MINUS_DI(H, L, C, 14), t.ADX(H, L, C, 14))
lib("choppiness(14).value", pta.chop(h, l, c, 14))
lib(["heikin_ashi().open", "heikin_ashi().high", "heikin_ashi().low", "heikin_ashi().close"], *t.HA(O, H, L, C))
lib("ppo(12;26;9).value", t.PPO(C, 12, 26, 1)); lib("apo(12;26).value", t.APO(C, 12, 26, 1))
lib("awesome(5;34).value", t.AO(H, L, 5, 34)); lib("accelerator(5;34;5).value", t.AC(H, L, 5, 34, 5))
lib("tsi(25;13;13).value", t.TSI(C, 25, 13)); lib("detrended(20).value", t.DPO(C, 20)); lib("coppock(10;11;14).value", t.COPPOCK(C, 10, 11, 14))
lib("bop().value", t.BOP(O, H, L, C)); lib(["smi(13;2;25;9).value", "smi(13;2;25;9).signal"], *t.SMI(H, L, C, 13, 2, 25, 9))
lib("imi(14).value", t.IMI(O, C, 14))
lib(["kdj(9;3;3).k", "kdj(9;3;3).d", "kdj(9;3;3).j"], *t.KDJ(H, L, C, 9, 3, 13, 3, 13))
kst = sum(w * t.SMA(t.ROC(C, r), n) for w, (r, n) in enumerate([(10, 10), (15, 10), (20, 10), (30, 15)], 1))
signal = t.SMA(kst, 9)  # the library gives the line only where it has the signal
lib(["kst(10;15;20;30;10;10;10;15;9).value", "kst(10;15;20;30;10;10;10;15;9).signal"], np.where(np.isnan(signal), np.nan, kst), signal)
lib("chaikin_volatility(10;10).value", t.CVI(H, L, 10, 10)); lib("rvi(14;10).value", t.RVI(C, 14, 10))
lib("ulcer(14).value", np.r_[np.full(26, np.nan), np.sqrt(pd.Series((100 * (c / c.rolling(14).max() - 1)) ** 2).rolling(14).mean())[26:]])
lib("zscore(20).value", (c - c.rolling(20).mean()) / c.rolling(20).std(ddof=0))
lib("adosc(3;10).value", t.ADOSC(H, L, C, V, 3, 10)); lib("cmf(20).value", t.CMF(H, L, C, V, 20)); lib("force(13).value", t.EFI(C, V, 13))
lib("volume_oscillator(5;10).value", t.PVO(V, 5, 10, 1)); lib("relative_volume(20).value", t.RVOL(V, 20))
lib("pvt().value", t.PVT(C, V)); lib("nvi().value", t.NVI(C, V)); lib("pvi().value", t.PVI(C, V))
lib("percent_rank(100).value", t.PERCENTRANK(C, 100))
b = pta.bbands(c, 20, 2, ddof=0)
lib("bollinger_percent(20;2).value", b.iloc[:, 4]); lib("bollinger_width(20;2).value", b.iloc[:, 3])
lib("envelope(20;5).upper", t.SMA(C, 20) * 1.05); lib("vwap_rolling(20).value", ((h + l + c) / 3 * v).rolling(20).sum() / v.rolling(20).sum())
lib(["linreg_channel(20;2).mid"], t.LINEARREG(C, 20)); lib("median(21).value", c.rolling(21).median())
lib("chandelier(22;3).long", h.rolling(22).max() - 3 * t.ATR(H, L, C, 22)); lib("chandelier(22;3).short", l.rolling(22).min() + 3 * t.ATR(H, L, C, 22))
lib("hist_vol(20).value", np.log(c / c.shift()).rolling(20).std(ddof=1) * np.sqrt(365 * 24) * 100)
smma = lambda n, s: pd.Series(t.RMA((H + L) / 2, n)).shift(s)
lib(["alligator(13;8;5).jaw", "alligator(13;8;5).teeth", "alligator(13;8;5).lips"], smma(13, 8), smma(8, 5), smma(5, 3))
lib("trend_correlation(20).value", c.rolling(20).apply(lambda w: np.corrcoef(w, np.arange(20))[0, 1]))
pd.DataFrame(r).to_csv("values.csv", index=False, float_format="%.13g")
