// What a regulation demands of this kind of case opens “more” by itself, and is marked; what is filled in, or not demanded, leaves it as it is.
// What one bears in mind is shown for the chosen kind.
(() => {
  const value = (form, name) => new FormData(form).get(name) || "";
  const empty = (line) => ![...line.querySelectorAll("input, select, textarea")].some((one) => ["checkbox", "radio"].includes(one.type) ? one.checked : one.value);

  function look(form) {
    const more = form.querySelector("[data-more]");
    const said = [value(form, "record"), value(form, "event")], goes = Boolean(value(form, "dispatch"));
    let wanted = false;
    form.querySelectorAll("[data-needed]").forEach((line) => {
      const needed = line.dataset.needed.split(" ").some((one) => one && said.includes(one)) && (goes || !line.hasAttribute("data-goes"));
      line.classList.toggle("needed", needed);
      wanted ||= needed && Boolean(more?.contains(line)) && empty(line);
    });
    if (wanted) more.open = true;
    remind(value(form, "record"));
  }
  // Whoever takes in a request for help is not told how complaints are received.
  function remind(record) {
    const panel = document.getElementById("minds");
    if (!panel) return;
    const minds = [...panel.querySelectorAll("[data-mind]")];
    minds.forEach((one) => { one.hidden = Boolean(record) && one.dataset.mind !== record; });
    panel.hidden = minds.every((one) => one.hidden);
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("#intake");
    if (form && ["record", "event", "dispatch"].includes(event.target.name)) look(form);
  });
  const first = () => { const form = document.getElementById("intake"); if (form) look(form); };
  document.addEventListener("htmx:load", first);
  window.addEventListener("pageshow", first);
})();
