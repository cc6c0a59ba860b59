// Runs before the first paint, so that the window never flashes in the wrong colours. The settings are the truth; this
// is their last known value.
(() => {
  var chosen = null;
  try {
    chosen = localStorage.getItem("promptpal.theme");
  } catch (_) {
    chosen = null;
  }
  var light = chosen === "light" || (chosen !== "dark" && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.dataset.theme = light ? "light" : "dark";
})();
