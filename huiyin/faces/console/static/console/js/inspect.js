// The findings of an inspection on the spot. Each gets an id here, waits in this browser's store, and is sent when there is a net;
// the id makes one finding of one that was sent twice. The page has to be open: what waits is shown and goes as soon as it can.
(() => {
  const place = document.querySelector("[data-inspect]");
  if (!place) return;
  const english = document.documentElement.lang.startsWith("en");
  const words = english
    ? { login: "You are signed out: sign in on another tab, then upload.", kept: "No room for the photo on this device; the finding is kept without it.", unread: "This photo cannot be read (HEIC has to be saved as JPG first); the finding is kept without it.", pending: "waiting", drop: "Discard", leave: "Findings still wait to be uploaded. Close the inspection all the same?" }
    : { login: "登录已过期：请在另一个标签页登录后再上传。", kept: "本机存不下这张照片，发现已保存，照片未保存。", unread: "这张照片无法读取（HEIC 请先另存为 JPG）；发现已保存，照片未保存。", pending: "待上传", drop: "丢弃", leave: "还有发现没有上传，仍要结束检查吗？" };
  const store = "huiyin-inspect-" + place.dataset.inspect;
  const read = () => { try { return JSON.parse(localStorage.getItem(store)) || []; } catch { return []; } };
  const write = (waiting) => localStorage.setItem(store, JSON.stringify(waiting));
  let sending = false;

  // crypto.randomUUID exists on secure pages only; an office network may have none.
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40; bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  // A photo of a telephone is made small enough to be kept here and sent over a poor net.
  async function shrunk(file) {
    if (!file || !file.size) return "";
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, 1280 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale)); canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL("image/jpeg", 0.75);
    } catch { return ""; }
  }

  function show() {
    const waiting = read();
    document.querySelector("[data-waiting]").textContent = waiting.length;
    document.querySelector("[data-waiting-line]").hidden = !waiting.length;
    document.querySelectorAll("[data-pending]").forEach((chip) => {
      const clause = chip.closest("[data-standard]").dataset.standard;
      const own = waiting.filter((one) => one.standard === clause).length;
      chip.hidden = !own; chip.textContent = own ? words.pending + " ×" + own : "";
    });
  }

  function say(text, id) {
    const line = document.querySelector("[data-send-error]");
    line.textContent = text; line.hidden = !text;
    if (!id) return;
    const button = document.createElement("button");
    button.type = "button"; button.className = "button quiet"; button.textContent = words.drop;
    button.addEventListener("click", () => { write(read().filter((one) => one.id !== id)); say(""); show(); send(); });
    line.append(" ", button);
  }

  function body(one) {
    const form = new FormData();
    for (const [name, value] of one.fields) form.append(name, value);
    form.append("id", one.id); form.append("at", one.at);
    form.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    if (one.photo) {
      const bytes = Uint8Array.from(atob(one.photo.split(",")[1]), (letter) => letter.charCodeAt(0));
      form.append("photo", new Blob([bytes], { type: "image/jpeg" }), "photo.jpg");
    }
    return form;
  }

  async function send() {
    if (sending) return;
    sending = true;
    try {
      for (let one = read()[0]; one; one = read()[0]) {
        const answer = await fetch(place.dataset.find, { method: "POST", body: body(one), headers: { "X-Inspect": "1" }, credentials: "same-origin" });
        if (answer.redirected || answer.status === 403) { say(words.login); break; }
        const text = await answer.text();
        if (answer.status === 429) { say(text); break; }
        const told = answer.headers.get("Content-Type")?.startsWith("text/plain") ? text : one.standard + " " + answer.status;
        if ([404, 413, 415, 422].includes(answer.status)) { say(told, one.id); break; }
        if (!answer.ok) break;
        write(read().filter((other) => other.id !== one.id));
        redraw(one.standard, text, answer.headers.get("X-Left"));
        say("");
      }
    } catch { /* No net: it waits. */ } finally { sending = false; show(); }
  }

  function redraw(clause, html, left) {
    const old = document.getElementById("s-" + clause);
    const made = document.createElement("template");
    made.innerHTML = html;
    if (old && made.content.firstElementChild) old.replaceWith(made.content.firstElementChild);
    if (left) document.querySelector("[data-left]").textContent = left;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("form:has([data-close-inspection])") && read().length && !confirm(words.leave)) { event.preventDefault(); return; }
    if (!form.matches("form[data-finding]")) return;
    event.preventDefault();
    const told = new FormData(form), photo = await shrunk(told.get("photo"));
    const fields = [...told].filter(([name]) => name !== "photo" && name !== "csrfmiddlewaretoken");
    const one = { id: newId(), at: new Date().toISOString(), standard: form.closest("[data-standard]").dataset.standard, fields, photo };
    try { write([...read(), one]); } catch { one.photo = ""; write([...read(), one]); say(words.kept); }
    form.closest("details.more")?.removeAttribute("open");
    if (told.get("photo")?.size && !photo) say(words.unread);
    form.reset(); show(); send();
  });
  document.querySelector("[data-send-now]").addEventListener("click", send);
  addEventListener("online", send);
  setInterval(() => { if (read().length) send(); }, 20000);
  show(); send();
})();
