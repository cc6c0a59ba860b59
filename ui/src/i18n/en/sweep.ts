import { counter } from "../plural";

const n = counter("en");

export const sweep = {
  title: "What is tried",
  results: "Result",
  parameter: (number: number) => `Parameter ${number}`,
  fields: { from: "from", to: "to", step: "step" },
  field: (field: string, name: string) => `${name}, ${field}`,
  values: (count: number) => n(count, "value", "values"),
  add: "Second parameter",
  takeOut: (name: string) => `Do not try ${name}`,
  runs: (count: number) => n(count, "run", "runs"),
  formFault: "The form at the right has a mistake.",
  axisFault: "Mend the values first.",
  tooMany: (runs: string, most: string) =>
    `${runs} runs are too many: ${most} are kept at most. Take a larger step or a smaller range.`,
  start: "Start the sweep",
  running: "Running",
  progress: (done: string, total: string) => `${done} of ${total} runs`,
  cancel: "Cancel",
  cancelled: "Cancelled. Nothing was stored.",
  noRotation: "A sweep runs over one symbol, and this strategy rotates over several.",
  noParams: "The script of this strategy declares no parameters, so there is nothing to try.",
  empty: {
    title: "No sweep yet",
    body: "Choose what is tried above and start. All other inputs are those of the form; the result is kept here.",
  },
  choose: "Sweep shown",
  line: (axes: string, series: string, runs: number, finished: string) =>
    `${axes} · ${series} · ${n(runs, "run", "runs")} · ${finished}`,
  remove: "Delete the sweep",
  removeTitle: "Delete the sweep?",
  removeBody: (name: string) => `${name}. Runs that were made of its rows stay.`,
  removed: "Sweep deleted",
  figures: {
    open: "Open",
    seriesGone: "The series is not stored any more",
    best: {
      name: "Best Sharpe ratio",
      open: "Run it as a backtest of its own",
      note: (sharpe: string, change: string) => `Sharpe ${sharpe}, return ${change}`,
    },
    trials: {
      name: "Trials",
      about:
        "Runs that traded, and so have a Sharpe ratio. The more there are, the better the best of them looks by chance alone.",
      note: (rows: number) => `of ${n(rows, "run", "runs")}`,
    },
    deflated: {
      name: "Deflated Sharpe ratio",
      about:
        "Probability that the best run has a true Sharpe ratio above what the best of as many runs without any skill would show. From 0.95 on it is hard to put down to luck; 0.5 is what luck gives. Tries in other sweeps are not counted. Bailey and López de Prado, 2014.",
      note: (own: string, luck: string) => `${own}, by luck ${luck}`,
    },
    overfitting: {
      name: "Probability of overfitting",
      about:
        "How often the run that was best on one half of the bars was among the worse half of all runs on the other. At 0 % what was best stayed good; at 50 % choosing the best was worth nothing. It does not say that the strategy earns. Bailey, Borwein, López de Prado and Zhu, 2017.",
      note: (parts: number, ways: string) => `${parts} parts, ${ways} ways`,
    },
    absent: {
      noTrials: "No run traded",
      oneTrial: "Only one run traded: nothing was chosen",
      equalTrials: "All runs are equal: nothing was chosen",
      fewBars: "Too few bars: 40 are needed",
      undefined: "The best run's returns are too odd",
    },
  },
  heat: {
    one: (name: string) => `By ${name}`,
    two: (down: string, across: string) => `By ${down} and ${across}`,
    colouredBy: "Coloured by",
    label: (figure: string) => `Map of the runs, coloured by ${figure}. Arrow keys move, Enter opens the run.`,
    figures: { return: "Return", sharpe: "Sharpe", drawdown: "Drawdown", trades: "Trades" },
    cell: (params: string, figures: string) => `${params}: ${figures}`,
    problem: (params: string, problem: string) => `${params}: could not be run: ${problem}`,
    open: "Open as a run",
  },
  table: {
    title: "Runs of the sweep",
    axis: (name: string) => `Value of the parameter ${name}.`,
    problem: "Problem",
    columns: {
      return: { name: "Return", about: "Final equity over the initial cash, less 1." },
      sharpe: {
        name: "Sharpe",
        about: "Mean of the bar returns over their standard deviation (ddof 1), annualised.",
      },
      sortino: { name: "Sortino", about: "The same over the root mean square of the negative returns." },
      drawdown: { name: "Drawdown", about: "Deepest fall of the equity from a peak before it." },
      trades: { name: "Trades", about: "Closed trades." },
      winRate: { name: "Win rate", about: "Closed trades with a profit over all closed trades." },
      profitFactor: { name: "Profit f.", about: "Sum of the profits over the sum of the losses of closed trades." },
    },
  },
};
