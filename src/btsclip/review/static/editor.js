// The editor of one clip: keep or refuse it, play, trim and crop its spans, edit its texts.
import { renderedUrl } from "/static/api.js";
import { covers } from "/static/covers.js";
import { badge, clock, KINDS, make } from "/static/dom.js";
import { at, player } from "/static/player.js";
import { texts } from "/static/texts.js";
import { trimmer } from "/static/trim.js";

let current = null;

export const currentEditor = () => current;

export function drawEditor(root, state, { change, chooseSpan, renderOne }) {
  const clip = state.plan.clips.find((candidate) => candidate.id === state.chosen);
  const before = current;
  before?.view.video.pause();
  current = null;
  if (!clip) return root.replaceChildren(make("p", { className: "note" }, "This plan has no clips."));
  const { spans } = clip;
  const number = Math.min(state.span, spans.length - 1);
  const span = spans[number];
  const take = state.takes[span.source];
  const facts = state.clips[clip.id];
  const key = `${clip.id} ${number}`;
  const set = (values) => change([{ do: "clip", clip: clip.id, values }]);
  const setSpan = (values) => change([{ do: "span", clip: clip.id, span: number, values }]);
  const scene = take.error
    ? make("p", { className: "warning" }, take.error)
    // After a change the player stays at the same moment.
    : spanEditor(clip, number, span, take, setSpan, before?.key === key ? before.view.now() : undefined);
  const parts = [
    heading(clip, facts, set, renderOne),
    scene,
    spans.length > 1 ? spanList(clip, spans, number, state, change, chooseSpan) : null,
    span.blur.length || span.may_be_seen?.length ? faces(span, setSpan) : null,
    texts(clip, facts, set),
    covers(clip, facts, state.plan.preset, ({ span: n, at: time }) => change([{ do: "cover", clip: clip.id, span: n, at: time }])),
    facts.made ? renderedClip(clip, facts) : null,
    evidence(clip),
  ];
  root.replaceChildren(...parts.filter(Boolean));
}

function heading(clip, facts, set, renderOne) {
  const keep = make("button", {
    type: "button", id: "keep", className: clip.enabled ? "kept" : "", "aria-pressed": String(clip.enabled),
    onclick: () => set({ enabled: !clip.enabled }),
  }, clip.enabled ? "Kept" : "Refused");
  const kind = make("select", { id: "kind", onchange: () => set({ kind: kind.value }) },
    Object.keys(KINDS).map((name) => make("option", { value: name, selected: name === clip.kind }, name)));
  return make(
    "section", { className: "top" },
    make("h2", {}, make("bdi", {}, clip.title || clip.id), " ", badge(clip.kind)),
    make("p", { className: "why" }, clip.why),
    ...clip.warnings.map((text) => make("p", { className: "warning" }, text)),
    make("p", { className: "row" }, keep,
      make("label", {}, "Kind ", kind),
      make("button", { type: "button", id: "render-one", disabled: !clip.enabled, onclick: () => renderOne(clip.id) }, "Render this clip"),
      make("span", { className: "note" }, `${clock(facts.seconds)} · score ${clip.score}`)),
  );
}

function spanEditor(clip, number, span, take, setSpan, moment) {
  let trim;
  const view = player(clip, number, span, take, { at: moment, onChange: setSpan, onTime: (time) => trim?.showTime(time) });
  trim = trimmer(span, take, { seek: view.seek, onChange: (times) => { view.setBounds(times); setSpan(times); } });
  trim.showTime(view.now());
  current = { key: `${clip.id} ${number}`, view, trim };
  const zoom = span.crop.length ? zoomer(span, setSpan) : null;
  const play = make("button", { type: "button", id: "play", onclick: () => view.toggle() }, "Play span");
  const still = span.crop.length > 1
    ? make("button", { type: "button", onclick: () => setSpan({ crop: [keyNow(span, view.now())] }) }, "Keep the crop here") : null;
  return make("section", { "aria-label": "Take and crop" }, view.element, trim.element,
    make("p", { className: "row" }, play, zoom, still));
}

const keyNow = (span, time) => [span.start, ...at(span.crop, time).slice(1)];

function zoomer(span, setSpan) {
  const [, , , w, h] = span.crop[0];
  const largest = Math.min(1 / w, 1 / h);
  const slider = make("input", {
    type: "range", id: "zoom", min: 0.4, max: 1, step: 0.01, value: Math.min(1, 1 / largest),
    onchange: () => {
      const factor = largest * Number(slider.value);
      const fit = (center, size) => Math.min(Math.max(center, size / 2), 1 - size / 2);
      setSpan({ crop: span.crop.map(([t, cx, cy, keyWidth, keyHeight]) => {
        const [width, height] = [Math.min(1, keyWidth * factor), Math.min(1, keyHeight * factor)];
        return [t, fit(cx, width), fit(cy, height), width, height];
      }) });
    },
  });
  return make("label", {}, "Crop width ", slider);
}

function spanList(clip, spans, number, state, change, chooseSpan) {
  const reorder = (order) => change([{ do: "spans", clip: clip.id, order }]);
  const indexes = spans.map((_, i) => i);
  const swap = (i, j) => { const list = [...indexes]; [list[i], list[j]] = [list[j], list[i]]; return list; };
  const rows = spans.map((span, i) => make(
    "li", { "aria-current": i === number ? "true" : "false" },
    make("button", { type: "button", id: `span-${i}`, className: "span", onclick: () => chooseSpan(i) },
      `${i + 1}. ${span.act || state.takes[span.source].name || ""} ${clock(span.end - span.start)}`),
    make("button", { type: "button", id: `span-${i}-up`, "aria-label": `Move span ${i + 1} earlier`, disabled: i === 0, onclick: () => reorder(swap(i, i - 1)) }, "↑"),
    make("button", { type: "button", id: `span-${i}-down`, "aria-label": `Move span ${i + 1} later`, disabled: i === spans.length - 1, onclick: () => reorder(swap(i, i + 1)) }, "↓"),
    make("button", { type: "button", "aria-label": `Remove span ${i + 1}`, onclick: () => reorder(indexes.filter((n) => n !== i)) }, "Remove"),
    span.reason ? make("span", { className: "note" }, span.reason) : null,
  ));
  return make("section", { "aria-labelledby": "spans-title" }, make("h3", { id: "spans-title" }, "Spans"), make("ol", { className: "spans" }, rows));
}

// A face is blurred unless the person has agreed.
function faces(span, setSpan) {
  const all = [...span.blur.map((keys) => [keys, false]), ...(span.may_be_seen ?? []).map((keys) => [keys, true])];
  const rows = all.map(([keys, agreed], i) => {
    const box = make("input", { type: "checkbox", checked: agreed, id: `face-${i}`, onchange: () => {
      const isShown = ([, agreed], n) => (n === i ? box.checked : agreed);
      const shown = all.filter((face, n) => isShown(face, n)).map(([track]) => track);
      const blurred = all.filter((face, n) => !isShown(face, n)).map(([track]) => track);
      setSpan({ blur: blurred, may_be_seen: shown });
    } });
    const times = `${clock(keys[0][0])} to ${clock(keys.at(-1)[0])}`;
    return make("li", {}, make("label", { htmlFor: `face-${i}` }, box, ` Face from ${times}: this person agreed to be shown`));
  });
  return make("section", { "aria-labelledby": "people-title" }, make("h3", { id: "people-title" }, "People"), make("ul", {}, rows));
}

function renderedClip(clip, facts) {
  const video = make("video", { controls: true, preload: "none", playsInline: true, src: renderedUrl(clip, "mp4", facts.made), poster: renderedUrl(clip, "jpg", facts.made) });
  video.setAttribute("aria-label", "Rendered clip");
  return make("section", { "aria-labelledby": "rendered-title" }, make("h3", { id: "rendered-title" }, "Rendered clip"), make("div", { className: "screen small" }, video));
}

function evidence(clip) {
  const rows = Object.entries(clip.evidence).map(([name, value]) =>
    make("div", {}, make("dt", {}, name.replaceAll("_", " ")), make("dd", {}, String(Number(value.toFixed(3))))));
  return make("details", {}, make("summary", {}, "Measurements"), make("dl", {}, rows));
}
