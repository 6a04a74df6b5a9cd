// What has to be said where another answer says so is asked for before the form is sent, without a net as well.
(() => {
  function look(form) {
    const told = new FormData(form);
    form.querySelectorAll("[data-wanted]").forEach((field) => {
      const answers = field.dataset.wanted.split(" ");
      field.required = told.getAll(field.dataset.wantedBy).some((one) => answers.includes(one));
      field.closest(".field")?.classList.toggle("needed", field.required);
    });
  }
  const all = () => new Set([...document.querySelectorAll("form [data-wanted]")].map((one) => one.form)).forEach(look);
  document.addEventListener("change", ({ target }) => { if (target.form?.querySelector("[data-wanted]")) look(target.form); });
  document.addEventListener("htmx:load", all);
  window.addEventListener("pageshow", all);
})();
