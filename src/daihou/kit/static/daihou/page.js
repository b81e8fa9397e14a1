// What every page does: theme switch, keys, row cursor, panel, small helpers.
(() => {
  const root = document.documentElement;
  const year = 60 * 60 * 24 * 365;
  const $ = (selector) => document.querySelector(selector);

  // the theme is kept with the person, so that the server draws the next page in it,
  // on every device; the cookie is for the sign-in page
  function switchTheme() {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    root.dataset.themeChoice = next;
    document.cookie = `daihou_theme=${next}; path=/; max-age=${year}; samesite=lax`;
    document.dispatchEvent(new CustomEvent("daihou:theme"));
    keepTheme(next);
  }

  function keepTheme(theme) {
    const form = $("[data-preferences]");
    if (!form) return;
    const wish = new FormData(form);
    wish.set("theme", theme);
    fetch(form.action, {
      method: "POST", body: wish, keepalive: true, redirect: "manual",
    }).catch(() => {}); // this page has changed already; the next one asks again
  }

  const keys = $("#keys");
  const keysOff = keys?.querySelector("[data-keys-off]");
  const lettersSleep = () => localStorage.getItem("daihou_keys") === "off";
  if (keysOff) {
    keysOff.checked = lettersSleep();
    keysOff.addEventListener("change", () => {
      localStorage.setItem("daihou_keys", keysOff.checked ? "off" : "on");
    });
  }

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    if (hit("[data-theme-switch]")) switchTheme();
    else if (hit("[data-keys-open]")) keys.showModal();
    else if (hit("[data-keys-close]")) keys.close();
    else if (hit("[data-panel-open]")) setPanel(true);
    else if (hit("[data-panel-close]")) setPanel(false);
    else if (hit("[data-copy]")) copyText(hit("[data-copy]"));
    else if (hit("[data-date-pick]")) pickDate(hit("[data-date-pick]"));
    else if (hit("[data-print]")) window.print();
    else if (hit("[data-back]")) window.history.back();
    else if (hit("[data-fold]")) fold(hit("[data-fold]"));
    if (!hit(".dh-rest")) moreOfNav(hit("[data-nav-more]") && !nav?.hasAttribute("data-open"));
    document.querySelectorAll("details.dh-menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // a group of the navigation folds away, and stays so on this device
  const FOLDED = "daihou_folded";
  const nav = $(".dh-nav");
  const foldedGroups = () => (localStorage.getItem(FOLDED) ?? "").split(" ").filter(Boolean);

  function fold(button) {
    const { group } = button.parentElement.dataset;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    const others = foldedGroups().filter((each) => each !== group);
    localStorage.setItem(FOLDED, (open ? others : [...others, group]).join(" "));
  }
  for (const group of foldedGroups()) {
    nav?.querySelector(`[data-group="${CSS.escape(group)}"] > [data-fold]`)
      ?.setAttribute("aria-expanded", "false");
  }
  nav?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

  // on a phone all but the first group comes up as a sheet
  function moreOfNav(open) {
    nav?.toggleAttribute("data-open", Boolean(open));
    nav?.querySelector("[data-nav-more]")?.setAttribute("aria-expanded", String(Boolean(open)));
  }

  // the derivation panel opens beside the page and pushes it
  function setPanel(open) {
    const split = $("[data-panel]");
    if (!split || (!open && split.dataset.panel !== "open")) return;
    split.dataset.panel = open ? "open" : "closed";
    split.querySelector(".dh-panel").hidden = !open;
    const opener = $("[data-panel-open]");
    opener?.setAttribute("aria-expanded", String(open));
    (open ? split.querySelector("[data-panel-close]") : opener)?.focus();
  }

  // dates are written as ISO everywhere; the browser's own picker only helps choosing
  function pickDate(button) {
    const native = button.parentElement.querySelector("input[type=date]");
    const written = button.closest("form").querySelector("[data-date]");
    native.onchange = (event) => {
      event.stopPropagation();
      if (!native.value) return;
      written.value = native.value;
      written.dispatchEvent(new Event("change", { bubbles: true }));
    };
    native.showPicker();
  }

  async function copyText(button) {
    const source = document.getElementById(button.dataset.copy);
    const lines = [...source.querySelectorAll("[data-line]")].map((line) =>
      [...line.children].map((part) => part.textContent.trim()).filter(Boolean)
        .join("  "));
    await navigator.clipboard.writeText(lines.join("\n"));
    const was = button.title;
    button.title = button.dataset.copied;
    button.classList.add("good");
    setTimeout(() => { button.title = was; button.classList.remove("good"); }, 2000);
  }

  // row cursor; readers hear the row because its first link takes the focus
  function moveCursor(step) {
    const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("cursor"));
    const next = Math.min(rows.length - 1, Math.max(0, at + step));
    rows.forEach((row, i) => row.classList.toggle("cursor", i === next));
    rows[next].scrollIntoView({ block: "nearest" });
    rows[next].querySelector("a")?.focus({ preventScroll: true });
  }

  // a page's own key presses the element that carries it: data-shortcut="x"
  function pressShortcut(key, shift) {
    const name = (shift ? "shift+" : "") + key.toLowerCase();
    const own = document.querySelector(`[data-shortcut="${CSS.escape(name)}"]`);
    if (!own) return false;
    if (own.matches("input, select, textarea")) own.focus(); else own.click();
    return true;
  }

  let goPressed = false;
  const follow = (selector) => { const link = $(selector); if (link) link.click(); };

  function press(event) {
    const key = event.key;
    if (goPressed) {
      goPressed = false;
      if (/^[a-z]$/i.test(key)) follow(`.dh-nav a[data-key="${key.toLowerCase()}"]`);
      return;
    }
    const actions = {
      "?": () => keys.showModal(), g: () => { goPressed = true; },
      j: () => moveCursor(1), k: () => moveCursor(-1),
      f: () => $(".dh-filter select, .dh-filter input")?.focus(),
      v: () => $(".dh-views a")?.focus(), w: () => setPanel(true),
      "[": () => follow("[data-page-prev]"), "]": () => follow("[data-page-next]"),
      x: () => document.dispatchEvent(new CustomEvent("daihou:pick")),
      E: () => follow("[data-export]"),
      Enter: () => { if (!event.target.closest("a, button, summary")) follow("tr.cursor a"); },
    };
    const letter = /^[a-z]$/i.test(key);
    if (letter && pressShortcut(key, event.shiftKey)) event.preventDefault();
    else if (actions[key]) actions[key]();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (keys?.open) return;
    if (event.key === "Escape") {
      document.querySelectorAll("details.dh-menu[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      moreOfNav(false);
      setPanel(false);
      return;
    }
    if (event.target.closest?.("input:not([type=checkbox]), select, textarea")) return;
    if (event.key === "/") { event.preventDefault(); $("[data-search]")?.focus(); return; }
    if (!lettersSleep()) press(event);
  });

  // what scrolls can be reached, and so moved, by keyboard
  function reachable() {
    const boxes = ".dh-wide, .dh-scroll, .dh-views, .dh-panel .body";
    document.querySelectorAll(boxes).forEach((box) => {
      const over = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      if (over) box.tabIndex = 0;
    });
  }
  reachable();
  window.addEventListener("resize", reachable);
  document.addEventListener("htmx:afterSettle", reachable);

  // what the worker did is on the page once it is done
  document.addEventListener("htmx:afterSwap", (event) => {
    const ask = event.detail.target?.id === "ask" && $("#ask");
    if (ask && !ask.hasAttribute("hx-get")) window.location.reload();
  });

  // a list is searched while one types, but not in the middle of a Chinese word
  const typed = (event) => {
    if (event.isComposing || !event.target.matches?.("input[type=search]")) return;
    const told = new CustomEvent("daihou:typed", { bubbles: true });
    event.target.closest("[hx-get]")?.dispatchEvent(told);
  };
  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed);

  // what could not be read or done says so; the old rows stay
  function tellFailure(shown) {
    const note = $("[data-failed]");
    if (!note) return;
    note.hidden = !shown;
    if (shown) note.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:responseError", () => tellFailure(true));
  document.addEventListener("htmx:sendError", () => tellFailure(true));
  document.addEventListener("htmx:afterSwap", () => tellFailure(false));

  // signed out meanwhile: the answer is the sign-in page, which is no part of this one
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = new URL(event.detail.xhr.responseURL || location.href);
    if (answered.pathname !== document.body.dataset.signIn) return;
    event.detail.shouldSwap = false;
    window.location.reload();
  });

  // a form is sent once: the second press of an impatient finger is left aside
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const last = sent.get(form);
    if (last && event.timeStamp - last < 4000) event.preventDefault();
    else sent.set(form, event.timeStamp);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach((form) => sent.delete(form));
  });
})();
