// Selecting rows of a list: boxes, the X key, the sum of what is selected.
(() => {
  const list = () => document.querySelector("[data-select]");
  const boxes = () => [...document.querySelectorAll("[data-select] tbody [data-pick]")];

  // minor units as the page writes them: grouped, the cents in grey, never a float
  function money(minor, digits) {
    const sign = minor < 0n ? "−" : "";
    const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
    const whole = text.slice(0, text.length - digits);
    const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    const cents = digits ? `.${text.slice(-digits)}` : "";
    return [sign + grouped, cents];
  }

  function sum() {
    const table = list();
    const line = table?.querySelector("[data-picked]");
    if (!line) return;
    const picked = boxes().filter((box) => box.checked);
    line.hidden = !picked.length;
    const whole = table.querySelector("[data-pick-all]");
    whole.checked = picked.length > 0 && picked.length === boxes().length;
    whole.indeterminate = picked.length > 0 && !whole.checked;
    boxes().forEach((box) =>
      box.closest("tr").setAttribute("aria-selected", String(box.checked)));
    line.querySelector("[data-picked-count]").textContent = picked.length;
    line.querySelectorAll("[data-sum]").forEach((cell) => {
      const place = cell.dataset.sum;
      const minor = picked.reduce((total, box) => {
        const of = box.closest("tr").querySelector(`[data-minor="${place}"]`);
        return total + BigInt(of.dataset.value);
      }, 0n);
      const [grouped, cents] = money(minor, Number(table.dataset.digits));
      cell.replaceChildren(grouped);
      if (cents) {
        const grey = document.createElement("span");
        grey.className = "c";
        grey.textContent = cents;
        cell.append(grey);
      }
    });
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) {
      boxes().forEach((box) => { box.checked = event.target.checked; });
      sum();
    } else if (event.target.matches("[data-pick]")) sum();
  });
  document.addEventListener("daihou:pick", () => {
    const box = document.querySelector("tr.cursor [data-pick]");
    if (!box) return;
    box.checked = !box.checked;
    sum();
  });
  document.addEventListener("htmx:afterSettle", sum);
  window.addEventListener("pageshow", sum); // the browser keeps boxes when one goes back

  // the columns of a list: the address keeps them in the order they stand in
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-columns]");
    if (!form) return;
    const chosen = [...form.querySelectorAll("[name=col]:checked")].map((box) => box.value);
    form.querySelectorAll("[name=col]").forEach((box) => { box.disabled = true; });
    form.querySelector("[name=cols]").value = chosen.join(",");
  });
})();
