// The groups of the navigation: what a person has opened stays open from page to page.
(() => {
  const KEY = "huiyin:groups";
  function remembered() {
    try { return new Set(JSON.parse(localStorage.getItem(KEY) || "[]")); } catch { return new Set(); }
  }
  const groups = () => document.querySelectorAll(".side details[data-group]");
  const opened = remembered();
  groups().forEach((group) => { if (opened.has(group.dataset.group)) group.open = true; });
  // Asked at the press and not of "toggle", which a group that the page itself has opened sends, too.
  groups().forEach((group) => group.querySelector("summary").addEventListener("click", () => {
    const now = remembered();
    now[group.open ? "delete" : "add"](group.dataset.group);
    try { localStorage.setItem(KEY, JSON.stringify([...now])); } catch { /* Private windows may refuse; the group is then open on this page alone. */ }
  }));
})();
