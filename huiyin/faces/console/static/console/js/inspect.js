// The findings of an inspection on the spot: each waits in this browser's outbox and is sent when there is a net; what became of it stands
// at its standard.
(() => {
  const place = document.querySelector("[data-inspect]");
  if (!place) return;
  const english = document.documentElement.lang.startsWith("en");
  const words = english
    ? { unread: "This photo cannot be read (HEIC has to be saved as JPG first); the finding is kept without it.", pending: "Not sent", sending: "Sending", done: "Submitted", leave: "Findings still wait to be uploaded. Close the inspection all the same?" }
    : { unread: "这张照片无法读取（HEIC 请先另存为 JPG）；发现已保存，照片未保存。", pending: "未上传", sending: "上传中", done: "已提交", leave: "还有发现没有上传，仍要结束检查吗？" };
  const own = "inspect-" + place.dataset.inspect, { add, go, shrunk } = window.huiyinOutbox;
  let waiting = [], sending = "";

  function show() {
    document.querySelector("[data-waiting]").textContent = waiting.length;
    document.querySelector("[data-waiting-line]").hidden = !waiting.length;
    document.querySelectorAll("[data-pending]").forEach((chip) => {
      const here = waiting.filter((one) => one.said.standard === chip.closest("[data-standard]").dataset.standard);
      const word = here.some((one) => one.id === sending) ? words.sending : words.pending;
      if (here.length) chip.textContent = word + " ×" + here.length;
      if (here.length || !chip.dataset.done) chip.hidden = !here.length;
    });
  }
  document.addEventListener("outbox:changed", ({ detail }) => {
    waiting = detail.items.filter((one) => one.said.place === own && !one.refused);
    sending = detail.sending;
    show();
  });
  document.addEventListener("outbox:sent", ({ detail }) => {
    if (detail.item.said.place === own) redraw(detail.item.said.standard, detail.text, detail.answer.headers.get("X-Left"));
  });

  function redraw(clause, html, left) {
    const old = document.getElementById("s-" + clause), made = document.createElement("template");
    made.innerHTML = html;
    if (old && made.content.firstElementChild) old.replaceWith(made.content.firstElementChild);
    if (left) document.querySelector("[data-left]").textContent = left;
    const chip = document.getElementById("s-" + clause)?.querySelector("[data-pending]");
    if (!chip) return;
    chip.dataset.done = "1"; chip.textContent = words.done; chip.hidden = false;
    setTimeout(() => { delete chip.dataset.done; show(); }, 8000);
  }
  function say(text) {
    const line = document.querySelector("[data-send-error]");
    line.textContent = text; line.hidden = !text;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("form:has([data-close-inspection])") && waiting.length && !confirm(words.leave)) { event.preventDefault(); return; }
    if (!form.matches("form[data-finding]")) return;
    event.preventDefault();
    const told = new FormData(form), photo = told.get("photo"), unread = photo?.size && !await shrunk(photo);
    if (unread) told.delete("photo");
    say(unread ? words.unread : "");
    form.closest("details.more")?.removeAttribute("open");
    form.reset();
    const standard = form.closest("[data-standard]").dataset.standard;
    await add(place.dataset.find, told, { label: standard, place: own, standard });
  });
  document.querySelector("[data-send-now]").addEventListener("click", () => go({ now: true }));
})();
