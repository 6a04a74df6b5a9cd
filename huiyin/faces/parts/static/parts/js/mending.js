// An act that the server refused is mended where it was filled in: the list of what waits (js/outbox.js) leads to its form with
// #mend-<id>, the form gets back what was entered, files too, and goes again as the same act, done when it was done.
(() => {
  const LONGEST_MS = 6 * 24 * 3600e3;

  function files(field, given) {
    const carried = new DataTransfer();
    given.filter((one) => one instanceof File).forEach((one) => carried.items.add(one));
    field.files = carried.files;
  }
  function fill(form, told) {
    // Of several fields of a name, as of texts that repeat, each gets its own.
    const left = new Map();
    for (const name of new Set(told.keys())) left.set(name, told.getAll(name));
    for (const field of form.elements) {
      if (!field.name || !field.type || ["hidden", "submit", "button"].includes(field.type)) continue;
      const given = left.get(field.name) || [];
      if (field.type === "file") files(field, given);
      else if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
      else if (field.multiple) [...field.options].forEach((one) => { one.selected = given.includes(one.value); });
      else field.value = given.shift() ?? "";
      if (given.length || field.checked) for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  const shows = (form, told) => [...form.elements].some((one) => told.has(one.name) && !["hidden", "submit", "button"].includes(one.type));
  const asked = () => location.hash.match(/^#mend-([\w-]+)$/)?.[1] || "";
  async function mend() {
    const id = asked(), outbox = window.huiyinOutbox;
    if (!id || !outbox) return;
    await outbox.ready;
    const one = (await outbox.waiting()).find((each) => each.id === id), open = one && await outbox.unseal(one);
    if (!open) return;
    const told = await new Response(open.bytes, { headers: { "Content-Type": open.said.type } }).formData();
    const forms = [...document.querySelectorAll("form[data-outbox]")].filter((each) => new URL(each.action).pathname === one.url);
    const form = forms.find((each) => shows(each, told)) || forms[0];
    if (!form) return;
    fill(form, told);
    form.dataset.mends = id;
    // What waited too long is not taken at its time any more: it goes with the time that is entered now.
    form.dataset.mendsAt = String(Date.now() - one.at < LONGEST_MS ? one.at : Date.now());
    for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    form.scrollIntoView({ block: "nearest" });
  }
  // Done: back to where its form leads. Refused again: the words stand there again.
  document.addEventListener("outbox:sent", (event) => {
    const form = document.querySelector(`form[data-mends="${event.detail.item.id}"]`);
    if (form) location.assign((form.querySelector("a[data-escape]") || document.querySelector("#main a[data-escape]"))?.href || location.pathname);
  });
  document.addEventListener("outbox:refused", (event) => { if (event.detail.item.id === asked()) mend(); });
  addEventListener("hashchange", mend);
  document.addEventListener("DOMContentLoaded", mend);
})();
