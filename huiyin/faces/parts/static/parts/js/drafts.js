// Half-written forms survive: <form data-draft="intake"> is kept in this tab every two seconds and restored.
// The keys carry the person, so the next one at a shared desk never sees them; logging out clears them.
(() => {
  const english = document.documentElement.lang.startsWith("en");
  const words = english
    ? { saved: "Draft saved ", restored: "Your earlier text was restored. ", clear: "Clear" }
    : { saved: "已自动暂存 ", restored: "已恢复上次填写的内容。", clear: "清除" };
  const person = document.querySelector('meta[name="person"]')?.content || "";
  const changed = new Set(), known = new WeakSet();
  const EVERY_MS = 2000;

  const place = (form) => `draft:${person}:${form.dataset.draft}`;
  const store = (act) => { try { return act(sessionStorage); } catch { return null; } };
  const usable = (field) => field.name && !field.disabled && !["password", "file", "hidden", "submit", "button", "reset"].includes(field.type);
  const fields = (form) => [...form.elements].filter(usable);
  const checkable = (field) => field.type === "checkbox" || field.type === "radio";

  function note(form, text) {
    let line = form.querySelector(".draft-note");
    if (!line) {
      line = document.createElement("p");
      line.className = "draft-note";
      line.setAttribute("role", "status");
      (form.querySelector(".form-actions") || form).append(line);
    }
    line.textContent = text;
    return line;
  }
  function save(form) {
    const values = fields(form).map((field) => ({ name: field.name, value: field.value, checked: checkable(field) ? field.checked : undefined,
      chosen: field.multiple && field.options ? [...field.selectedOptions].map((option) => option.value) : undefined }));
    const kept = store((storage) => { storage.setItem(place(form), JSON.stringify(values)); return true; });
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
    if (kept) note(form, words.saved + time);
  }
  function refill(field, entry) {
    if (checkable(field)) field.checked = entry.checked;
    else if (entry.chosen) [...field.options].forEach((option) => { option.selected = entry.chosen.includes(option.value); });
    else field.value = entry.value;
  }
  function restore(form) {
    if (known.has(form)) return;
    known.add(form);
    // After a refused submission the server sent the person's own words back: those are newer than the draft.
    if (form.querySelector(".field.wrong") || document.querySelector(".error-summary")) return;
    const kept = store((storage) => JSON.parse(storage.getItem(place(form)) || "null"));
    if (!kept) return;
    const left = fields(form);
    for (const entry of kept) {
      const at = left.findIndex((field) => field.name === entry.name && (!checkable(field) || field.value === entry.value));
      if (at >= 0) refill(left.splice(at, 1)[0], entry);
    }
    const clear = document.createElement("button");
    clear.type = "button";
    clear.className = "button quiet";
    clear.textContent = words.clear;
    clear.addEventListener("click", () => { forget(place(form)); form.reset(); clear.parentElement.remove(); });
    note(form, words.restored).append(clear);
  }
  const forget = (key) => store((storage) => storage.removeItem(key));

  function look() {
    document.querySelectorAll("[data-draft-done]").forEach((mark) => forget(`draft:${person}:${mark.dataset.draftDone}`));
    document.querySelectorAll("form[data-draft]").forEach(restore);
  }
  function flush() {
    changed.forEach((form) => { if (form.isConnected) save(form); });
    changed.clear();
  }
  const touch = (event) => { const form = event.target.closest?.("form[data-draft]"); if (form) changed.add(form); };
  document.addEventListener("input", touch);
  document.addEventListener("change", touch);
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-clear-drafts]")) {
      changed.clear();
      store((storage) => Object.keys(storage).filter((key) => key.startsWith("draft:")).forEach((key) => storage.removeItem(key)));
    } else flush();
  });
  document.addEventListener("htmx:load", look);
  window.addEventListener("pagehide", flush);
  // A form that is about to leave the page keeps its words too.
  document.addEventListener("htmx:beforeSwap", flush);
  document.addEventListener("drafts:keep", flush);
  setInterval(flush, EVERY_MS);
  look();
})();
