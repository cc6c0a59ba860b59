export const backtest = {};
