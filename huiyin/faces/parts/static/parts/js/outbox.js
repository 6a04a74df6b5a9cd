// What a telephone does without a net waits in this browser's store until the server has it: one by one, the oldest first, each under an id
// that makes one of what was sent twice, with the time that it waited. No browser of a telephone sends for a page that is closed, so the page
// says that it has to stay open. <form data-outbox="act"> always goes this way, and can be taken back for some seconds;
// <form data-outbox="spare"> only where there is no net.
(() => {
  const { store, seal, unseal, wipe, become } = self.huiyinStore;
  const english = document.documentElement.lang.startsWith("en"), meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content || "";
  const words = english
    ? { wait: "Not sent", sending: "Sending", soon: "Noted, sent in a moment", undo: "Undo", drop: "Discard", again: "Send again", mend: "Open and correct", told: "What was entered", now: "Send now", open: "Kept on this device: keep the page open.", login: "You are signed out: sign in on another tab, then send.", gone: "This step cannot be done any more: it may be done already, or the case closed.", full: "No room on this device: nothing was kept.", leave: (count) => `${count} acts wait to be sent and will be lost. Sign out all the same?` }
    : { wait: "未上传", sending: "上传中", soon: "已记下，马上上报", undo: "撤销", drop: "去掉", again: "重新上传", mend: "打开修改", told: "所填内容", now: "立即上传", open: "已保存在本机，请保持页面打开。", login: "登录已过期：请在另一个标签页登录后再上传。", gone: "这一步现在不能办：可能已经办过，或工单已办结。", full: "本机存不下，没有保存。", leave: (count) => `还有 ${count} 条没有上传，退出后会丢失。仍要退出吗？` };
  const GRACE_MS = 6000, EVERY_MS = 20000, SMALL = 60000;
  let going = false, again = null, sending = "", trouble = "", timer = 0;

  // crypto.randomUUID exists on secure pages only; an office network may have none.
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40; bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
  const cookie = () => decodeURIComponent(document.cookie.match(/(?:^|; )huiyin_csrf=([^;]+)/)?.[1] || "");
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent("outbox:" + name, { detail }));
  async function waiting() {
    const every = await store("waiting", "readonly", (all) => all.getAll());
    const opened = await Promise.all(every.map(async (one) => ({ ...one, said: (await unseal(one).catch(() => null))?.said || {} })));
    return opened.sort((one, other) => one.at - other.at);
  }
  async function changed() {
    const items = await waiting();
    tell("changed", { items, sending });
    show(items);
    return items;
  }
  const put = (one) => store("waiting", "readwrite", (all) => all.put(one));
  async function mend(id, change) {
    const kept = await store("waiting", "readonly", (all) => all.get(id));
    if (kept) await put({ ...kept, ...change });
  }
  async function drop(id) { await store("waiting", "readwrite", (all) => all.delete(id)); await changed(); }

  // `said`: a label, where it belongs, anything that the page wants to know again. `grace`: so long it can be taken back.
  // `at`: when it was done, where that was before; `id`: the act that it takes the place of.
  async function add(url, form, said = {}, { id = newId(), grace = 0, at = Date.now() } = {}) {
    const told = new FormData();
    for (const [name, value] of form) {
      if (name === "csrfmiddlewaretoken" || (value instanceof File && !value.size)) continue;
      const small = value instanceof File && value.type.startsWith("image/") ? await shrunk(value) : null;
      if (small) told.append(name, small, "photo.jpg"); else told.append(name, value);
    }
    const packed = new Response(told), type = packed.headers.get("Content-Type");
    await put({ id, at, url: new URL(url, location.href).pathname, after: grace ? Date.now() + grace : 0, ...await seal({ ...said, type }, await packed.arrayBuffer()) });
    await changed();
    go();
    return id;
  }

  async function send(one, leaving) {
    const open = await unseal(one);
    if (!open) return null;
    const headers = { "Content-Type": open.said.type, "X-CSRFToken": cookie(), "Idempotency-Key": one.id, "X-Waited": String(Math.max(0, Date.now() - one.at)), "X-Outbox": "1" };
    const answer = await fetch(one.url, { method: "POST", body: open.bytes, headers, credentials: "same-origin", keepalive: leaving && open.bytes.byteLength < SMALL });
    if (answer.redirected || answer.status === 403) { trouble = words.login; return null; }
    const text = await answer.text(), plain = answer.headers.get("Content-Type")?.startsWith("text/plain");
    trouble = answer.status === 429 && plain ? text : "";
    if ([404, 409, 413, 415, 422].includes(answer.status)) { await mend(one.id, { refused: plain ? text : words.gone }); tell("refused", { item: { ...one, said: open.said }, text }); return true; }
    if (!answer.ok) return null;
    await drop(one.id);
    tell("sent", { item: { ...one, said: open.said }, text, answer });
    return true;
  }
  // `now`: also what could still be taken back; `leaving`: the page is about to go, what is sent has to outlive it.
  // One round at a time: who asks meanwhile has another one after it.
  async function go(how = {}) {
    if (going) { again = { now: Boolean(how.now || again?.now), leaving: Boolean(how.leaving || again?.leaving) }; return; }
    if (!navigator.onLine) return;
    going = true;
    clearTimeout(timer);
    for (let next = how; next; next = again) {
      again = null;
      try { await round(next); } catch { /* No net: it waits, unless somebody has asked since. */ }
      sending = "";
    }
    going = false;
    await changed();
  }
  async function round({ now = false, leaving = false }) {
    for (;;) {
      const next = (await waiting()).filter((one) => !one.refused), due = next.find((one) => now || leaving || !one.after || one.after <= Date.now());
      if (!due) {
        const first = Math.min(...next.map((one) => one.after));
        if (next.length) timer = setTimeout(() => go(), Math.max(200, first - Date.now()));
        return;
      }
      sending = due.id;
      if (due.after) await mend(due.id, { after: 0 });
      await changed();
      if (!await send(due, leaving)) return;
    }
  }

  // A photo of a telephone is made small enough to be kept here and sent over a poor net; null where it cannot be read.
  async function shrunk(file) {
    try {
      const picture = await createImageBitmap(file), scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale)); canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    } catch { return null; }
  }

  // The list of what waits, with its verdict, at the head of the page.
  const time = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  function button(text, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: text });
    made.addEventListener("click", act);
    return made;
  }
  function line(one) {
    const made = document.createElement("li"), state = one.refused ? `✕ ${one.refused}` : one.id === sending ? words.sending : one.after > Date.now() && !offline() ? words.soon : words.wait;
    made.append(Object.assign(document.createElement("strong"), { textContent: [time(one.at), one.said.label, one.said.where].filter(Boolean).join(" · ") }), ` ${state} `);
    if (one.refused && one.said.told?.length) made.append(entered(one.said.told));
    // Where the form stands, with what was entered (js/mending.js); a list of a page's own mends its items itself.
    if (one.refused && !one.said.place) made.append(Object.assign(document.createElement("a"), { className: "button", href: `${one.said.form || one.url}#mend-${one.id}`, textContent: words.mend }));
    if (one.refused) made.append(button(words.again, async () => { await mend(one.id, { refused: "" }); go(); }));
    if (one.id !== sending) made.append(button(one.refused ? words.drop : words.undo, () => drop(one.id)));
    return made;
  }
  function entered(told) {
    const box = document.createElement("details"), list = Object.assign(document.createElement("dl"), { className: "pairs" });
    box.append(Object.assign(document.createElement("summary"), { textContent: words.told }), list);
    for (const [name, value] of told) list.append(Object.assign(document.createElement("dt"), { textContent: name }), Object.assign(document.createElement("dd"), { textContent: value }));
    return box;
  }
  // What a person reads of a form that is filled in: each thing by its name on the page.
  function read(form) {
    const told = [], label = (field) => (field.closest("fieldset")?.querySelector("legend") || field.labels?.[0])?.innerText.replace(/\s*\*\s*$/, "").trim() || "";
    for (const field of form.elements) {
      if (!field.name || !field.type || ["hidden", "submit", "button"].includes(field.type) || !field.value) continue;
      if (["checkbox", "radio"].includes(field.type) && !field.checked) continue;
      const value = ["checkbox", "radio"].includes(field.type) ? field.labels?.[0]?.innerText.trim() : field.type === "file" ? [...field.files].map((one) => one.name).join(" ") : field.tagName === "SELECT" ? [...field.selectedOptions].map((one) => one.text).join(" ") : field.value;
      told.push([label(field), value || ""]);
    }
    return told;
  }
  function show(items) {
    const main = document.getElementById("main");
    let box = document.getElementById("outbox");
    // A page that lists its own items beside what they belong to says which these are.
    const own = document.querySelector("[data-outbox-own]")?.dataset.outboxOwn, listed = items.filter((one) => !own || one.said.place !== own || one.refused);
    if (!main || (!listed.length && !trouble && !box)) return;
    if (!box) { box = Object.assign(document.createElement("section"), { id: "outbox", className: "outbox" }); box.setAttribute("role", "status"); main.prepend(box); }
    const list = document.createElement("ul"), foot = Object.assign(document.createElement("p"), { textContent: trouble || words.open });
    list.append(...listed.map(line));
    if (listed.some((one) => !one.refused)) foot.append(" ", button(words.now, () => go({ now: true })));
    box.replaceChildren(list, foot);
    box.hidden = !listed.length && !trouble;
  }

  const offline = () => !navigator.onLine || Boolean(document.documentElement.dataset.keptAt);
  async function take(form, submitter, options) {
    const told = new FormData(form, submitter), said = { label: form.dataset.label || submitter?.textContent.trim() || document.title, where: form.dataset.where || "", form: form.dataset.formAt || "", told: read(form) };
    form.closest("details.act, details.duty-new, details.possible")?.removeAttribute("open");
    try { await add(form.action, told, said, options); } catch { trouble = words.full; await changed(); return; }
    form.reset();
    document.dispatchEvent(new CustomEvent("drafts:done", { detail: form }));
  }
  document.addEventListener("submit", (event) => {
    const form = event.target, way = form.dataset?.outbox;
    if (form.matches("[data-clear-drafts]")) { leave(event); return; }
    const mends = form.dataset.mends ? { id: form.dataset.mends, at: Number(form.dataset.mendsAt) } : null;
    if (!way || (way === "spare" && !mends && !offline())) return;
    event.preventDefault(); event.stopImmediatePropagation();
    if (!form.checkValidity()) { form.reportValidity(); return; }
    take(form, event.submitter, mends || { grace: way === "act" ? GRACE_MS : 0 });
  }, true);
  // A form that goes by itself has its id too: where the net breaks off meanwhile it waits under that, and happens once.
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.detail.elt.closest?.("form[data-outbox]");
    if (form && event.detail.verb === "post") event.detail.headers["Idempotency-Key"] = form.dataset.key ||= newId();
  });
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.detail.elt?.closest?.("form[data-outbox]");
    if (form?.dataset.key) { const id = form.dataset.key; delete form.dataset.key; take(form, null, { id }); }
  });
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.detail.elt?.closest?.("form[data-outbox]"); if (form && event.detail.successful) delete form.dataset.key; });

  // Whoever leaves leaves nothing behind.
  let leaving = false;
  function leave(event) {
    if (leaving) return;
    event.preventDefault(); event.stopImmediatePropagation();
    const form = event.target;
    (async () => {
      const left = await waiting().catch(() => []);
      if (left.length && !confirm(words.leave(left.length))) return;
      await wipe().catch(() => {});
      leaving = true;
      form.requestSubmit();
    })();
  }

  addEventListener("online", () => go());
  document.addEventListener("visibilitychange", () => { if (document.hidden) go({ leaving: true }); });
  setInterval(() => go(), EVERY_MS);
  // The worker keeps what is opened from now on; this page itself it has not seen yet, nor the pages that it may be asked for down there.
  async function keep() {
    if (!navigator.serviceWorker) return;
    const seen = Boolean(navigator.serviceWorker.controller);
    await navigator.serviceWorker.register("/worker.js");
    const worker = (await navigator.serviceWorker.ready).active, below = [...document.querySelectorAll("a[data-keep]")].map((one) => one.pathname);
    const shell = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")].map((one) => one.src || one.href);
    worker.postMessage({ keep: [...(seen ? [] : [location.pathname + location.search]), ...below], shell: seen ? [] : shell });
  }
  const ready = (async () => {
    if (!meta("person")) return;
    await become(meta("person"), meta("device")).catch(() => {});
    // Also without a net the page says what waits.
    await changed().catch(() => {});
    await go();
    await keep().catch(() => {});
  })();
  window.huiyinOutbox = { add, drop, go, waiting, shrunk, ready, unseal };
})();
