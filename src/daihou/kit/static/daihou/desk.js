// The collector's desk: keys, the outcome panel, drafts that survive, payments that stop.
(() => {
  const PULSE = 3000, LIST = 30000, KEEP_AFTER = 1500, TERMS_AFTER = 250;
  const desk = () => document.getElementById("desk");
  const one = (selector) => desk()?.querySelector(selector);
  const all = (selector) => [...(desk()?.querySelectorAll(selector) ?? [])];
  const form = () => one("[data-out]");
  const field = (name) => form()?.elements[name];
  const asleep = () => localStorage.getItem("daihou_keys") === "off";

  // ── the outcome panel ──────────────────────────────────────────────────────
  let touched = false; // whether the person wrote into the note by themselves

  function choose(button) {
    const option = button.matches("option");
    all(".keys button").forEach((each) =>
      each.setAttribute("aria-pressed", String(each === button)));
    field("code").value = option ? button.value : button.dataset.code;
    const money = "money" in button.dataset;
    all("[data-promise]").forEach((part) => { part.hidden = !money; });
    if (money && !field("amount").value) {
      field("amount").value = field("amount").dataset.default;
    }
    if (button.dataset.day) field("due_on").value = button.dataset.day;
    if (money) { clears(); }
    small();
    field("next_at").value = button.dataset.next ?? "";
    if (!touched) field("note").value = filled(button.dataset.note ?? "");
    remember();
    if ("atOnce" in button.dataset && mayConclude()) save();
  }

  // what clears the loans on the promised day: more than today, by what accrues until then
  async function clears() {
    const amount = field("amount"), of = desk().dataset.case;
    const query = new URLSearchParams({ on: field("due_on").value });
    const answer = await fetch(`${amount.dataset.due}?${query}`).catch(() => null);
    if (!answer?.ok || answer.redirected || desk()?.dataset.case !== of) return;
    const told = await answer.json();
    const line = one("[data-cleared]");
    if (line) { line.textContent = told.said; line.hidden = false; }
    if (!told.amount || field("amount") !== amount) return;
    const own = amount.value && amount.value !== amount.dataset.default;
    amount.dataset.default = told.amount;
    if (own) return;
    amount.value = told.amount;
    const chosen = one(".keys [aria-pressed=true]");
    if (chosen && !touched) field("note").value = filled(chosen.dataset.note ?? "");
    small();
    remember();
  }

  // a promise of too little pauses nothing: said before it is saved
  function small() {
    const note = one("[data-small]"), amount = field("amount");
    if (!note || !amount) return;
    const asked = Number(amount.value.replaceAll(/[,，]/g, ""));
    const shown = !amount.closest("[data-promise]").hidden;
    note.hidden = !(shown && asked > 0 && asked < Number(amount.dataset.least || 0));
  }

  // the template of a note names the amount and the day the person chose
  function filled(text) {
    return text.replace("{amount}", field("amount").value)
      .replace("{day}", field("due_on").value);
  }

  const mayConclude = () =>
    form()?.querySelector(".btn-primary").getAttribute("aria-disabled") !== "true";

  function save() {
    const button = form()?.querySelector(".btn-primary");
    if (!button || !field("code").value) { all(".keys button")[0]?.focus(); return; }
    if (button.getAttribute("aria-disabled") === "true") { flash(button); return; }
    said();
    form().requestSubmit(button);
  }

  // what of the script was said stands in the note
  function said() {
    const lines = all("[data-said]:checked").map((box) => box.dataset.said);
    if (!lines.length) return;
    const word = one("[data-sheet=script] h2").textContent;
    field("note").value = `${field("note").value}\n[${word}: ${lines.join(", ")}]`.trim();
  }

  function flash(button) {
    const why = document.getElementById(button.getAttribute("aria-describedby"));
    why?.classList.add("warn");
    why?.scrollIntoView({ block: "nearest" });
  }

  // ── drafts: kept here at once, and with the server a moment later ──────────
  const place = () => `daihou_draft_${desk()?.dataset.case}`;
  let keeping = 0;

  function remember() {
    if (!form()) return;
    const kept = {};
    for (const name of ["code", "amount", "due_on", "note", "next_at", "decision"]) {
      kept[name] = field(name).value;
    }
    kept.came = field("came")?.checked ? "1" : "";
    kept.at = Date.now();
    localStorage.setItem(place(), JSON.stringify(kept));
    clearTimeout(keeping);
    // the address of now: a moment later another case may stand here
    keeping = setTimeout(send, KEEP_AFTER, desk().dataset.draft, kept);
  }

  // what this device kept last is newer than what reached the server before a crash
  function recall() {
    if (!form()) return;
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(place()) ?? "null"); } catch { kept = null; }
    if (!kept || !(kept.note || kept.code)) return;
    if (Number(kept.at ?? 0) <= Number(desk().dataset.kept ?? 0)) return;
    all(".keys button").forEach((each) =>
      each.setAttribute("aria-pressed", String(each.dataset.code === kept.code)));
    const button = one(`.keys [data-code="${CSS.escape(kept.code)}"]`);
    const money = Boolean(button && "money" in button.dataset);
    all("[data-promise]").forEach((part) => { part.hidden = !money; });
    for (const name of ["code", "amount", "due_on", "note", "next_at"]) {
      field(name).value = kept[name] ?? "";
    }
    if (field("came")) {
      field("came").checked = kept.came === "1";
      came();
    }
    touched = Boolean(kept.note);
    small();
  }

  // who came by themselves needs no answer of the gate
  function came() {
    const open = field("came").checked;
    form().querySelector(".btn-primary").setAttribute("aria-disabled", String(!open));
  }

  function send(address, values) {
    if (!address) return Promise.resolve(null);
    const body = new FormData();
    Object.entries(values).forEach(([name, value]) => body.set(name, value));
    return fetch(address, {
      method: "POST", body, headers: { "X-CSRFToken": desk().dataset.csrf },
    }).catch(() => null); // the copy on this device stays; the next try sends it
  }

  // ── what the other side of the desk says: payments, colleagues, lost savings ──
  let stopped = false;

  async function pulse() {
    const address = desk()?.dataset.pulse;
    if (!address || document.hidden) return;
    const of = desk().dataset.case;
    try {
      const { since, version } = desk().dataset;
      const answer = await send(address, { since, version });
      if (!answer?.ok || desk()?.dataset.case !== of) return;
      tell(await answer.json());
    } catch { /* signed out, or an answer of another kind: the page stays */ }
  }

  // The list by itself: promises kept, callbacks due, cases given; never under a finger.
  async function relist() {
    const list = one(".desk-list");
    if (!list || document.hidden || list.matches(":hover, :focus-within")) return;
    const of = desk().dataset.case ?? "";
    const answer = await fetch(`${desk().dataset.list}?case=${encodeURIComponent(of)}`)
      .catch(() => null);
    if (!answer?.ok || answer.redirected || one(".desk-list") !== list) return;
    const text = await answer.text();
    if (desk().dataset.case !== (of || undefined)) return;
    const at = one("[data-keep-scroll]")?.scrollTop ?? 0;
    list.outerHTML = text;
    one("[data-keep-scroll]").scrollTop = at;
    window.htmx.process(one(".desk-list"));
  }

  function tell(news) {
    const seat = one("[data-presence]");
    if (seat && news.presence) seat.textContent = news.presence;
    if (news.paid && !stopped) {
      stopped = true;
      toast(news.paid, "good");
      const line = one("[data-paid]");
      if (line) line.textContent = news.paid;
      all(".bar [hx-post], .nba [data-do]").forEach((button) => {
        button.setAttribute("aria-disabled", "true");
        button.removeAttribute("hx-post");
        button.dataset.do = "";
      });
      document.dispatchEvent(new CustomEvent("daihou:stop-call"));
    }
    for (const text of news.problems ?? []) toast(text, "bad");
    if (news.moved) toast(news.moved, "warn");
  }

  function toast(text, kind) {
    const box = one(".desk-toasts");
    if (!box || [...box.children].some((each) => each.textContent === text)) return;
    const note = document.createElement("div");
    note.className = `desk-toast k-${kind}`;
    note.textContent = text;
    box.append(note);
  }

  // ── a saved result waits some seconds, then it is written ──────────────────
  let settling = 0;

  function settle() {
    const waiting = one("[data-undo]");
    clearTimeout(settling);
    if (!waiting) return;
    settling = setTimeout(async () => {
      const answer = await send(desk()?.dataset.keep, {});
      waiting.remove();
      if (!answer?.ok) return;
      for (const text of (await answer.json()).problems) toast(text, "bad");
    }, Number(waiting.dataset.undo) * 1000);
  }

  // ── panels beside: one at a time ───────────────────────────────────────────
  function side(name) {
    all("[data-sheet]").forEach((sheet) => { sheet.hidden = sheet.dataset.sheet !== name; });
    all("[data-side]").forEach((button) =>
      button.setAttribute("aria-expanded", String(button.dataset.side === name)));
    const open = one(`[data-sheet="${name}"]`);
    open?.querySelector("input:not([type=hidden]), select, button")?.focus();
    if (name === "terms") terms();
  }

  const acts = {
    promise: () => { pick("PTP"); field("amount")?.focus(); },
    plan: () => side("terms"), ask_plan: () => pick("PLAN_REQ"),
    pause: () => side("pause"), dispute: () => pick("DISPUTE"),
    escalate: () => side("up"), script: () => side("script"),
    call: () => one(".bar [data-shortcut=c]")?.click(),
    sms: () => one(".bar [data-shortcut=s]")?.click(),
  };
  const pick = (code) => {
    const button = one(`.keys [data-code="${code}"]`);
    if (button) choose(button);
  };

  // ── the reckoning of a plan ────────────────────────────────────────────────
  let reckoning = 0;

  function terms() {
    const asked = one("[data-terms]");
    if (!asked) return;
    asked.querySelector("[data-months]").textContent = asked.elements.months.value;
    clearTimeout(reckoning);
    reckoning = setTimeout(async () => {
      const query = new URLSearchParams(new FormData(asked));
      const answer = await fetch(`${asked.dataset.terms}?${query}`).catch(() => null);
      if (answer?.ok) one("[data-terms-shown]").innerHTML = await answer.text();
    }, TERMS_AFTER);
  }

  // ── events ─────────────────────────────────────────────────────────────────
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    const off = hit("[aria-disabled=true]");
    if (off && desk()?.contains(off)) { event.preventDefault(); flash(off); return; }
    const key = hit(".keys button");
    if (key) choose(key);
    else if (hit("[data-side]")) side(hit("[data-side]").dataset.side);
    else if (hit("[data-side-close]")) side("");
    else if (hit("[data-do]")) acts[hit("[data-do]").dataset.do]?.();
    else if (hit("[data-not-right]")) {
      const why = document.getElementById("not-right");
      why.hidden = !why.hidden;
      hit("[data-not-right]").setAttribute("aria-expanded", String(!why.hidden));
      if (!why.hidden) why.elements.reason.focus();
    }
  }, true);

  document.addEventListener("htmx:confirm", (event) => {
    if (event.target.getAttribute?.("aria-disabled") === "true") event.preventDefault();
  });
  document.addEventListener("input", (event) => {
    if (event.target.closest?.("[data-terms]")) { terms(); return; }
    if (!form()?.contains(event.target)) return;
    if (event.target.name === "note") touched = true;
    if (event.target.name === "came") came();
    form().querySelector(".dh-error")?.remove(); // it was about what stood there before
    if (event.target.name === "due_on") clears();
    small();
    const chosen = one(".keys [aria-pressed=true]");
    if (["amount", "due_on"].includes(event.target.name) && !touched && chosen) {
      field("note").value = filled(chosen.dataset.note ?? "");
    }
    remember();
  });
  // the browser says what is wrong now: an older line would contradict it
  document.addEventListener("invalid", (event) => {
    if (form()?.contains(event.target)) form().querySelector(".dh-error")?.remove();
  }, true);
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-others]")) return;
    const option = event.target.selectedOptions[0];
    if (option?.value) choose(option);
  });

  // while an answer is on its way a key would act on the case that is just leaving
  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest?.("input:not([type=checkbox]), select, textarea");
    if (writes || event.ctrlKey || event.metaKey || !one(".htmx-request")) return;
    if (!/^([a-z0-9.]|Enter)$/i.test(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (!desk() || document.getElementById("keys")?.open) return;
    if (event.key === "Escape") { side(""); document.activeElement?.blur?.(); return; }
    const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      const inNote = event.target.matches?.("textarea");
      const own = event.target.closest?.("a, button, summary, form:not([data-out])");
      if (inNote || (own && !event.target.matches(".keys button"))) return;
      event.preventDefault();
      save();
      return;
    }
    if (typing || asleep()) return;
    if (/^[0-9]$/.test(event.key)) {
      const button = one(`.keys [data-digit="${event.key}"]`);
      if (button) { event.preventDefault(); choose(button); }
    } else if (event.key === ".") {
      const more = one("[data-more]");
      if (!more) return;
      more.hidden = false;
      more.querySelector("select").focus();
      event.preventDefault();
    } else if (event.key === "q") side("script");
  });

  let listAt = 0;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "desk") return;
    listAt = one("[data-keep-scroll]")?.scrollTop ?? 0;
    // an answer that refuses is a page too: what was typed stands in it
    if (event.detail.xhr.status === 422 || event.detail.xhr.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "desk" && event.target?.id !== "desk") return;
    const list = one("[data-keep-scroll]");
    if (list) list.scrollTop = listAt;
    one(".wi[aria-current]")?.scrollIntoView({ block: "nearest" });
    begin();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches?.("[data-out]")) return;
    clearTimeout(keeping); // it is saved now; as a draft it would come back
    localStorage.removeItem(place());
  });

  function begin() {
    touched = false;
    stopped = false;
    recall();
    settle();
  }
  begin();
  setInterval(pulse, PULSE);
  setInterval(relist, LIST);
})();
