import { counter } from "../plural";
import type { Catalogue } from "../text";

const n = counter("de");

export const sweep: Catalogue["sweep"] = {
  title: "Was probiert wird",
  results: "Ergebnis",
  parameter: (number) => `Parameter ${number}`,
  fields: { from: "von", to: "bis", step: "Schritt" },
  field: (field, name) => `${name}, ${field}`,
  values: (count) => n(count, "Wert", "Werte"),
  add: "Zweiter Parameter",
  takeOut: (name) => `${name} nicht probieren`,
  runs: (count) => n(count, "Lauf", "Läufe"),
  formFault: "Im Formular rechts ist ein Fehler.",
  axisFault: "Zuerst die Werte berichtigen.",
  tooMany: (runs, most) =>
    `${runs} Läufe sind zu viele: höchstens ${most} werden aufbewahrt. Einen größeren Schritt oder einen kleineren Bereich nehmen.`,
  start: "Suche starten",
  running: "Läuft",
  progress: (done, total) => `${done} von ${total} Läufen`,
  cancel: "Abbrechen",
  cancelled: "Abgebrochen. Es wurde nichts gespeichert.",
  noRotation: "Eine Suche läuft über ein Symbol, und diese Strategie rotiert über mehrere.",
  noParams: "Das Skript dieser Strategie hat keine Parameter, also gibt es nichts zu probieren.",
  empty: {
    title: "Noch keine Suche",
    body: "Oben wählen, was probiert wird, und starten. Alle anderen Eingaben sind die des Formulars; das Ergebnis bleibt hier.",
  },
  choose: "Gezeigte Suche",
  line: (axes, series, runs, finished) => `${axes} · ${series} · ${n(runs, "Lauf", "Läufe")} · ${finished}`,
  remove: "Suche löschen",
  removeTitle: "Die Suche löschen?",
  removeBody: (name) => `${name}. Läufe, die aus ihren Zeilen gemacht wurden, bleiben.`,
  removed: "Suche gelöscht",
  figures: {
    open: "Öffnen",
    seriesGone: "Die Reihe ist nicht mehr gespeichert",
    best: {
      name: "Beste Sharpe-Ratio",
      open: "Als eigenen Backtest laufen lassen",
      note: (sharpe, change) => `Sharpe ${sharpe}, Rendite ${change}`,
    },
    trials: {
      name: "Versuche",
      about:
        "Läufe, die gehandelt haben und so eine Sharpe-Ratio besitzen. Je mehr es sind, desto besser sieht der beste schon durch Zufall aus.",
      note: (rows) => `von ${n(rows, "Lauf", "Läufen")}`,
    },
    deflated: {
      name: "Deflated Sharpe Ratio",
      about:
        "Wahrscheinlichkeit, dass die wahre Sharpe-Ratio des besten Laufs über dem liegt, was der beste von ebenso vielen Läufen ohne jedes Können zeigen würde. Ab 0,95 ist es kaum noch Glück; 0,5 ist, was Glück ergibt. Versuche in anderen Suchen zählen nicht mit. Bailey und López de Prado, 2014.",
      note: (own, luck) => `${own}, Glück ${luck}`,
    },
    overfitting: {
      name: "Überanpassung",
      about:
        "Wahrscheinlichkeit der Überanpassung: wie oft der Lauf, der auf einer Hälfte der Balken der beste war, auf der anderen zur schlechteren Hälfte aller Läufe gehörte. Bei 0 % blieb gut, was am besten war; bei 50 % war die Wahl nichts wert. Sie sagt nicht, dass die Strategie verdient. Bailey, Borwein, López de Prado und Zhu, 2017.",
      note: (parts, ways) => `${parts} Teile, ${ways} Wege`,
    },
    absent: {
      noTrials: "Kein Lauf hat gehandelt",
      oneTrial: "Nur ein Lauf hat gehandelt: keine Wahl",
      equalTrials: "Alle Läufe sind gleich: keine Wahl",
      fewBars: "Zu wenige Balken: 40 sind nötig",
      undefined: "Die Renditen des besten sind zu sonderbar",
    },
  },
  heat: {
    one: (name) => `Nach ${name}`,
    two: (down, across) => `Nach ${down} und ${across}`,
    colouredBy: "Gefärbt nach",
    label: (figure) => `Karte der Läufe, gefärbt nach ${figure}. Pfeiltasten bewegen, Enter öffnet den Lauf.`,
    figures: { return: "Rendite", sharpe: "Sharpe", drawdown: "Rückgang", trades: "Trades" },
    cell: (params, figures) => `${params}: ${figures}`,
    problem: (params, problem) => `${params}: lief nicht: ${problem}`,
    open: "Als Lauf öffnen",
  },
  table: {
    title: "Läufe der Suche",
    axis: (name) => `Wert des Parameters ${name}.`,
    problem: "Problem",
    columns: {
      return: { name: "Rendite", about: "Kapital am Ende durch Kapital am Anfang, minus 1." },
      sharpe: {
        name: "Sharpe",
        about: "Mittel der Balkenrenditen durch ihre Standardabweichung (ddof 1), auf ein Jahr gerechnet.",
      },
      sortino: { name: "Sortino", about: "Dasselbe durch das quadratische Mittel der negativen Renditen." },
      drawdown: { name: "Rückgang", about: "Tiefster Fall des Kapitals von einem Hoch davor." },
      trades: { name: "Trades", about: "Geschlossene Trades." },
      winRate: { name: "Trefferquote", about: "Geschlossene Trades mit Gewinn durch alle geschlossenen." },
      profitFactor: { name: "Profit-F.", about: "Summe der Gewinne durch Summe der Verluste geschlossener Trades." },
    },
  },
};
