// What takes seconds says so: a button with data-busy cannot be pressed twice, and a line tells what goes on and for how long.
(() => {
  const working = new Map();

  function begin(form, button) {
    const line = document.createElement("p"), told = document.createElement("span"), seconds = document.createElement("span");
    line.className = "busy";
    line.setAttribute("role", "status");
    told.textContent = button.dataset.busy;
    seconds.setAttribute("aria-hidden", "true");
    line.append(told, " ", seconds);
    (button.closest(".cluster, .form-actions") || button).after(line);
    form.setAttribute("aria-busy", "true");
    const since = Date.now();
    const clock = setInterval(() => { seconds.textContent = `${Math.round((Date.now() - since) / 1000)} s`; }, 1000);
    // After the form has been read: what is disabled is not sent.
    const still = [...form.querySelectorAll("button")].filter((one) => !one.disabled);
    setTimeout(() => still.forEach((one) => { one.disabled = true; }), 0);
    working.set(form, { line, clock, still });
  }
  function end(form) {
    const { line, clock, still } = working.get(form);
    clearInterval(clock);
    line.remove();
    form.removeAttribute("aria-busy");
    still.forEach((one) => { one.disabled = false; });
    working.delete(form);
  }
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (working.has(event.target)) event.preventDefault();
    else if (button?.dataset.busy && !event.defaultPrevented) begin(event.target, button);
  });
  // The page comes back as it was left: by the button of the browser, or because the answer never came.
  window.addEventListener("pageshow", () => [...working.keys()].forEach(end));
})();
