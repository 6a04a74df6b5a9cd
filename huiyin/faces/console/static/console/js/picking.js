// Picking rows of a list: boxes with data-pick, a range with Shift, all of the page, none. The bar asks the server what all of them are offered.
(() => {
  const boxes = () => [...document.querySelectorAll("[data-pick]")];
  let last = null;

  function told() {
    const form = document.getElementById("together");
    if (!form) return;
    boxes().forEach((box) => box.closest("[data-line]").classList.toggle("picked", box.checked));
    const any = boxes().some((box) => box.checked);
    if (any) document.body.dispatchEvent(new CustomEvent("picked"));
    else if (!form.hidden) document.getElementById("said").textContent = form.dataset.none;
    form.hidden = !any;
  }
  function range(box) {
    const all = boxes(), ends = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    if (ends[0] >= 0) all.slice(ends[0], ends[1] + 1).forEach((one) => { one.checked = box.checked; });
  }
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-pick]");
    if (box) {
      if (event.shiftKey && last?.isConnected) range(box);
      last = box;
      // A box that a script has clicked changes only after this.
      setTimeout(told);
    } else if (event.target.closest("[data-pick-all], [data-pick-none]")) {
      const all = Boolean(event.target.closest("[data-pick-all]"));
      boxes().forEach((one) => { one.checked = all; });
      told();
    }
  });
  // The browser may bring a page back with its boxes as they were.
  window.addEventListener("pageshow", told);
})();
