// The page shows the plan of the server and sends each change at once.
import * as api from "/static/api.js";
import { clock, make } from "/static/dom.js";
import { currentEditor, drawEditor } from "/static/editor.js";
import { drawList, reveal } from "/static/list.js";

const find = (id) => document.getElementById(id);
const state = { plan: null, tag: "", versions: 0, takes: {}, clips: {}, presets: [], chosen: null, span: 0 };

function update(answer) {
  Object.assign(state, answer);
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
  find("summary").textContent = `${kept.length} of ${state.plan.clips.length} clips kept, ${clock(seconds)} in total`;
  find("undo").disabled = !state.versions;
  const names = [...new Set([...state.presets, state.plan.preset])];
  find("preset").replaceChildren(...names.map((name) => make("option", { value: name, selected: name === state.plan.preset }, name)));
  drawList(find("list"), state, choose);
  const focused = document.activeElement?.closest("#editor") ? document.activeElement.id : "";
  drawEditor(find("editor"), state, { change, chooseSpan, renderOne: (id) => render([id]) });
  if (focused) find(focused)?.focus({ preventScroll: true });
}

function chooseSpan(number) {
  state.span = number;
  show();
}

let last = Promise.resolve();
// Changes are sent one after the other, because each needs the tag of the plan before it.
const queue = (work) => { last = last.then(() => attempt(work)); return last; };
const change = (edits) => queue(() => api.save(state.tag, edits).then(update));
const undo = () => queue(() => api.undo(state.tag).then(update));

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
    showProgress();
  });
}

async function showProgress() {
  const bar = find("rendering");
  const meter = make("progress", { max: 1, value: 0, "aria-label": "Rendering" });
  const status = make("span", {}, "Rendering…");
  bar.replaceChildren(meter, status);
  for (;;) {
    await new Promise((done) => setTimeout(done, 400));
    const progress = await api.progress().catch((error) => ({ running: false, shares: {}, error: error.message }));
    const shares = Object.values(progress.shares);
    const done = shares.filter((share) => share >= 1).length;
    meter.value = shares.length ? shares.reduce((a, b) => a + b, 0) / shares.length : 1;
    status.textContent = progress.running ? `Rendering: ${done} of ${shares.length} done` : "";
    if (progress.running) continue;
    bar.replaceChildren(progress.error ? make("span", { className: "warning" }, progress.error) : `${done} ${done === 1 ? "clip" : "clips"} rendered`);
    return queue(() => api.load().then(update));
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
  i: () => currentEditor()?.trim.set("start", currentEditor().view.now()),
  o: () => currentEditor()?.trim.set("end", currentEditor().view.now()),
  " ": () => currentEditor()?.view.toggle(),
  "?": () => find("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input:not([type=radio]), select, textarea")) return;
  if (event.target.closest("[type=radio]") && (event.key === " " || event.key.startsWith("Arrow"))) return;
  if (event.key === " " && event.target.closest("button, summary, video")) return;
  const action = KEYS[event.key];
  if (action && state.plan) { event.preventDefault(); action(); }
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
find("conflict").addEventListener("close", () => queue(() => api.load().then(update)));

queue(() => api.load().then(update));
