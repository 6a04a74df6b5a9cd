// News from the server: {"topic": "cases", "ids": ["TS2505210037"]} becomes the event "live:cases" on <body>,
// which parts of the page wait for with hx-trigger="live:cases from:body, live:poll from:body" hx-sync="this:replace": news that come while
// older ones are still fetched are asked for at once; held back they would be lost with the part that is exchanged.
(() => {
  const meta = document.querySelector('meta[name="live-url"]');
  const MARK_MS = 2000, POLL_MS = 20000, LONGEST_POLL_MS = 300000, ERRORS_BEFORE_POLLING = 3;
  const marked = new Map();
  let source = null, errors = 0, pause = POLL_MS, timer = 0;

  const tell = (topic, detail) => document.body.dispatchEvent(new CustomEvent("live:" + topic, { detail, bubbles: true }));

  function mark() {
    const now = Date.now();
    for (const [id, until] of marked) {
      if (until < now) { marked.delete(id); continue; }
      document.querySelectorAll(`[data-row="${CSS.escape(id)}"]:not(.changed)`).forEach((row) => {
        row.classList.add("changed");
        setTimeout(() => row.classList.remove("changed"), MARK_MS);
      });
    }
  }
  function receive(event) {
    let news;
    try { news = JSON.parse(event.data); } catch { return; }
    if (!news || !news.topic) return;
    (news.ids || []).forEach((id) => marked.set(String(id), Date.now() + MARK_MS));
    mark();
    hear();
    tell(news.topic, { ids: news.ids || [] });
  }
  function open() {
    if (!meta || !meta.content || !window.EventSource || source) return;
    source = new EventSource(meta.content, { withCredentials: true });
    source.onopen = () => {
      if (errors) tell("poll", {});
      errors = 0; pause = POLL_MS; clearTimeout(timer);
      hear();
    };
    source.onmessage = receive;
    source.onerror = () => {
      errors += 1;
      if (source.readyState === EventSource.CLOSED || errors >= ERRORS_BEFORE_POLLING) { close(); poll(); }
    };
  }
  function close() {
    if (source) source.close();
    source = null;
  }
  // While the stream is away the page asks by itself, ever more seldom, and tries the stream again each time.
  function poll() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      pause = Math.min(pause * 2, LONGEST_POLL_MS);
      tell("poll", {});
      open();
      if (!source) poll();
    }, pause);
  }
  // Browsers allow six connections to one server: tabs that nobody looks at give theirs back.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { close(); clearTimeout(timer); return; }
    tell("poll", {});
    open();
  });
  document.addEventListener("htmx:afterSettle", mark);

  // What is pressed is not exchanged under the finger, the tap would go nowhere: news wait until it is lifted and its click has been heard.
  const CLICK_MS = 50, missed = new Set();
  let pressed = 0;
  const lifted = () => {
    clearTimeout(pressed);
    pressed = setTimeout(() => { pressed = 0; missed.forEach((topic) => tell(topic, {})); missed.clear(); }, CLICK_MS);
  };
  addEventListener("pointerdown", () => { clearTimeout(pressed); pressed = Infinity; }, true);
  addEventListener("pointerup", lifted, true);
  addEventListener("pointercancel", lifted, true);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const [kind, topic] = (event.detail.requestConfig?.triggeringEvent?.type || "").split(":");
    if (!pressed || kind !== "live") return;
    event.detail.shouldSwap = false;
    missed.add(topic);
  });

  function failed(event) {
    const pattern = document.getElementById("failure"), place = document.getElementById("toasts");
    if (!pattern || !place || event.detail?.requestConfig?.verb === "get") return;
    // What waits for a net is told where it waits.
    if (event.type === "htmx:sendError" && event.detail?.elt?.closest?.("form[data-outbox]")) return;
    const toast = pattern.content.cloneNode(true);
    const number = event.detail?.xhr?.getResponseHeader("X-Error-Id");
    if (number) toast.querySelector("[data-error-number]").textContent = number;
    else toast.querySelector("[data-error-line]").remove();
    place.append(toast);
  }
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);

  // Without a net the page says so, and since when it stands as it is; a page that the worker had kept goes as soon as there is one again.
  const keptAt = document.documentElement.dataset.keptAt, LOOK_MS = 15000;
  let heard = keptAt ? Date.parse(keptAt) : Date.now();
  const hear = () => { if (!keptAt) heard = Date.now(); };
  document.addEventListener("htmx:afterOnLoad", hear);
  const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  function offline() {
    document.querySelectorAll("[data-offline]").forEach((line) => { line.hidden = navigator.onLine && !keptAt; });
    document.querySelectorAll("[data-offline-since]").forEach((since) => { since.textContent = clock(heard); });
    if (keptAt && navigator.onLine) look();
  }
  async function look() {
    const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
    if (answer?.ok && !document.querySelector("details.act[open] :focus")) location.reload();
  }
  if (keptAt) setInterval(() => { if (navigator.onLine) look(); }, LOOK_MS);
  window.addEventListener("online", offline);
  window.addEventListener("offline", offline);
  offline();
  if (meta && meta.content && !window.EventSource) poll();
  open();
})();
