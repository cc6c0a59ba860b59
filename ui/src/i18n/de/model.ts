import { counter } from "../plural";
import type { Catalogue } from "../text";

const n = counter("de");

export const model: Catalogue["model"] = {
  title: "Wie gut ist das Modell?",
  scores: (title) => `${title} bewertet`,
  list: {
    title: "Modelle",
    import: "Modell aus einem Ordner nehmen",
    available: (size) => `herunterladbar, etwa ${size}`,
    partly: "Download nicht beendet",
    installed: "vorhanden",
    current: "bewertet jetzt",
    refused: "nicht brauchbar",
  },
  actions: {
    use: "Bewerten lassen",
    used: (title) => `${title} bewertet von jetzt an`,
    download: (size) => `Etwa ${size} herunterladen`,
    resume: "Download fortsetzen",
    remove: "Entfernen",
    removed: (title) => `${title} wurde entfernt; die Bewertungen bleiben`,
    running: "Wird gefragt und geprüft",
    progress: (done, total) => `${done} von ${total}`,
    left: (time) => `noch ${time}`,
    cancel: "Abbrechen",
    cancelled: "Abgebrochen. Was angekommen ist, bleibt.",
  },
  pages: { card: "Steckbrief", check: "An beschrifteten Texten", prices: "Nachrichten und Kurse" },
  labels: { negative: "negativ", neutral: "neutral", positive: "positiv" },
  card: {
    id: "Modell",
    sha: "SHA-256 der Gewichte",
    refused: (reason) => `Dieses Modell ist nicht brauchbar: ${reason}.`,
    about: (size) => `etwa ${size}`,
    stated: "hier angegeben",
    licence: "Lizenz",
    language: "Sprache",
    languages: { en: "Englisch" },
    size: "Größe",
    reads: "Liest höchstens",
    pieces: (count) => n(count, "Wortstück", "Wortstücke"),
    folder: "Ordner",
    own: "In den Worten derer, die es gemacht haben",
    silent: "Der Ordner hat keine README.md: Über Daten und Zahlen ist nichts bekannt.",
  },
  scoring: {
    state: "Bewertungsprogramm:",
    waiting: "wartende Artikel:",
    rate: (rate) => `${rate} Artikel/s`,
    now: "Jetzt bewerten",
    none: "Es hat noch keinen Artikel bewertet.",
    title: (scored) => `So hat es ${n(scored, "neuesten Artikel", "neueste Artikel")} bewertet:`,
    spread: (positive, neutral, negative) => `${positive} positiv, ${neutral} neutral, ${negative} negativ.`,
    step: (from, to, count) => `${from} bis ${to}: ${n(count, "Artikel", "Artikel")}`,
  },
  check: {
    about:
      "Eine CSV-Datei mit Kopfzeile, einer Spalte mit Texten und einer mit Beschriftungen von Menschen. Das aktuelle Modell und eine schlichte Liste guter und schlechter Wörter beantworten dieselben Texte.",
    choose: "Datei wählen",
    noFile: "Keine Datei gewählt",
    more: "Spalten und Beschriftungen",
    textColumn: "Spalte der Texte",
    labelColumn: "Spalte der Beschriftungen",
    byName: "wird am Namen erkannt",
    names: "Bedeutung der Beschriftungen",
    namesHint: "0=negative,1=positive,2=neutral",
    start: "Modell prüfen",
    running: "Wird bewertet",
    progress: (done, total) => `${done} von ${total} Texten`,
    cancel: "Abbrechen",
    cancelled: "Abgebrochen. Nichts wurde behalten.",
    shown: "Gezeigte Prüfung",
    line: (file, name, finished) => `${file} · ${name} · ${finished}`,
    remove: "Diese Prüfung vergessen",
    removed: "Prüfung vergessen",
    empty: {
      title: "Noch nicht an Ihren Texten geprüft",
      body: "Wählen Sie oben eine Datei. Das Ergebnis bleibt hier, damit Modelle verglichen werden können. Was die Macher des Modells gemessen haben, steht im Steckbrief.",
    },
    older: "Das war ein anderes Modell als das aktuelle.",
    figures: {
      accuracy: {
        name: "Genauigkeit",
        about:
          "Anteil der Texte, die das Modell so nennt wie die Menschen. Der Bereich ist Wilsons Intervall: Dort liegt sie bei so vielen Texten mit 95 % Sicherheit.",
        note: (low, high) => `95 %: ${low} bis ${high}`,
      },
      macroF1: {
        name: "Makro-F1",
        about: "Mittel der F1-Werte von negativ, neutral und positiv; jedes zählt gleich, wie selten es auch ist.",
        note: (list) => `Wortliste ${list}`,
      },
      wordList: {
        name: "Wortliste",
        about:
          "Genauigkeit beim Zählen guter und schlechter Wörter, ganz ohne Modell. Jedes Modell muss darüber liegen.",
        note: (low, high) => `95 %: ${low} bis ${high}`,
      },
      majority: {
        name: "Immer dasselbe",
        about: "Was erreicht, wer immer mit der häufigsten Beschriftung antwortet.",
        note: "die häufigste Beschriftung",
      },
      calibration: {
        name: "Kalibrierfehler",
        about:
          "Erwarteter Kalibrierfehler in 15 Klassen: um wie viel die Wahrscheinlichkeiten verfehlen, wie oft das Modell recht hat. 0 ist vollkommen. Guo et al., 2017.",
        note: { over: "sicherer als richtig", under: "unsicherer als richtig", even: "so sicher wie richtig" },
      },
      brier: {
        name: "Brier-Wert",
        about:
          "Mittlerer quadratischer Abstand der drei Wahrscheinlichkeiten von der Wahrheit: 0 ist vollkommen, immer je ein Drittel ergibt 0,67.",
        note: "0 am besten, 2 am schlechtesten",
      },
      texts: {
        name: "Texte",
        about: "Texte, die bewertet wurden.",
        note: (rows) => (rows === 0 ? "alle Zeilen der Datei" : `${n(rows, "Zeile", "Zeilen")} ausgelassen`),
      },
    },
    confusion: {
      title: "Was wofür gehalten wird",
      who: "Wessen Antworten",
      model: "Modell",
      wordList: "Wortliste",
      label: "Beschriftet",
      answered: "Geantwortet",
      texts: "Texte",
      precision: "Präzision",
      recall: "Trefferquote",
      f1: "F1",
      cell: (label, answer, count, share) =>
        `Von den als ${label} beschrifteten Texten wurden ${count} (${share}) ${answer} genannt`,
    },
    reliability: {
      title: "Wie weit den Wahrscheinlichkeiten zu trauen ist",
      about:
        "Jede Marke ist eine Gruppe von Texten, bei deren Antworten das Modell etwa gleich sicher war; je größer, desto mehr Texte. Auf der Linie hat es so oft recht, wie es sagt; darunter ist es zu sicher.",
      sure: "Sicher",
      right: "Richtig",
      texts: "Texte",
      mark: (sure, right, texts) => `${texts} Texte: ${sure} sicher, ${right} richtig`,
    },
    leftOut: {
      title: "Ausgelassen",
      row: (line, reason) => `Zeile ${line}: ${reason}`,
      more: (count) => `und ${n(count, "weitere Zeile", "weitere Zeilen")}`,
      down: (count) => `${n(count, "Text bringt", "Texte bringen")} das Bewertungsprogramm zum Absturz`,
      cut: (count) => `Von ${n(count, "Text", "Texten")} las das Modell nur den Anfang`,
    },
  },
  prices: {
    about:
      "Was ein Kurs nach Nachrichten tat, die das Modell stark nennt, ab der Eröffnung der ersten Kerze, zu der sie bekannt waren.",
    series: "Kurse",
    strong: "Stark ab",
    lead: (apart, judged) =>
      judged === 0
        ? "Starke Nachrichten gab es an weniger als zwei Tagen: Noch lässt sich nichts sagen."
        : apart === 0
          ? `Keine von ${judged} Reaktionen weicht von irgendeiner anderen Zeit stärker ab, als der Zufall erklärt.`
          : `${apart} von ${n(judged, "Reaktion weicht", "Reaktionen weichen")} von anderen Zeiten stärker ab, als der Zufall erklärt. Bei vielen Blicken tun das einige durch Glück.`,
    counted: (articles, asset, candles) =>
      `${n(articles, "bewertete Meldung", "bewertete Meldungen")} über ${asset} neben ${candles} Kerzen`,
    picture: "Mittlere Rendite nach guten und schlechten Nachrichten mit 95-%-Bändern, neben jeder anderen Zeit",
    good: "Gute Nachrichten",
    bad: "Schlechte Nachrichten",
    usual: "Jederzeit",
    later: (bars) => n(bars, "Kerze später", "Kerzen später"),
    mark: (news, later, mean, band) => `${news}, ${later}: ${mean}, Band ${band}`,
    noBand: "keines",
    band: (low, high) => `${low} bis ${high}`,
    columns: {
      news: "Nachrichten",
      later: "Kerzen später",
      events: "Ereignisse",
      days: "Tage",
      mean: "Mittel",
      band: "95-%-Band",
      usual: "Jederzeit",
      apart: "Weicht ab",
    },
    columnsAbout: {
      events:
        "Kerzen, zu deren Eröffnung starke Nachrichten bekannt waren, die es vorher nicht waren, mit so vielen Kerzen danach.",
      days: "Tage der Ereignisse. Was an einem Tag geschieht, ist nicht unabhängig: Das Band geht über Tage.",
      mean: "Schluss der letzten über Eröffnung der ersten Kerze, weniger 1, im Mittel.",
      band: "Dort liegt das Mittel mit 95 % Sicherheit, nach Tagen gebündelt (Liang und Zeger, 1986).",
      usual: "Dieselbe Rendite ab irgendeiner Kerze: was ohne Nachrichten gekommen wäre.",
      apart: "Ob „Jederzeit“ außerhalb des Bandes liegt.",
    },
    yes: "ja",
    no: "nein",
    untold: "nicht zu sagen",
    none: {
      title: "Keine starken Nachrichten in dieser Zeit",
      body: "Nehmen Sie eine geringere Stärke, Kurse, die weiter zurückreichen, oder lassen Sie mehr Artikel bewerten.",
    },
    empty: {
      title: "Keine Kurse zum Ansehen",
      body: "Holen oder importieren Sie Kerzen eines Wertes, über den die Nachrichten schreiben.",
    },
    noAdvice: "Eine vergangene Reaktion ist keine Vorhersage, und dies ist kein Rat.",
  },
};
