// The keyboard. A page says which key does what: data-key="g w" is pressed by G, then W; data-key="Alt+1" and "Ctrl+Shift+C" with those held.
// data-primary is the next duty (E), data-row a row of a list. What stands in the page is what works: the overview (?) is read from it.
(() => {
  const FOLLOW_MS = 1500;
  const EDITABLE = 'input:not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, select, [contenteditable="true"]';
  const HELD = { ctrl: "Ctrl+", alt: "Alt+", shift: "Shift+" };
  let prefix = "", forget = 0, renamed = remembered(), waiting = null;

  function remembered() {
    try { return JSON.parse(localStorage.getItem("huiyin:keymap") || "{}"); } catch { return {}; }
  }
  // Two letters that change places: what the person presses for a letter of the page, and the other way round.
  const swapped = (letter) => renamed[letter] || letter;
  const typing = (target) => target instanceof Element && target.matches(EDITABLE);
  const off = () => document.documentElement.dataset.keys === "off";
  const seen = (element) => element.getClientRects().length > 0;
  // What stands in a closed menu can be pressed, what is hidden cannot; where several have a key, that of a message that lies on top, then
  // that of the pane one is in, then one that is seen.
  const there = (selector) => {
    const found = [...document.querySelectorAll(selector)].filter((element) => !element.closest("[hidden]") && !element.disabled);
    const pane = document.activeElement?.closest("#main, #queue"), here = found.filter((element) => pane?.contains(element));
    return found.find((element) => element.closest(".toast")) || here.find(seen) || here[0] || found.find(seen) || found[0];
  };
  function use(element) {
    if (!element) return false;
    element.click();
    document.getElementById(element.dataset.thenFocus || "")?.focus();
    return true;
  }
  const press = (selector) => use(there(selector));
  const keyed = (key) => `[data-key="${CSS.escape(key)}"]`;

  // Rows of a list
  const rows = () => [...document.querySelectorAll("#queue-rows [data-row]")].filter(seen);
  const rowHere = () => document.activeElement.closest?.("[data-row]") || document.activeElement.closest?.("[data-line]")?.querySelector("[data-row]");
  function move(step) {
    const all = rows();
    if (!all.length) return false;
    const here = rowHere(), at = here ? all.indexOf(here) : -1;
    const from = at >= 0 ? at : all.findIndex((row) => row.matches("[aria-current]"));
    const row = all[Math.max(0, Math.min(all.length - 1, from < 0 ? 0 : from + step))];
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  }
  // A look at the case beside the list, which keeps the focus: a press that says it came from no keyboard.
  function peek() {
    const row = rowHere();
    if (!row || !row.hasAttribute("hx-get")) return false;
    return !row.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 })) || true;
  }
  function pick(range) {
    const row = rowHere(), box = row?.closest("[data-line]")?.querySelector("[data-pick]");
    if (!box) return false;
    box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: range }));
    return true;
  }
  function search() {
    const box = there("[data-search]");
    if (box) box.focus();
    return Boolean(box);
  }
  // Step by step out of where one is: a menu, a form, a text, the case, the list.
  function leave(target) {
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return true; }
    const cancel = target instanceof Element && target.closest("form")?.querySelector("[data-escape]");
    if (cancel) return use(cancel);
    const row = rows().find((one) => one.matches("[aria-current]"));
    const inCase = target instanceof Element && target.closest("#main, #context");
    if (typing(target)) {
      const heading = inCase && document.querySelector("#main h1[tabindex]");
      if (heading) heading.focus(); else target.blur();
      return true;
    }
    if (inCase && row) { row.focus(); return true; }
    if (rowHere() && press("[data-pick-none]")) return true;
    return press("[data-escape]");
  }

  // The overview: built-in keys that have something to do here, everything that names a key, and all pages of the navigation.
  const own = { "?": help, "/": search, j: () => move(1), k: () => move(-1), e: () => press("[data-primary]"), x: () => pick(false),
    "Shift+X": () => pick(true), " ": peek, "Ctrl+K": help, Enter: () => use(rowHere()), Escape: () => leave(document.activeElement) };
  const shownKey = (key) => key.split(" ").map((one, at, all) => (one.length === 1 ? (all.length < 2 ? swapped(one) : one).toUpperCase() : one.replaceAll("+", " "))).join(" ");
  function label(element) {
    const named = element.dataset.keyLabel || element.getAttribute("aria-label") || element.labels?.[0]?.textContent;
    if (named) return named.trim();
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd, .count").forEach((one) => one.remove());
    return copy.textContent.trim();
  }
  function line(text, key, act) {
    const button = document.createElement("button"), mark = document.createElement("kbd");
    button.type = "button";
    mark.textContent = shownKey(key);
    button.append(Object.assign(document.createElement("span"), { textContent: text }), ...(key ? [mark] : []));
    button.addEventListener("click", () => {
      if (document.querySelector("[data-keys-rename][aria-pressed='true']") && key.length === 1 && /[a-z]/.test(key)) return ask(button, key);
      document.getElementById("keys").close();
      return act();
    });
    return Object.assign(document.createElement("li"), { hidden: false }).appendChild(button).parentElement;
  }
  function fill(dialog) {
    const list = dialog.querySelector("[data-keys-list]"), told = new Set();
    const lines = [...dialog.querySelector("template").content.querySelectorAll("li")].filter((one) => !one.dataset.works || there(one.dataset.works)).map((one) => {
      const act = own[one.dataset.own];
      return line(one.textContent.trim(), one.dataset.shown || one.dataset.own, () => act?.());
    });
    document.querySelectorAll("[data-key], .side a").forEach((element) => {
      const key = element.dataset.key || "", name = key || element.href;
      if (told.has(name) || element.closest("[hidden]") || element.matches("[data-primary]") || (key && there(keyed(key)) !== element)) return;
      told.add(name);
      lines.push(line(label(element), key, () => use(element)));
    });
    list.replaceChildren(...lines);
  }
  function help() {
    const dialog = document.getElementById("keys");
    if (!dialog) return false;
    if (dialog.open) { dialog.close(); return true; }
    fill(dialog);
    dialog.querySelector("[data-keys-find]").value = "";
    dialog.showModal();
    dialog.querySelector("[data-keys-find]").focus();
    return true;
  }
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-keys-find]")) return;
    const words = event.target.value.trim().toLowerCase();
    document.querySelectorAll("[data-keys-list] li").forEach((one) => { one.hidden = !one.textContent.toLowerCase().includes(words); });
  });
  function inOverview(event) {
    const dialog = document.getElementById("keys"), find = dialog.querySelector("[data-keys-find]");
    const buttons = [...dialog.querySelectorAll("[data-keys-list] li:not([hidden]) button")];
    if (event.key === "Enter" && event.target === find) {
      if (buttons.length) buttons[0].click();
      else { const box = there("[data-search]"); box.value = find.value; box.form.requestSubmit(); }
      return true;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return false;
    const at = buttons.indexOf(document.activeElement) + step;
    (buttons[at] || find).focus();
    return true;
  }

  // Other letters: one presses a line of the overview, then the letter that is to do it.
  function ask(button, key) {
    waiting = key;
    button.querySelector("kbd").textContent = "…";
  }
  function rename(wanted) {
    const key = waiting, before = swapped(key), other = Object.keys(renamed).find((one) => renamed[one] === wanted) || wanted;
    waiting = null;
    if (/^[a-z]$/.test(wanted) && !document.querySelector(`[data-key^="${wanted} "]`)) renamed = { ...renamed, [key]: wanted, [other]: before };
    try { localStorage.setItem("huiyin:keymap", JSON.stringify(renamed)); } catch { /* Private windows may refuse; it then lasts for this page. */ }
    fill(document.getElementById("keys"));
  }
  const meant = (letter) => Object.keys(renamed).find((one) => renamed[one] === letter) || letter;

  function sequence(key) {
    const whole = prefix ? prefix + " " + key : key;
    clearTimeout(forget);
    prefix = "";
    if (press(keyed(whole))) return true;
    if (!there(`[data-key^="${CSS.escape(whole)} "]`)) return false;
    prefix = whole;
    forget = setTimeout(() => { prefix = ""; }, FOLLOW_MS);
    return true;
  }
  function plain(event, letter) {
    if (!prefix && event.shiftKey && letter === "x") return own["Shift+X"]();
    const key = prefix ? letter : meant(letter);
    if (!prefix && own[key]) return own[key]();
    return key.trim() !== "" && sequence(key);
  }
  const letterOf = (event) => (/^(?:Key|Digit)(.)$/.exec(event.code)?.[1] || event.key).toLowerCase();
  // Letters also work with Alt, for those whose input method is on; what Alt Gr types is left alone.
  function held(event) {
    const letter = letterOf(event);
    const name = (event.ctrlKey || event.metaKey ? HELD.ctrl : "") + (event.altKey ? HELD.alt : "") + (event.shiftKey ? HELD.shift : "") + letter.toUpperCase();
    if (own[name] && name.startsWith(HELD.ctrl)) return own[name]();
    if (press(keyed(name))) return true;
    return event.altKey && !event.ctrlKey && !event.metaKey && !typing(event.target) && /^[a-z]$/.test(letter) && plain(event, letter);
  }
  function send(target) {
    const form = target instanceof Element && target.closest("form");
    if (form) form.requestSubmit();
    return Boolean(form);
  }
  function heard(event) {
    const single = event.key.length === 1 ? event.key.toLowerCase() : event.key, dialog = document.querySelector("dialog[open]");
    if (waiting) { rename(single); return true; }
    if (event.key === "Escape") return !dialog && leave(event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event.target);
    if (dialog?.id === "keys" && inOverview(event)) return true;
    if (off() || event.getModifierState("AltGraph")) return false;
    if (event.ctrlKey || event.metaKey || event.altKey) return !dialog && held(event);
    if (dialog || typing(event.target)) return false;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && rowHere()) return move(event.key === "ArrowDown" ? 1 : -1);
    if (event.key === " " && !event.target.matches("[data-row]")) return false;
    return single.length === 1 && plain(event, single);
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (heard(event)) event.preventDefault();
  });

  // data-dialog="id" opens a dialog, data-close closes the dialog or toast around it; menus close when one looks away.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener?.dataset.dialog === "keys") help();
    else if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) {
      const around = closer.closest("dialog, .toast");
      if (around instanceof HTMLDialogElement) around.close(); else around?.remove();
    }
    const renaming = event.target.closest("[data-keys-rename]");
    if (renaming) renaming.setAttribute("aria-pressed", String(renaming.getAttribute("aria-pressed") !== "true"));
    if (event.target.closest("[data-keys-reset]")) { renamed = {}; localStorage.removeItem("huiyin:keymap"); fill(document.getElementById("keys")); }
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  // A paper that was asked for by the key is printed as soon as it is there.
  if (location.hash === "#print") window.addEventListener("load", () => window.print());
})();
