import { counter } from "../plural";

const n = counter("en");

export const model = {
  title: "How good is the model?",
  scores: (title: string) => `${title} scores`,
  list: {
    title: "Models",
    import: "Take a model from a folder",
    available: (size: string) => `to be downloaded, about ${size}`,
    partly: "download not finished",
    installed: "here",
    current: "scores now",
    refused: "cannot be used",
  },
  actions: {
    use: "Let it score",
    used: (title: string) => `${title} scores from now on`,
    download: (size: string) => `Download about ${size}`,
    resume: "Go on with the download",
    remove: "Remove",
    removed: (title: string) => `${title} was removed; its scores stay`,
    running: "Asking and checking",
    progress: (done: string, total: string) => `${done} of ${total}`,
    left: (time: string) => `${time} left`,
    cancel: "Cancel",
    cancelled: "Cancelled. What has arrived is kept.",
  },
  pages: { card: "Card", check: "On labelled texts", prices: "News and prices" },
  labels: { negative: "negative", neutral: "neutral", positive: "positive" },
  card: {
    id: "Model",
    sha: "SHA-256 of its weights",
    refused: (reason: string) => `This model cannot be used: ${reason}.`,
    about: (size: string) => `about ${size}`,
    stated: "stated here",
    licence: "Licence",
    language: "Language",
    languages: { en: "English" },
    size: "Size",
    reads: "Reads at most",
    pieces: (count: number) => n(count, "word piece", "word pieces"),
    folder: "Folder",
    own: "In the words of those who made it",
    silent: "The folder has no README.md: nothing is known of its data and its figures.",
  },
  scoring: {
    state: "Scoring program:",
    waiting: "articles that wait:",
    rate: (rate: string) => `${rate} articles/s`,
    now: "Score them now",
    none: "It has not scored any article yet.",
    title: (scored: number) => `How it scored the newest ${n(scored, "article", "articles")}:`,
    spread: (positive: number, neutral: number, negative: number) =>
      `${positive} positive, ${neutral} neutral, ${negative} negative.`,
    step: (from: string, to: string, count: number) => `${from} to ${to}: ${n(count, "article", "articles")}`,
  },
  check: {
    about:
      "A CSV with a header, a column of texts and one of labels that people gave. The current model and a plain list of good and bad words answer the same texts.",
    choose: "Choose a file",
    noFile: "No file chosen",
    more: "Columns and labels",
    textColumn: "Column of texts",
    labelColumn: "Column of labels",
    byName: "found by its name",
    names: "What labels mean",
    namesHint: "0=negative,1=positive,2=neutral",
    start: "Check the model",
    running: "Scoring",
    progress: (done: string, total: string) => `${done} of ${total} texts`,
    cancel: "Cancel",
    cancelled: "Cancelled. Nothing was kept.",
    shown: "Evaluation shown",
    line: (file: string, model: string, finished: string) => `${file} · ${model} · ${finished}`,
    remove: "Forget this evaluation",
    removed: "Evaluation forgotten",
    empty: {
      title: "Not checked on your texts yet",
      body: "Choose a file above. What comes out is kept here, so that models can be held beside each other. What the model's makers measured is on its card.",
    },
    older: "This was another model than the current one.",
    figures: {
      accuracy: {
        name: "Accuracy",
        about:
          "Part of the texts that the model calls what people called them. The range is Wilson's interval: where it lies with 95 % confidence, given so many texts.",
        note: (low: string, high: string) => `95 %: ${low} to ${high}`,
      },
      macroF1: {
        name: "Macro-F1",
        about: "Mean of the F1 scores of negative, neutral and positive, each counting the same, however rare it is.",
        note: (list: string) => `word list ${list}`,
      },
      wordList: {
        name: "Word list",
        about: "Accuracy of counting good and bad words, without any model. A bar that every model has to clear.",
        note: (low: string, high: string) => `95 %: ${low} to ${high}`,
      },
      majority: {
        name: "Always the same",
        about: "What always answering with the most frequent label would reach.",
        note: "the most frequent label",
      },
      calibration: {
        name: "Calibration error",
        about:
          "Expected calibration error in 15 bins: by how much the model's probabilities miss how often it is right. 0 is perfect. Guo et al., 2017.",
        note: { over: "surer than right", under: "less sure than right", even: "about as sure as right" },
      },
      brier: {
        name: "Brier score",
        about:
          "Mean squared distance of the three probabilities from what is true: 0 is perfect, always saying a third each gives 0.67.",
        note: "0 is perfect, 2 the worst",
      },
      texts: {
        name: "Texts",
        about: "Texts that were scored.",
        note: (rows: number) => (rows === 0 ? "all rows of the file" : `${n(rows, "row", "rows")} left out`),
      },
    },
    confusion: {
      title: "What is taken for what",
      who: "Whose answers",
      model: "Model",
      wordList: "Word list",
      label: "Labelled",
      answered: "Answered",
      texts: "Texts",
      precision: "Precision",
      recall: "Recall",
      f1: "F1",
      cell: (label: string, answer: string, count: string, share: string) =>
        `Of the texts labelled ${label}, ${count} (${share}) were called ${answer}`,
    },
    reliability: {
      title: "How far its probabilities can be believed",
      about:
        "Each mark is a group of texts of whose answers the model was about as sure; the larger, the more texts. On the line it is right as often as it says; below it, it is too sure.",
      sure: "Sure",
      right: "Right",
      texts: "Texts",
      mark: (sure: string, right: string, texts: string) => `${texts} texts: ${sure} sure, ${right} right`,
    },
    leftOut: {
      title: "Left out",
      row: (line: string, reason: string) => `Line ${line}: ${reason}`,
      more: (count: number) => `and ${n(count, "more row", "more rows")}`,
      down: (count: number) => `${n(count, "text brings", "texts bring")} the scoring program down`,
      cut: (count: number) => `Of ${n(count, "text", "texts")} the model read only the beginning`,
    },
  },
  prices: {
    about:
      "What a price did after news that the model calls strong, from the open of the first candle at which they were known.",
    series: "Prices",
    strong: "Strong from",
    lead: (apart: number, judged: number) =>
      judged === 0
        ? "On fewer than two days there were strong news: nothing can be said yet."
        : apart === 0
          ? `None of ${judged} responses differs from any other time by more than chance explains.`
          : `${apart} of ${n(judged, "response differs", "responses differ")} from any other time by more than chance explains. With many looks some do by luck.`,
    counted: (articles: number, asset: string, candles: string) =>
      `${n(articles, "scored story", "scored stories")} about ${asset} beside ${candles} candles`,
    picture: "Mean return after good and bad news with 95 % bands, beside any other time",
    good: "Good news",
    bad: "Bad news",
    usual: "Any time",
    later: (bars: number) => n(bars, "candle later", "candles later"),
    mark: (news: string, later: string, mean: string, band: string) => `${news}, ${later}: ${mean}, band ${band}`,
    noBand: "none",
    band: (low: string, high: string) => `${low} to ${high}`,
    columns: {
      news: "News",
      later: "Candles later",
      events: "Events",
      days: "Days",
      mean: "Mean return",
      band: "95 % band",
      usual: "Any time",
      apart: "Differs",
    },
    columnsAbout: {
      events:
        "Candles at whose open strong news were known that were not known before, with so many candles behind them.",
      days: "Days that the events happened on. What happens on one day is not independent: the band is over days.",
      mean: "Close of the last candle over open of the first, less 1, on average.",
      band: "Where the mean lies with 95 % confidence, clustered by days (Liang and Zeger, 1986).",
      usual: "The same return from any candle: what would have come without news.",
      apart: "Whether any time lies outside of the band.",
    },
    yes: "yes",
    no: "no",
    untold: "cannot be told",
    none: {
      title: "No strong news in this span",
      body: "Take a lower strength, prices that reach further back, or let more articles be scored.",
    },
    empty: {
      title: "No prices to look at",
      body: "Fetch or import candles of an asset that the news write about.",
    },
    noAdvice: "A past response is no forecast, and this is no advice.",
  },
};
