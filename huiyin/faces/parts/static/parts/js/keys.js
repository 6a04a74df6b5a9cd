// The keyboard. A page says which key does what: data-key="g w" is pressed by G, then W. data-primary is the next duty (E).
(() => {
  const FOLLOW_MS = 1500;
  const EDITABLE = 'input:not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, select, [contenteditable="true"]';
  let prefix = "", forget = 0;

  const typing = (target) => target instanceof Element && target.matches(EDITABLE);
  const off = () => document.documentElement.dataset.keys === "off";
  const seen = (element) => element && element.getClientRects().length > 0;
  const press = (selector) => {
    const element = [...document.querySelectorAll(selector)].find(seen) || document.querySelector(selector);
    if (element) element.click();
    return Boolean(element);
  };

  function move(step) {
    const rows = [...document.querySelectorAll("[data-row]")].filter(seen);
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const open = rows.findIndex((row) => row.matches("[aria-current], [aria-selected='true']"));
    const from = at >= 0 ? at : open;
    const row = rows[Math.max(0, Math.min(rows.length - 1, from < 0 ? 0 : from + step))];
    (row.matches("a, button") ? row : row.querySelector("a, button") || row).focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  }
  function help() {
    const list = document.getElementById("keys");
    if (!list) return false;
    if (list.open) list.close(); else list.showModal();
    return true;
  }
  function search() {
    const box = document.querySelector("[data-search]");
    if (box) box.focus();
    return Boolean(box);
  }
  function leave(target) {
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return true; }
    if (typing(target)) { target.blur(); return true; }
    return press("[data-escape]");
  }
  function sequence(key) {
    const whole = prefix ? prefix + " " + key : key;
    clearTimeout(forget);
    prefix = "";
    if (press(`[data-key="${CSS.escape(whole)}"]`)) return true;
    if (document.querySelector(`[data-key^="${CSS.escape(whole)} "]`)) {
      prefix = whole;
      forget = setTimeout(() => { prefix = ""; }, FOLLOW_MS);
      return true;
    }
    return false;
  }
  const single = { "?": help, "/": search, j: () => move(1), k: () => move(-1), e: () => press("[data-primary]") };

  function plain(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!prefix && single[key]) return single[key]();
    if ((key === "ArrowDown" || key === "ArrowUp") && document.activeElement.closest("[data-row]")) return move(key === "ArrowDown" ? 1 : -1);
    return key.length === 1 && key.trim() !== "" && sequence(key);
  }
  function send(target) {
    const form = target instanceof Element && target.closest("form");
    if (form) form.requestSubmit();
    return Boolean(form);
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    let done = false;
    if (event.key === "Escape") done = !document.querySelector("dialog[open]") && leave(event.target);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) done = send(event.target);
    else if (!off() && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (!document.querySelector("dialog[open]") || event.key === "?") done = plain(event);
    }
    if (done) event.preventDefault();
  });

  // data-dialog="id" opens a dialog, data-close closes the dialog or toast around it; menus close when one looks away.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) {
      const around = closer.closest("dialog, .toast");
      if (around instanceof HTMLDialogElement) around.close(); else around?.remove();
    }
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
})();
