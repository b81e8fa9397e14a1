// The grid of a decision table: typed like a spreadsheet, kept by itself, judged by the
// server as one types. Nothing is lost: what could not be kept stays in this browser.
(() => {
  const table = document.getElementById("grid");
  const source = document.getElementById("grid-data");
  if (!table || !source) return;
  const data = JSON.parse(source.textContent);
  const words = document.getElementById("grid-words").dataset;
  const token = document.querySelector("#grid-post input").value;
  const state = document.getElementById("grid-state");
  const help = document.getElementById("grid-help");
  const stored = `daihou-draft-${data.version}`;
  let grid = data.grid, rev = data.rev, faults = data.faults, findings = data.findings;
  let dirty = false, running = null, timer = 0, stopped = false, at = [0, 0];
  const past = [];

  const known = Object.fromEntries(data.known.map((each) => [each.name, each]));
  const columns = () => [
    { kind: "id", title: words.row },
    ...grid.inputs.map((name, n) => ({ kind: "cells", n, ...known[name] })),
    ...data.outputs.map((each, n) => ({ kind: "values", n, ...each })),
    { kind: "zh", title: words.becauseZh }, { kind: "en", title: words.becauseEn },
    { kind: "note", title: words.note },
  ];
  const read = (row, column) =>
    column.n === undefined ? row[column.kind] : row[column.kind][column.n];
  const write = (row, column, text) => {
    if (column.n === undefined) row[column.kind] = text;
    else row[column.kind][column.n] = text;
  };
  const element = (tag, parts = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), parts);
    made.append(...inside);
    return made;
  };

  // -- drawing -----------------------------------------------------------------------
  function draw() {
    const heads = columns();
    table.replaceChildren();
    const head = table.createTHead().insertRow();
    head.append(element("th", { scope: "col", textContent: "#" }));
    heads.forEach((column) => head.append(element("th", {
      scope: "col", title: column.about || "",
      className: column.kind === "values" ? "ans" : "",
      textContent: (column.kind === "values" ? "→ " : "") + column.title,
    })));
    const body = table.createTBody();
    grid.rows.forEach((row, r) => {
      const line = body.insertRow();
      line.append(element("td", { className: "place", textContent: String(r + 1) }));
      heads.forEach((column, c) => line.append(cell(row, r, column, c)));
    });
    lists();
    mark();
  }

  function cell(row, r, column, c) {
    const wide = ["zh", "en", "note"].includes(column.kind);
    const kind = column.kind === "values" ? "ans" : wide ? "wide" : column.kind;
    const input = element("input", {
      value: read(row, column), autocomplete: "off", spellcheck: false,
      ariaLabel: `${column.title} ${r + 1}`,
    });
    input.dataset.r = r;
    input.dataset.c = c;
    if (column.choices?.length) input.setAttribute("list", `choices-${column.name}`);
    return element("td", { className: kind }, input);
  }

  function lists() {
    document.querySelectorAll("datalist[data-grid]").forEach((old) => old.remove());
    columns().filter((column) => column.choices?.length).forEach((column) => {
      const list = element("datalist", { id: `choices-${column.name}` });
      list.dataset.grid = "";
      column.choices.forEach((value) => list.append(element("option", { value })));
      table.after(list);
    });
  }

  function mark() {
    const places = Object.fromEntries(grid.rows.map((row, r) => [row.id, r]));
    table.querySelectorAll("[aria-invalid]").forEach((input) => {
      input.removeAttribute("aria-invalid");
      input.title = "";
    });
    faults.forEach((fault) => {
      const c = columns().findIndex((column) => column.name === fault.column);
      const input = find(places[fault.row], c);
      if (input) { input.setAttribute("aria-invalid", "true"); input.title = fault.words; }
    });
    const lines = [...table.tBodies[0].rows];
    lines.forEach((line) => delete line.dataset.found);
    findings.forEach((each) => each.rows.forEach((id) => {
      const line = lines[places[id]];
      if (line && line.dataset.found !== "bad")
        line.dataset.found = each.blocking ? "bad" : "warn";
    }));
    tell(places);
  }

  function tell(places) {
    const list = document.getElementById("grid-found");
    list.replaceChildren(...findings.map((each) => {
      const line = element("li", {}, `${each.words} `);
      line.dataset.kind = each.kind;
      each.rows.filter((id) => id in places).forEach((id) => {
        const go = element("button", { type: "button", textContent: id });
        go.addEventListener("click", () => focus(places[id], 1));
        line.append(go, " ");
      });
      return line;
    }));
    document.getElementById("grid-fine").hidden = findings.length > 0;
  }

  // -- moving ------------------------------------------------------------------------
  const find = (r, c) => table.querySelector(`input[data-r="${r}"][data-c="${c}"]`);
  function focus(r, c) {
    const input = find(Math.max(0, Math.min(r, grid.rows.length - 1)),
      Math.max(0, Math.min(c, columns().length - 1)));
    if (input) { input.focus(); input.select(); }
  }

  table.addEventListener("focusin", (event) => {
    const input = event.target;
    if (!input.dataset.r) return;
    at = [Number(input.dataset.r), Number(input.dataset.c)];
    [...table.tBodies[0].rows].forEach((line, r) =>
      line.classList.toggle("now", r === at[0]));
    const column = columns()[at[1]];
    const allowed = column.allowed ? `${words.write} ${column.allowed}` : "";
    help.textContent = [input.title, column.about, allowed].filter(Boolean).join(" · ");
  });

  table.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.dataset.r || event.isComposing) return;
    const [r, c] = at;
    const edge = (end) => input.selectionStart === input.selectionEnd
      ? input.selectionStart === (end ? input.value.length : 0)
      : input.selectionEnd - input.selectionStart === input.value.length;
    let done = true;
    if (event.altKey && event.key === "ArrowUp") act("up");
    else if (event.altKey && event.key === "ArrowDown") act("down");
    else if (event.altKey && event.key === "Enter") act("add");
    else if (event.altKey && event.key === "Delete") act("remove");
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") act("undo");
    else if (event.ctrlKey || event.metaKey || event.altKey) done = false;
    else if (event.key === "ArrowUp") focus(r - 1, c);
    else if (event.key === "ArrowDown" || event.key === "Enter") {
      if (event.key === "Enter" && r === grid.rows.length - 1) act("add", c);
      else focus(r + 1, c);
    } else if (event.key === "ArrowLeft" && edge(false)) focus(r, c - 1);
    else if (event.key === "ArrowRight" && edge(true)) focus(r, c + 1);
    else done = false;
    if (done) { event.preventDefault(); event.stopPropagation(); }
  });

  // -- changing ----------------------------------------------------------------------
  const remember = () => {
    const now = JSON.stringify(grid);
    if (past.at(-1) !== now) past.push(now);
    if (past.length > 200) past.shift();
  };

  table.addEventListener("input", (event) => {
    const { r, c } = event.target.dataset;
    if (r === undefined) return;
    if (event.target !== typing) { remember(); typing = event.target; }
    write(grid.rows[r], columns()[c], event.target.value);
    changed();
  });
  let typing = null;
  table.addEventListener("focusout", () => { typing = null; });

  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "");
    if (!/[\t\n]/.test(text.replace(/\n$/, ""))) return; // one cell: as usual
    event.preventDefault();
    remember();
    const heads = columns();
    text.replace(/\n$/, "").split("\n").forEach((line, down) => {
      const r = at[0] + down;
      if (r >= grid.rows.length) grid.rows.push(blank());
      line.split("\t").forEach((value, right) => {
        const column = heads[at[1] + right];
        if (column) write(grid.rows[r], column, value.trim());
      });
    });
    const [r, c] = at;
    draw();
    focus(r, c);
    changed();
  });

  function blank() {
    const taken = new Set(grid.rows.map((row) => row.id));
    let n = grid.rows.length + 1;
    while (taken.has(`r${n}`)) n += 1;
    return { id: `r${n}`, cells: grid.inputs.map(() => "-"),
      values: data.outputs.map(() => ""), zh: "", en: "", note: "" };
  }

  function act(what, column = at[1]) {
    const rows = grid.rows;
    let [r] = at;
    if (what === "undo") {
      if (!past.length) return;
      grid = JSON.parse(past.pop());
    } else {
      remember();
      if (what === "add") rows.splice(rows.length ? ++r : r, 0, blank());
      else if (!rows.length) return;
      else if (what === "copy")
        rows.splice(++r, 0, { ...structuredClone(rows[r - 1]), id: blank().id });
      else if (what === "remove") rows.splice(r, 1);
      else {
        const to = what === "up" ? r - 1 : r + 1;
        if (to < 0 || to >= rows.length) return;
        rows.splice(to, 0, rows.splice(r, 1)[0]);
        r = to;
      }
    }
    draw();
    options();
    focus(r, column);
    changed();
  }
  document.querySelectorAll("[data-do]").forEach((button) =>
    button.addEventListener("click", () => act(button.dataset.do)));

  const hit = document.querySelector("[data-hit]");
  const picker = document.querySelector("[data-column]");
  function options() {
    hit.replaceChildren(...data.hits.map(([value, text]) =>
      element("option", { value, textContent: text, selected: value === grid.hit })));
    const first = picker.options[0];
    picker.replaceChildren(first, ...data.known.map((each) => element("option", {
      value: each.name,
      textContent: (grid.inputs.includes(each.name) ? "− " : "+ ") + each.title,
    })));
    picker.value = "";
  }
  hit.addEventListener("change", () => { remember(); grid.hit = hit.value; changed(); });
  picker.addEventListener("change", () => {
    const place = grid.inputs.indexOf(picker.value);
    if (place >= 0 && grid.inputs.length === 1) { options(); return; }
    remember();
    if (place < 0) {
      grid.inputs.push(picker.value);
      grid.rows.forEach((row) => row.cells.push("-"));
    } else {
      grid.inputs.splice(place, 1);
      grid.rows.forEach((row) => row.cells.splice(place, 1));
    }
    draw();
    options();
    changed();
  });

  // -- keeping -----------------------------------------------------------------------
  function changed() {
    dirty = true;
    state.textContent = words.unkept;
    try { localStorage.setItem(stored, JSON.stringify({ rev, grid })); } catch { /* full */ }
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  }

  async function keep() {
    if (stopped) return;
    if (running) { await running; if (!dirty || stopped) return; }
    dirty = false;
    state.textContent = words.keeping;
    running = send(JSON.stringify({ rev, ...grid }));
    await running;
    running = null;
    if (dirty && !stopped) { clearTimeout(timer); timer = setTimeout(keep, 300); }
  }

  async function send(body) {
    let answer;
    try {
      answer = await fetch(data.keep, { method: "POST", body, headers: {
        "Content-Type": "application/json", "X-CSRFToken": token } });
    } catch {
      dirty = true;
      state.textContent = words.lost;
      clearTimeout(timer);
      timer = setTimeout(keep, 3000);
      return;
    }
    const said = await answer.json().catch(() => null);
    if (answer.ok && said) accept(said);
    else refuse(answer.status, said);
  }

  function accept(said) {
    ({ rev, faults, findings } = said);
    document.querySelectorAll("[data-rev]").forEach((field) => { field.value = rev; });
    if (!dirty) {
      localStorage.removeItem(stored);
      state.textContent = faults.length ? words.keptWrong : words.kept;
      tidied(said.grid);
    }
    mark();
  }

  // cells are written the one way; the one somebody stands in is left alone
  function tidied(kept) {
    if (kept.rows.length !== grid.rows.length) return;
    const heads = columns();
    kept.rows.forEach((row, r) => heads.forEach((column, c) => {
      const input = find(r, c), text = read(row, column);
      if (!input || input === document.activeElement || input.value === text) return;
      input.value = text;
      write(grid.rows[r], column, text);
    }));
  }

  function refuse(status, said) {
    const box = document.getElementById("grid-moved");
    box.querySelector("[data-words]").textContent = said?.problem || words.lost;
    box.querySelector(".row-x").hidden = status !== 409;
    box.hidden = false;
    state.textContent = words.unkept;
    stopped = status === 409;
    box.scrollIntoView({ block: "nearest" });
    if (!stopped) table.addEventListener("input", () => { box.hidden = true; }, { once: true });
  }

  const moved = document.getElementById("grid-moved");
  moved.querySelector("[data-reload]").addEventListener("click", () => {
    localStorage.removeItem(stored);
    stopped = true;
    dirty = false;
    window.location.reload();
  });
  moved.querySelector("[data-apart]").addEventListener("click", () => {
    const form = element("form", { method: "post", action: data.begin });
    const fields = { csrfmiddlewaretoken: token, based_on: data.version,
      grid: JSON.stringify(grid) };
    Object.entries(fields).forEach(([name, value]) =>
      form.append(element("input", { type: "hidden", name, value })));
    localStorage.removeItem(stored);
    dirty = false;
    document.body.append(form);
    form.submit();
  });

  // what acts on the draft as it is waits until it is kept
  document.querySelectorAll("[data-after-keep]").forEach((button) =>
    button.addEventListener("click", async (event) => {
      if (!dirty && !running) return;
      event.preventDefault();
      clearTimeout(timer);
      await keep();
      if (!stopped && !dirty) button.form.requestSubmit();
    }));
  window.addEventListener("beforeunload", (event) => {
    if (dirty || running) event.preventDefault();
  });

  const left = JSON.parse(localStorage.getItem(stored) || "null");
  const again = left && left.rev === rev && JSON.stringify(left.grid) !== JSON.stringify(grid);
  if (again) grid = left.grid; else localStorage.removeItem(stored);
  draw();
  options();
  if (again) { changed(); help.textContent = words.restored; }
})();
