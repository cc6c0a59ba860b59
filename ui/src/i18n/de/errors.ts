import type { Catalogue } from "../text";

export const errors: Catalogue["errors"] = {
  not_found: { title: "Das gibt es nicht mehr", advice: "Gehen Sie zurück und wählen Sie etwas anderes." },
  invalid: { title: "So geht es nicht", advice: "Berichtigen Sie die Eingabe und versuchen Sie es noch einmal." },
  offline: {
    title: "Kein Netz",
    advice: "Stellen Sie eine Verbindung her und versuchen Sie es noch einmal. Gespeicherte Daten bleiben nutzbar.",
  },
  rate_limited: { title: "Die Gegenseite bittet zu warten", advice: "Versuchen Sie es in einer Minute noch einmal." },
  remote: {
    title: "Die Gegenseite hat versagt",
    advice: "Hier ist alles in Ordnung. Versuchen Sie es später noch einmal.",
  },
  denied: { title: "Die Gegenseite lehnt ab", advice: "Prüfen Sie Adresse und Zugang." },
  busy: { title: "Das läuft schon", advice: "Warten Sie oder brechen Sie es in der Aufgabenliste ab." },
  cancelled: { title: "Abgebrochen", advice: "Sie können es jederzeit neu starten." },
  disk_full: { title: "Der Datenträger ist voll", advice: "Schaffen Sie Platz und versuchen Sie es noch einmal." },
  database_locked: {
    title: "Die Datenbank ist in Gebrauch",
    advice: "Schließen Sie das andere Programm und versuchen Sie es noch einmal.",
  },
  database_newer: {
    title: "Die Datenbank stammt von einer neueren Version",
    advice: "Installieren Sie die neueste Version. Diese lässt die Datenbank unberührt.",
  },
  database: {
    title: "Die Datenbank lässt sich nicht lesen oder schreiben",
    advice: "Sehen Sie ins Protokoll; sichern Sie zuerst den Datenordner.",
  },
  file: {
    title: "Die Datei lässt sich nicht lesen oder schreiben",
    advice: "Prüfen Sie, ob es sie gibt und ob Sie sie benutzen dürfen.",
  },
  secret_store_missing: {
    title: "Kein Schlüsselspeicher auf diesem System",
    advice: "Starten Sie einen Schlüsselbund-Dienst und melden Sie sich dann neu an.",
  },
  sign_in_expired: { title: "Die Sitzung ist beendet", advice: "Melden Sie sich neu an. Ihre Daten sind noch da." },
  model_missing: {
    title: "Das Stimmungsmodell ist nicht installiert",
    advice: "Unter Einstellungen, Stimmung steht, was fehlt.",
  },
  out_of_memory: {
    title: "Der Arbeitsspeicher reicht nicht",
    advice:
      "Schließen Sie andere Programme, oder wählen Sie unter Einstellungen, Stimmung, den schnellen Rechenweg, der weniger braucht.",
  },
  internal: { title: "Ein Fehler von uns", advice: "Kopieren Sie bitte die Einzelheiten und melden Sie ihn." },
};
