// Time left for <time data-kind="countdown" data-due="ISO" data-soon="ISO">. The server's clock counts, not this machine's.
(() => {
  const english = document.documentElement.lang.startsWith("en");
  const meta = document.querySelector('meta[name="server-time"]');
  const offset = meta && meta.content ? Date.parse(meta.content) - Date.now() : 0;
  const MINUTE = 60, HOUR = 3600, DAY = 86400, USUAL_SOON_MS = 15 * MINUTE * 1000;

  const unit = (amount, chinese, latin) => (english ? `${amount} ${latin}` : amount + chinese);
  const pair = (...parts) => parts.filter(Boolean).join(english ? " " : "");

  function span(seconds, exact) {
    const days = Math.floor(seconds / DAY), hours = Math.floor((seconds % DAY) / HOUR);
    const minutes = Math.floor((seconds % HOUR) / MINUTE), rest = Math.floor(seconds % MINUTE);
    if (days) return pair(unit(days, "天", "d"), hours && unit(hours, "小时", "h"));
    if (hours) return pair(unit(hours, "小时", "h"), minutes && unit(minutes, "分", "min"));
    if (exact) return pair(minutes && unit(minutes, "分", "min"), unit(minutes ? String(rest).padStart(2, "0") : rest, "秒", "s"));
    if (minutes) return unit(minutes, "分", "min");
    return english ? "under 1 min" : "不到1分";
  }
  function words(left) {
    const close = left >= 0 && left < 10 * MINUTE;
    const text = span(Math.abs(left), close);
    if (english) return left < 0 ? `${text} late` : `${text} left`;
    return left < 0 ? `超时 ${text}` : `剩 ${text}`;
  }
  // Returns whether this one must be shown anew each second.
  function show(element, now) {
    const due = Date.parse(element.dataset.due);
    if (Number.isNaN(due)) return false;
    const soon = Date.parse(element.dataset.soon || "") || due - USUAL_SOON_MS;
    const left = (due - now) / 1000;
    const text = words(left);
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle("late", left < 0);
    element.classList.toggle("soon", left >= 0 && now >= soon);
    return left > -MINUTE && left < 10 * MINUTE + 1;
  }
  let timer = 0;
  function tick() {
    clearTimeout(timer);
    const now = Date.now() + offset;
    let hurried = false;
    document.querySelectorAll('time[data-kind="countdown"]').forEach((element) => { hurried = show(element, now) || hurried; });
    const step = hurried ? 1000 : 60000;
    if (!document.hidden) timer = setTimeout(tick, step - (now % step) + 5);
  }
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx:afterSettle", tick);
  tick();
})();
