// The page: it shows the plan as the server holds it, and sends each change at once.
import * as api from "/static/api.js";
import { clock, make } from "/static/dom.js";
import { drawEditor, shown } from "/static/editor.js";
import { drawList, reveal } from "/static/list.js";

const find = (id) => document.getElementById(id);
const state = { plan: null, tag: "", versions: 0, takes: {}, clips: {}, presets: [], chosen: null, span: 0 };

function take(told) {
  Object.assign(state, told);
  if (!state.plan.clips.some((clip) => clip.id === state.chosen)) choose(state.plan.clips[0]?.id ?? null);
  else show();
}

function choose(id) {
  state.chosen = id;
  state.span = 0;
  show();
}

function show() {
  const kept = state.plan.clips.filter((clip) => clip.enabled);
  const seconds = kept.reduce((sum, clip) => sum + state.clips[clip.id].seconds, 0);
  find("summary").textContent = `${kept.length} of ${state.plan.clips.length} clips kept, ${clock(seconds)} in all`;
  find("undo").disabled = !state.versions;
  const names = [...new Set([...state.presets, state.plan.preset])];
  find("preset").replaceChildren(...names.map((name) => make("option", { value: name, selected: name === state.plan.preset }, name)));
  drawList(find("list"), state, choose);
  const focused = document.activeElement?.closest("#editor") ? document.activeElement.id : "";
  drawEditor(find("editor"), state, { change, pick, renderOne: (id) => render([id]) });
  if (focused) find(focused)?.focus({ preventScroll: true });
}

function pick(number) {
  state.span = number;
  show();
}

let last = Promise.resolve();
// One after the other: each change is made to the plan that the one before it has left.
const queue = (work) => { last = last.then(() => attempt(work)); return last; };
const change = (edits) => queue(() => api.save(state.tag, edits).then(take));
const undo = () => queue(() => api.undo(state.tag).then(take));

async function attempt(work) {
  try {
    await work();
    find("fault").replaceChildren();
  } catch (error) {
    if (error.status === 409 && /elsewhere/.test(error.message)) find("conflict").showModal();
    else {
      find("fault").replaceChildren(make("p", {}, error.message));
      if (state.plan) show();
    }
  }
}

async function render(ids) {
  await attempt(async () => {
    await api.render(ids);
    follow();
  });
}

async function follow() {
  const bar = find("rendering");
  const meter = make("progress", { max: 1, value: 0, "aria-label": "Rendering" });
  const said = make("span", {}, "rendering …");
  bar.replaceChildren(meter, said);
  for (;;) {
    await new Promise((done) => setTimeout(done, 400));
    const told = await api.progress().catch((error) => ({ running: false, shares: {}, error: error.message }));
    const shares = Object.values(told.shares);
    const done = shares.filter((share) => share >= 1).length;
    meter.value = shares.length ? shares.reduce((a, b) => a + b, 0) / shares.length : 1;
    said.textContent = told.running ? `rendering, ${done} of ${shares.length} done` : "";
    if (told.running) continue;
    bar.replaceChildren(told.error ? make("span", { className: "warning" }, told.error) : `${done} ${done === 1 ? "clip" : "clips"} rendered`);
    return queue(() => api.load().then(take));
  }
}

function step(by) {
  const ids = state.plan.clips.map((clip) => clip.id);
  const at = Math.min(Math.max(ids.indexOf(state.chosen) + by, 0), ids.length - 1);
  choose(ids[at]);
  reveal(ids[at]);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => find("keep")?.click(),
  u: undo,
  i: () => shown()?.line.set("start", shown().view.now()),
  o: () => shown()?.line.set("end", shown().view.now()),
  " ": () => shown()?.view.toggle(),
  "?": () => find("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, select, textarea") || (event.key === " " && event.target.closest("button, summary, video"))) return;
  const verb = KEYS[event.key];
  if (verb && state.plan) { event.preventDefault(); verb(); }
});

find("undo").addEventListener("click", undo);
find("render").addEventListener("click", () => render(state.plan.clips.filter((clip) => clip.enabled).map((clip) => clip.id)));
find("preset").addEventListener("change", (event) => change([{ do: "preset", preset: event.target.value }]));
find("zone").addEventListener("change", (event) => {
  document.body.style.setProperty("--safe", event.target.value);
  if (event.target.value) document.body.dataset.zone = "shown";
  else delete document.body.dataset.zone;
});
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
}
find("conflict").addEventListener("close", () => queue(() => api.load().then(take)));

queue(() => api.load().then(take));
