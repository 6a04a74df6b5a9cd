// Loaded in the head without defer, so that the page is never painted in the wrong theme first.
(() => {
  const root = document.documentElement;
  const choices = { theme: ["auto", "light", "dark"], density: ["compact", "default", "roomy"], nav: ["open", "closed"], size: ["normal", "large"], keys: ["on", "off"] };

  const recall = (name) => {
    try { return localStorage.getItem("huiyin:" + name); } catch { return null; }
  };
  const keep = (name, value) => {
    try { localStorage.setItem("huiyin:" + name, value); } catch { /* Private windows may refuse; the choice then lasts for this page. */ }
  };
  const apply = (name, value) => {
    if (name === "theme" && value === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-" + name, value);
    document.querySelectorAll(`[data-choose="${name}"]`).forEach((button) => {
      if (button.value) button.setAttribute("aria-pressed", String(button.value === value));
    });
  };
  const current = (name) => root.getAttribute("data-" + name) || choices[name][0];

  for (const name of Object.keys(choices)) {
    const kept = recall(name);
    if (kept && choices[name].includes(kept)) apply(name, kept);
  }
  document.addEventListener("DOMContentLoaded", () => {
    for (const name of Object.keys(choices)) apply(name, current(name));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    const name = button.dataset.choose;
    const order = choices[name];
    const value = button.value || order[(order.indexOf(current(name)) + 1) % order.length];
    apply(name, value);
    keep(name, value);
  });
})();
