// What the staff's pages need beyond the shared scripts: the open row, the composer's two modes, copying, rooms on the fly.
(() => {
  const english = document.documentElement.lang.startsWith("en");
  const words = english
    ? { copied: "Copied", failed: "Could not copy; select the text and press Ctrl+C", large: (name, most) => `“${name}” is larger than ${most} MB and was not chosen. Make it smaller or part it.`, heic: (name) => `“${name}” is a photo in HEIC, which is not taken; it was not chosen. Choose Settings → Camera → Formats → Most Compatible, or save it as JPG.`, many: "These files together are larger than 60 MB. Send them in several goes." }
    : { copied: "已复制", failed: "未能复制，请选中文字后按 Ctrl+C", large: (name, most) => `“${name}”超过 ${most} MB，没有选上。请缩小或拆分后再选。`, heic: (name) => `“${name}”是 HEIC 照片，不能接受，没有选上。请在“设置 → 相机 → 格式”中选“兼容性最佳”，或另存为 JPG。`, many: "一次所选的文件合计超过 60 MB，请分几次上传。" };

  function toast(text) {
    const place = document.getElementById("toasts");
    if (!place) return;
    const line = document.createElement("div");
    line.className = "toast";
    line.textContent = text;
    place.append(line);
    setTimeout(() => line.remove(), 4000);
  }

  // What only says that something is done leaves by itself, as does what can be undone: after its time, later while somebody is at it. What
  // was refused stays until it is closed, it says what to do. Of messages with something to press the newer one takes the older one's place.
  function stays(root) {
    const fresh = [...root.querySelectorAll?.("#toasts [data-stay]:not([data-leaves])") || []];
    if (!fresh.length) return;
    const asks = (one) => one.querySelector("form");
    if (fresh.some(asks)) [...document.querySelectorAll("#toasts [data-leaves]")].filter(asks).forEach((old) => old.remove());
    fresh.forEach((one) => {
      one.dataset.leaves = "";
      const leave = () => { if (one.matches(":hover, :focus-within")) setTimeout(leave, 2000); else one.remove(); };
      setTimeout(leave, Number(one.dataset.stay) * 1000);
    });
  }
  document.addEventListener("htmx:afterSettle", () => stays(document));
  stays(document);
  document.addEventListener("click", (event) => {
    const told = event.target.closest("[data-tell]");
    if (told) toast(told.dataset.tell);
  });
  document.addEventListener("htmx:afterRequest", (event) => event.detail.elt?.closest?.(".toast")?.remove());

  // The row whose case stands in the pane, and on phones which of the panes is seen.
  function open(row) {
    document.querySelectorAll("[data-row][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    row.closest(".work")?.classList.add("case-open");
    // The page is about the case now: the heading of the list is not that of the page any more.
    const title = document.querySelector("#queue h1");
    title?.replaceWith(Object.assign(document.createElement("h2"), { textContent: title.textContent }));
    document.getElementById("main").scrollTop = 0;
  }
  document.addEventListener("htmx:afterOnLoad", (event) => {
    const row = event.detail.elt?.closest?.("a[data-row]");
    if (row) open(row);
  });
  // The open row is the one whose case stands there: also when the news have replaced it, or an act has led to another case or to none.
  document.addEventListener("htmx:afterSettle", () => {
    const number = document.querySelector("#main .identity-number")?.textContent, here = number && document.getElementById(`row-${number}`);
    document.querySelectorAll("#queue-rows [data-row][aria-current]").forEach((other) => { if (other !== here) other.removeAttribute("aria-current"); });
    here?.setAttribute("aria-current", "true");
    if (!number) document.querySelector(".layout-panes.case-open")?.classList.remove("case-open");
  });

  // Where the focus goes. A row opened by the keyboard hands it to the case; a form that is given up hands it back to where it was asked for;
  // what has gone with an answer hands it to the heading of the case.
  let entering = false, asker = null;
  const heading = () => document.querySelector("#main h1[tabindex]");
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[data-row]")) entering = event.detail === 0;
    const cancel = event.target.closest("#move [data-escape]");
    if (!cancel) return;
    event.preventDefault();
    document.dispatchEvent(new Event("drafts:keep"));
    document.getElementById("move").replaceChildren();
    (asker?.isConnected ? asker : heading())?.focus();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id !== "move") return;
    const menu = event.detail.elt.closest("details.menu[open]");
    asker = menu ? menu.querySelector("summary") : document.activeElement === document.body ? null : document.activeElement;
    if (menu) menu.open = false;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "main") return;
    const done = event.detail.requestConfig?.verb === "post" && !document.querySelector("#main [role=alert]:not([hidden])");
    if (entering || done || document.activeElement === document.body) (heading() || document.querySelector("#queue-rows [data-row]"))?.focus();
    entering = false;
  });

  function modes() {
    document.querySelectorAll(".composer").forEach((composer) => {
      const chosen = composer.querySelector("input[name=mode]:checked");
      if (!chosen) return;
      composer.classList.toggle("internal", chosen.value === "internal");
      composer.classList.toggle("reply", chosen.value === "reply");
      const area = composer.querySelector("textarea"), button = composer.querySelector(".primary");
      area.placeholder = chosen.dataset.hint || "";
      if (chosen.dataset.send) button.textContent = chosen.dataset.send;
    });
  }
  document.addEventListener("change", (event) => { if (event.target.matches(".composer input[name=mode]")) modes(); });
  document.addEventListener("htmx:load", modes);
  modes();

  // The household that the telephone names fills what is still empty.
  function fill(source, all) {
    const form = document.getElementById("intake");
    if (!form) return;
    for (const [name, value] of Object.entries(JSON.parse(source.dataset.fill))) {
      const field = form.elements[name];
      if (field && (all || !field.value)) { field.value = value; field.dispatchEvent(new Event("input", { bubbles: true })); }
    }
  }
  document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll?.("[data-fill-now]").forEach((one) => fill(one, false)));
  document.addEventListener("click", (event) => {
    const press = event.target.closest("[data-fill-press]");
    if (press) fill(press.closest("[data-fill]"), true);
  });

  async function copy(text) {
    try { await navigator.clipboard.writeText(text); toast(words.copied); } catch { toast(words.failed); }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    copy(source ? source.content?.textContent?.trim() || source.textContent.trim() : button.dataset.copy);
  });

  // A file that is too large, or a photo in HEIC, is told before it is sent: the server would cut it off or refuse it.
  const MOST_TOGETHER = 60 * 1048576;
  document.addEventListener("change", (event) => {
    const place = event.target.closest?.("[data-files]");
    if (!place || event.target.type !== "file") return;
    const most = Number(place.dataset.most), files = [...place.querySelectorAll("input[type=file]")].flatMap((field) => [...field.files]);
    const large = files.find((file) => file.size > most), line = place.querySelector("[data-files-error]");
    const heic = files.find((file) => /\.hei[cf]$/i.test(file.name) || /^image\/hei[cf]/.test(file.type));
    const wrong = heic ? words.heic(heic.name) : large ? words.large(large.name, most / 1048576) : files.reduce((sum, file) => sum + file.size, 0) > MOST_TOGETHER ? words.many : "";
    if (wrong) event.target.value = "";
    line.textContent = wrong;
    line.hidden = !wrong;
  });

  // A filter that changes is applied at once; without scripts its button does it.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-apply]");
    if (form && event.target.type !== "search") form.requestSubmit();
  });
  // What has been left empty says nothing in the address.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-apply]")) return;
    [...event.target.elements].forEach((field) => { if (field.name && !field.value) field.disabled = true; });
  });
})();
