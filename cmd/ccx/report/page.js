"use strict";
// Draws the report from the JSON in the page. Everything is made of elements and text nodes: no string is ever read as
// markup, and nothing is fetched.
(() => {
  const { report, checks, status, title } = JSON.parse(document.getElementById("data").textContent);
  const files = report.files.map((file, index) => ({ ...file, index, byCode: grouped(file.findings) }));
  const PAGE = 200; // rows drawn at a time
  const SIGNS = { pass: "✓", fail: "✕", warning: "!", unknown: "?", skipped: "–", note: "i", none: "·" };
  const WORDS = { pass: "pass", fail: "fail", unknown: "can't tell", error: "not judged" };
  const ORDER = ["fail", "unknown", "warning", "pass", "note", "skipped", "none"];
  const state = { status: "all", words: "", shown: PAGE, open: -1 };

  function grouped(findings) {
    const by = new Map();
    for (const f of findings) by.set(f.code, [...(by.get(f.code) || []), f]);
    return by;
  }

  // kind is how one finding counts: what does not stop the file is a warning or a note.
  function kind(f) {
    if (f.status === "pass" || f.status === "skipped") return f.status;
    if (f.level === "note") return "note";
    if (f.level === "warning" && !f.stops) return "warning";
    return f.status;
  }
  function worst(findings) {
    const kinds = findings.map(kind);
    return ORDER.find((k) => kinds.includes(k)) || "none";
  }

  function make(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    return dress(node, attributes, children);
  }
  function draw(name, attributes = {}, ...children) {
    return dress(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
  }
  function dress(node, attributes, children) {
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "onclick") node.addEventListener("click", value);
      else if (value !== undefined && value !== false) node.setAttribute(key, value);
    }
    node.append(...children.filter((c) => c !== undefined && c !== ""));
    return node;
  }
  const sign = (k) => make("span", { class: "mark " + k, "aria-hidden": "true" }, SIGNS[k] || "");
  const word = (status) => make("span", { class: "mark word " + status }, WORDS[status] || status);

  // The head: what came out, and what it rests on.
  function head() {
    const facts = report.facts;
    const from = { aws: "Facts read from AWS", snapshot: "Facts from the snapshot " + facts.snapshot, none: "No facts: nothing in AWS was asked" }[facts.source];
    const parts = [from, facts.taken_at && "at " + facts.taken_at, facts.caller && "by " + facts.caller, facts.endpoint && "through " + facts.endpoint];
    const assumed = report.assumptions.guardrails;
    return make("header", {},
      make("h1", {}, word(status), "ccx: " + title),
      make("p", { class: "soft" }, report.summary),
      make("p", { class: "soft" }, parts.filter(Boolean).join(" ")),
      assumed.length ? make("p", { class: "soft" }, "Passes take for granted that these deny nothing: " + assumed.join(", ")) : "");
  }

  // The bar: search, and one filter a status.
  function bar() {
    const rows = [["all", "all"], ["fail", "fail"], ["unknown", "can't tell"], ["error", "not judged"], ["pass", "pass"], ["blind", "without a look at AWS"]];
    const chips = rows.map(([key, text]) => {
      const n = files.filter((f) => holds(f, key)).length;
      if (key !== "all" && n === 0) return "";
      return make("button", { class: "chip", type: "button", "data-status": key, "aria-pressed": String(state.status === key),
        onclick: () => { state.status = key; state.shown = PAGE; refresh(); } }, make("b", {}, String(n)), text);
    });
    const find = make("input", { class: "find", type: "search", id: "find", placeholder: "Search files, profiles, checks, words  ( / )", "aria-label": "Search" });
    find.addEventListener("input", () => { state.words = find.value; state.shown = PAGE; refresh(); });
    return make("div", { class: "bar", role: "group", "aria-label": "Filters" }, find, ...chips);
  }
  function holds(f, key) {
    return key === "all" || (key === "blind" ? f.access === "not checked" && f.status === "pass" : f.status === key);
  }
  const haystacks = files.map((f) => [f.name, f.instance_profile, f.role, f.scope, f.shape, f.status, f.access,
    ...f.findings.filter((x) => x.status !== "skipped").flatMap((x) => (kind(x) === "pass" ? [x.message, ...x.details] : [x.code, x.message, ...x.details]))].join("\n").toLowerCase());
  function found() {
    const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    return files.filter((f) => holds(f, state.status) && words.every((w) => haystacks[f.index].includes(w)));
  }

  // The matrix: a row a file, a column a check.
  function matrix(list) {
    const heads = checks.map((c) => make("th", { class: "code", scope: "col", title: c.code + ": " + c.summary }, make("span", {}, c.code)));
    const rows = list.map((f) => make("tr", { class: f.index === state.open ? "open" : undefined, "data-file": f.name },
      make("th", { scope: "row" }, make("button", { type: "button", "aria-expanded": String(f.index === state.open), "data-row": String(f.index),
        onclick: () => toggle(f.index) }, f.name || "(none)")),
      make("td", { class: "word" }, word(f.status)),
      make("td", { class: "word mono" }, f.instance_profile || ""),
      make("td", { class: "word" }, f.access),
      ...checks.map((c) => {
        const all = f.byCode.get(c.code) || [], k = worst(all);
        return make("td", { title: c.code + ": " + (all.length ? all.map((x) => x.message).join("; ") : "not asked") },
          sign(k), make("span", { class: "read" }, k === "none" ? "not asked" : k));
      })));
    return make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "Configs and checks" },
      make("table", { class: "matrix" },
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "config"), make("th", { scope: "col", class: "word" }, "result"),
          make("th", { scope: "col", class: "word" }, "instance profile"), make("th", { scope: "col", class: "word" }, "access"), ...heads)),
        make("tbody", {}, ...rows)));
  }

  const legend = () => make("div", { class: "legend soft", "aria-hidden": "true" },
    ...[["pass", "holds"], ["fail", "does not hold"], ["warning", "a warning"], ["unknown", "can't be told"], ["note", "a note"], ["skipped", "skipped"], ["none", "not asked"]]
      .map(([k, text]) => make("span", {}, sign(k), " " + text)));

  // The path of access: config, profile, role, bucket, each step with what decided it.
  function steps(f) {
    const of = (test) => f.findings.filter((x) => test(x.code));
    const has = (...prefixes) => of((code) => code !== "profile/role" && prefixes.some((p) => code.startsWith(p)));
    return [
      { from: "config", to: "profile", all: has("config/", "usage/", "cloud/", "profile/") },
      { from: "profile", to: "role", all: of((code) => code === "profile/role" || code.startsWith("role/")) },
      { from: "role", to: "bucket", all: has("bucket/", "s3/", "kms/") },
      { from: "control plane", to: "profile", all: has("pass-role/") },
    ];
  }
  const clip = (text, n) => { const all = [...text]; return all.length > n ? all.slice(0, n - 1).join("") + "…" : text; };
  function path(f) {
    const W = 210, H = 58, GAP = 122, top = 12;
    const all = steps(f), control = all[3].all.some((x) => x.status !== "skipped");
    const nodes = [["config", f.name.split("/").pop()], ["instance profile", f.instance_profile || "none known"],
      ["role", (f.role || "not known").split("/").pop()], ["bucket", (f.scope || "not known").replace("s3://", "")]];
    const height = control ? top + H * 2 + 62 : top + H + 12;
    const svg = draw("svg", { width: 4 * W + 3 * GAP + 4, height, viewBox: `0 0 ${4 * W + 3 * GAP + 4} ${height}`, role: "img",
      "aria-label": all.slice(0, 3).map((s) => `${s.from} to ${s.to}: ${worst(s.all)}`).join("; ") });
    const box = (x, y, what, name) => svg.append(draw("g", {}, draw("title", {}, name), draw("rect", { x, y, width: W, height: H, rx: 9 }),
      draw("text", { class: "kind", x: x + 14, y: y + 22 }, what), draw("text", { class: "name", x: x + 14, y: y + 43 }, clip(name, 23))));
    nodes.forEach(([what, name], i) => box(2 + i * (W + GAP), top, what, name));
    all.slice(0, 3).forEach((s, i) => {
      const k = worst(s.all), x = 2 + i * (W + GAP) + W, y = top + H / 2;
      svg.append(draw("path", { class: "edge " + k, d: `M${x + 6} ${y} H${x + GAP - 8} m-8 -6 l8 6 l-8 6` }),
        draw("text", { class: "tag " + k, x: x + GAP / 2, y: y - 10, "text-anchor": "middle" }, `${SIGNS[k]} ${tag(s.all, k)}`));
    });
    if (control) {
      const k = worst(all[3].all), x = 2 + W + GAP, y = top + H + 50;
      box(x, y, "control-plane role", k === "pass" ? "may pass the role" : "must pass the role");
      svg.append(draw("path", { class: "edge " + k, d: `M${x + W / 2} ${y - 4} V${top + H + 8} m-6 8 l6 -8 l6 8` }),
        draw("text", { class: "tag " + k, x: x + W / 2 + 14, y: y - 18 }, `${SIGNS[k]} ${tag(all[3].all, k)}`));
    }
    return make("div", { class: "path", tabindex: "0", role: "region", "aria-label": "Path of access" }, svg);
  }
  // decided lists, for each step, what made the answer: the statements that allow, or the finding that refuses.
  function decided(f) {
    const rows = steps(f).flatMap((s) => {
      const k = worst(s.all), why = new Set(s.all.filter((x) => kind(x) === k).flatMap((x) => (k === "pass" ? x.details : [x.details[0] || x.message])));
      if (!["pass", "fail", "unknown", "warning"].includes(k) || why.size === 0) return [];
      return [make("tr", {}, make("th", { scope: "row" }, sign(k), ` ${s.from} → ${s.to}`), make("td", {}, ...[...why].flatMap((w, i) => (i ? [make("br"), w] : [w]))))];
    });
    return rows.length ? make("table", { class: "decided" }, make("tbody", {}, ...rows)) : "";
  }
  function tag(all, k) {
    if (k === "none" || k === "skipped") return "not checked";
    const n = all.filter((x) => kind(x) === k).length;
    return { pass: n === 1 ? "1 check" : n + " checks", fail: n + " of " + all.length, unknown: "can't tell", warning: "warning", note: "note" }[k];
  }

  // finding shows one; what the one above it showed already (the line) or the one below it will (the mend) is left out.
  function finding(f, i, all, seen) {
    const k = kind(f), before = all[i - 1], after = all[i + 1];
    const shared = after && after.hint === f.hint && after.code !== f.code;
    const mend = shared ? [""] : seen.has(f.hint) ? ["as above"] : (f.hint || "").split("\n");
    if (mend.length > 1) seen.add(f.hint);
    const sameLine = before && before.range && f.range && before.range.start.byte === f.range.start.byte;
    const place = f.range ? `${f.range.filename}:${f.range.start.line}:${f.range.start.column}` : f.argument || "";
    return make("li", { class: k === "pass" || k === "skipped" ? "quiet" : undefined },
      make("div", { class: "head" }, sign(k), make("span", { class: "say" }, (f.waived ? "waived: " : "") + (f.status === "unknown" ? "cannot tell: " : "") + f.message),
        make("code", { class: "soft", title: (checks.find((c) => c.code === f.code) || {}).help }, f.code), make("code", { class: "soft at" }, place)),
      f.snippet && !sameLine && k !== "pass" ? make("pre", {}, f.range.start.line + "  " + f.snippet.before, make("mark", { class: k }, f.snippet.marked), f.snippet.after) : "",
      f.details.length ? make("ul", {}, ...f.details.map((d) => make("li", {}, d))) : "",
      mend[0] ? make("p", {}, make("b", {}, "Mend: "), mend[0]) : "",
      mend.length > 1 ? make("pre", { class: "mend" }, mend.slice(1).join("\n")) : "");
  }
  function detail(f, closable) {
    const loud = f.findings.filter((x) => !["pass", "skipped"].includes(x.status)), calm = f.findings.filter((x) => ["pass", "skipped"].includes(x.status)), seen = new Set();
    const node = make("section", { class: "detail" + (closable ? " screen" : ""), "aria-label": f.name, tabindex: "-1" },
      make("div", { class: "top" }, word(f.status), make("h2", { class: "mono" }, f.name), make("span", { class: "soft" }, f.shape || ""),
        closable ? make("button", { type: "button", class: "close", onclick: () => toggle(f.index) }, "close (Esc)") : ""),
      path(f), decided(f),
      f.scope ? make("p", { class: "soft" }, `Access to every key under ${f.scope}: ${f.access}`) : "",
      loud.length ? make("h3", {}, "What there is to do or to know") : "", loud.length ? make("ul", { class: "findings" }, ...loud.map((x, i) => finding(x, i, loud, seen))) : "",
      calm.length ? make("details", closable ? (loud.length ? {} : { open: "" }) : {}, make("summary", {}, `${calm.length} checks that pass or were skipped, with what decided them`),
        make("ul", { class: "findings" }, ...calm.map((x, i) => finding(x, i, calm, seen)))) : "");
    return node;
  }

  const main = make("main"), print = make("div", { class: "print" });
  document.body.append(head(), main, print, foot());
  const top = bar(), below = make("div");
  main.append(top, below);

  function refresh() {
    const list = found(), chosen = files[state.open];
    for (const chip of top.querySelectorAll(".chip")) chip.setAttribute("aria-pressed", String(chip.dataset.status === state.status));
    below.replaceChildren(
      files.length ? make("p", { class: "soft", role: "status" }, list.length === files.length ? "" : `${list.length} of ${files.length} shown`) : make("p", {}, "Nothing was judged."),
      list.length ? matrix(list.slice(0, state.shown)) : make("p", {}, files.length ? "Nothing fits the search." : ""),
      list.length ? legend() : "",
      list.length > state.shown ? make("button", { type: "button", class: "more", onclick: () => { state.shown += PAGE; refresh(); } }, `Show ${Math.min(PAGE, list.length - state.shown)} more`) : "",
      chosen ? detail(chosen, true) : "");
  }
  function toggle(index) {
    const scroll = below.querySelector(".frame")?.scrollTop || 0, close = state.open === index;
    state.open = close ? -1 : index;
    history.replaceState(null, "", close ? "#" : "#file=" + encodeURIComponent(files[index].name));
    refresh();
    const frame = below.querySelector(".frame");
    if (frame) frame.scrollTop = scroll;
    if (close) below.querySelector(`[data-row="${index}"]`)?.focus();
    else below.querySelector(".detail").scrollIntoView({ block: "nearest" });
  }
  function foot() {
    return make("footer", { class: "soft" },
      report.skipped.length ? make("details", {}, make("summary", {}, report.skipped.length === 1 ? "1 file was skipped" : `${report.skipped.length} files were skipped`),
        make("ul", {}, ...report.skipped.map((s) => make("li", {}, make("code", {}, s.name), ": " + s.reason)))) : "",
      make("details", {}, make("summary", {}, "What every verdict takes for granted"), make("ul", {}, ...report.assumptions.model.map((m) => make("li", {}, m)))),
      make("p", {}, `ccx ${report.tool.version} ${report.verb}, ${report.started_at}, exit status ${report.exit_status}`));
  }

  document.addEventListener("keydown", (event) => {
    const find = document.getElementById("find"), rows = [...below.querySelectorAll("[data-row]")];
    const typing = document.activeElement === find;
    if (event.key === "/" && !typing) { event.preventDefault(); find.focus(); }
    if (event.key === "Escape" && typing && find.value) { find.value = state.words = ""; refresh(); }
    else if (event.key === "Escape" && state.open >= 0) toggle(state.open);
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (typing || document.activeElement.dataset.row)) {
      const at = rows.indexOf(document.activeElement), next = rows[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); } else if (event.key === "ArrowUp") find.focus();
    }
  });
  // On paper, everything that is not well stands below the matrix.
  addEventListener("beforeprint", () => print.replaceChildren(...files.filter((f) => f.status !== "pass").slice(0, PAGE).map((f) => detail(f, false))));
  addEventListener("afterprint", () => print.replaceChildren());
  function fromHash() {
    const name = location.hash.startsWith("#file=") ? decodeURIComponent(location.hash.slice(6)) : "";
    const at = files.findIndex((f) => f.name === name);
    if (at >= 0 && at !== state.open) toggle(at);
  }
  addEventListener("hashchange", fromHash);
  if (files.length === 1) state.open = 0;
  refresh();
  fromHash();
})();
