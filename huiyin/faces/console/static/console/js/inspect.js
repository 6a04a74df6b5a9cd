// The findings of an inspection on the spot: each waits in this browser's outbox and is sent when there is a net; its id makes one finding
// of one that was sent twice.
(() => {
  const place = document.querySelector("[data-inspect]");
  if (!place) return;
  const english = document.documentElement.lang.startsWith("en");
  const words = english
    ? { login: "You are signed out: sign in on another tab, then upload.", kept: "No room for the photo on this device; the finding is kept without it.", unread: "This photo cannot be read (HEIC has to be saved as JPG first); the finding is kept without it.", pending: "Not sent", sending: "Sending", done: "Submitted", drop: "Discard", leave: "Findings still wait to be uploaded. Close the inspection all the same?" }
    : { login: "登录已过期：请在另一个标签页登录后再上传。", kept: "本机存不下这张照片，发现已保存，照片未保存。", unread: "这张照片无法读取（HEIC 请先另存为 JPG）；发现已保存，照片未保存。", pending: "未上传", sending: "上传中", done: "已提交", drop: "丢弃", leave: "还有发现没有上传，仍要结束检查吗？" };
  let waiting = [];
  const { outbox, shrunk } = window.huiyinOutbox;
  const box = outbox("inspect-" + place.dataset.inspect, send, show);

  function show(items, sending) {
    waiting = items;
    document.querySelector("[data-waiting]").textContent = waiting.length;
    document.querySelector("[data-waiting-line]").hidden = !waiting.length;
    document.querySelectorAll("[data-pending]").forEach((chip) => {
      const own = waiting.filter((one) => one.standard === chip.closest("[data-standard]").dataset.standard);
      const word = own.some((one) => one.id === sending) ? words.sending : words.pending;
      if (own.length) chip.textContent = word + " ×" + own.length;
      if (own.length || !chip.dataset.done) chip.hidden = !own.length;
    });
  }

  function say(text, id) {
    const line = document.querySelector("[data-send-error]");
    line.textContent = text; line.hidden = !text;
    if (!id) return;
    const button = document.createElement("button");
    button.type = "button"; button.className = "button quiet"; button.textContent = words.drop;
    button.addEventListener("click", async () => { say(""); await box.drop(id); box.go(); });
    line.append(" ", button);
  }

  async function send(one) {
    const form = new FormData();
    for (const [name, value] of one.fields) form.append(name, value);
    form.append("id", one.id); form.append("at", one.at);
    form.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    if (one.photo) form.append("photo", one.photo, "photo.jpg");
    const answer = await fetch(place.dataset.find, { method: "POST", body: form, headers: { "X-Inspect": "1" }, credentials: "same-origin" });
    if (answer.redirected || answer.status === 403) { say(words.login); return null; }
    const text = await answer.text();
    const told = answer.headers.get("Content-Type")?.startsWith("text/plain") ? text : one.standard + " " + answer.status;
    if (answer.status === 429) say(told);
    if ([404, 413, 415, 422].includes(answer.status)) say(told, one.id);
    if (!answer.ok) return null;
    say("");
    return () => redraw(one.standard, text, answer.headers.get("X-Left"));
  }

  function redraw(clause, html, left) {
    const old = document.getElementById("s-" + clause), made = document.createElement("template");
    made.innerHTML = html;
    if (old && made.content.firstElementChild) old.replaceWith(made.content.firstElementChild);
    if (left) document.querySelector("[data-left]").textContent = left;
    const chip = document.getElementById("s-" + clause)?.querySelector("[data-pending]");
    if (!chip) return;
    chip.dataset.done = "1"; chip.textContent = words.done; chip.hidden = false;
    setTimeout(() => { delete chip.dataset.done; show(waiting, ""); }, 8000);
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("form:has([data-close-inspection])") && waiting.length && !confirm(words.leave)) { event.preventDefault(); return; }
    if (!form.matches("form[data-finding]")) return;
    event.preventDefault();
    const told = new FormData(form), chosen = told.get("photo"), has = Boolean(chosen?.size);
    const fields = [...told].filter(([name]) => name !== "photo" && name !== "csrfmiddlewaretoken");
    const one = { standard: form.closest("[data-standard]").dataset.standard, fields, photo: has ? await shrunk(chosen) : null };
    form.closest("details.more")?.removeAttribute("open");
    form.reset();
    say(has && !one.photo ? words.unread : "");
    try { await box.add(one); } catch { await box.add({ ...one, photo: null }); say(words.kept); }
    box.go();
  });
  document.querySelector("[data-send-now]").addEventListener("click", box.go);

  // What an earlier version of this page kept in another store comes along.
  async function bringAlong() {
    const name = "huiyin-inspect-" + place.dataset.inspect;
    for (const { photo, ...one } of JSON.parse(localStorage.getItem(name) || "[]")) {
      await box.add({ ...one, photo: photo ? await (await fetch(photo)).blob() : null });
    }
    localStorage.removeItem(name);
  }
  bringAlong().catch(() => {}).finally(box.go);
})();
