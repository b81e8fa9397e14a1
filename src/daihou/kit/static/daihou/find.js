// The search of the top bar: what it finds while one types, chosen with the arrows.
(() => {
  const input = document.querySelector("[data-suggest]");
  const box = document.getElementById("found");
  if (!input || !box) return;
  let asked = "", waiting = 0, running = null;

  const options = () => [...box.querySelectorAll("[role=option]")];
  function show(open) {
    box.hidden = !open;
    input.setAttribute("aria-expanded", String(open && options().length > 0));
    if (!open) choose(null);
  }
  function choose(option) {
    options().forEach((each) =>
      each.setAttribute("aria-selected", String(each === option)));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }
  const chosen = () => box.querySelector("[aria-selected=true]");

  async function ask(text) {
    asked = text;
    running?.abort();
    if (!text) { show(false); return; }
    running = new AbortController();
    try {
      const address = `${input.dataset.suggest}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(address, {
        signal: running.signal, headers: { "HX-Request": "true" },
      });
      if (answer.redirected) { window.location.reload(); return; } // signed out meanwhile
      if (!answer.ok || asked !== text) { show(false); return; }
      box.innerHTML = await answer.text();
      show(true);
    } catch (error) {
      if (error.name !== "AbortError") show(false); // Enter still asks the whole page
    }
  }

  input.addEventListener("input", (event) => {
    if (event.isComposing) return; // half a Chinese word finds nobody
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(input.value.trim()), 160);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(input.value.trim()), 160);
  });
  input.addEventListener("focus", () => {
    if (input.value.trim() && box.innerHTML && box.hidden) show(true);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options(), at = all.indexOf(chosen());
    if (event.key === "Escape") { show(false); input.blur(); }
    else if (event.key === "ArrowDown" && all.length) {
      event.preventDefault();
      show(true);
      choose(all[(at + 1) % all.length]);
    } else if (event.key === "ArrowUp" && all.length) {
      event.preventDefault();
      choose(all[(at - 1 + all.length) % all.length]);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    }
  });
  document.addEventListener("click", (event) => {
    if (!input.form.contains(event.target)) show(false);
  });
  input.form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !input.form.contains(event.relatedTarget)) show(false);
  });
})();
