// The duty screen: a step that waits in the outbox is not offered again; a form that somebody is filling in is not taken away by news.
(() => {
  const english = document.documentElement.lang.startsWith("en");
  const words = english ? { noted: "noted, to be sent" } : { noted: "已记下，待上报" };
  let items = [], stale = false;

  function mark() {
    const waiting = new Map(items.filter((one) => !one.refused).map((one) => [one.url, one]));
    document.querySelectorAll("#duty form[data-outbox]").forEach((form) => {
      const one = waiting.get(new URL(form.action, location.href).pathname), about = form.closest("details.act") || form;
      about.hidden = Boolean(one);
      about.parentElement.querySelectorAll(":scope > .noted").forEach((old) => { if (!one) old.remove(); });
      if (!one || about.parentElement.querySelector(":scope > .noted")) return;
      const at = new Date(one.at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
      about.before(Object.assign(document.createElement("p"), { className: "noted notice soon", textContent: `${at} ${one.said.label} · ${words.noted}` }));
    });
    follow();
  }
  // What has been done without a net makes way for the step after it: nobody can ask the server down there.
  function follow() {
    document.querySelectorAll("#duty .next").forEach((next) => {
      let done = Boolean(next.querySelector(":scope > .noted"));
      next.querySelectorAll(":scope > [data-then]").forEach((then) => {
        then.hidden = !done;
        done = done && Boolean(then.querySelector(":scope > .noted"));
      });
    });
  }
  const refresh = () => document.body.dispatchEvent(new CustomEvent("live:cases", { bubbles: true }));
  const busy = () => document.querySelector("#duty form :is(input, textarea, select):focus");
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "duty" || !busy()) return;
    event.detail.shouldSwap = false;
    stale = true;
  });
  document.addEventListener("focusout", () => setTimeout(() => { if (stale && !busy()) { stale = false; refresh(); } }, 500));
  document.addEventListener("htmx:afterSettle", mark);
  document.addEventListener("outbox:changed", ({ detail }) => { items = detail.items; mark(); });
  document.addEventListener("outbox:sent", refresh);
})();
