// One clip: watched, kept or refused, trimmed, framed, written on, its spans put in order.
import { finishedUrl } from "/static/api.js";
import { badge, clock, KINDS, make } from "/static/dom.js";
import { at, player } from "/static/player.js";
import { texts } from "/static/texts.js";
import { trimmer } from "/static/trim.js";

let current = null;

export const shown = () => current;

export function drawEditor(place, state, { change, pick, renderOne }) {
  const clip = state.plan.clips.find((each) => each.id === state.chosen);
  const before = current;
  before?.view.video.pause();
  current = null;
  if (!clip) return place.replaceChildren(make("p", { className: "note" }, "The plan holds no clips."));
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
    // After a change the same moment is looked at.
    : watch(clip, number, span, take, setSpan, before?.key === key ? before.view.now() : undefined);
  const parts = [
    head(clip, facts, set, renderOne),
    scene,
    spans.length > 1 ? order(clip, spans, number, state, change, pick) : null,
    span.blur.length || span.may_be_seen?.length ? faces(span, setSpan) : null,
    texts(clip, facts, set),
    facts.made ? finished(clip, facts) : null,
    evidence(clip),
  ];
  place.replaceChildren(...parts.filter(Boolean));
}

function head(clip, facts, set, renderOne) {
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

function watch(clip, number, span, take, setSpan, moment) {
  let line;
  const view = player(clip, number, span, take, { at: moment, changed: setSpan, told: (time) => line?.at(time) });
  line = trimmer(span, take, { seek: view.seek, moved: (times) => { view.bound(times); setSpan(times); } });
  line.at(view.now());
  current = { key: `${clip.id} ${number}`, view, line };
  const zoom = span.crop.length ? zoomer(span, setSpan) : null;
  const play = make("button", { type: "button", id: "play", onclick: () => view.toggle() }, "Play the span");
  const still = span.crop.length > 1
    ? make("button", { type: "button", onclick: () => setSpan({ crop: [keyNow(span, view.now())] }) }, "Stand still here") : null;
  return make("section", { "aria-label": "The take and the crop" }, view.element, line.element,
    make("p", { className: "row" }, play, zoom, still));
}

const keyNow = (span, time) => [span.start, ...at(span.crop, time).slice(1)];

function zoomer(span, setSpan) {
  const [, , , w, h] = span.crop[0];
  const largest = Math.min(1 / w, 1 / h);
  const slide = make("input", {
    type: "range", id: "zoom", min: 0.4, max: 1, step: 0.01, value: Math.min(1, 1 / largest),
    onchange: () => {
      const factor = largest * Number(slide.value);
      const fit = (centre, size) => Math.min(Math.max(centre, size / 2), 1 - size / 2);
      setSpan({ crop: span.crop.map(([t, cx, cy]) => {
        const [wide, high] = [Math.min(1, w * factor), Math.min(1, h * factor)];
        return [t, fit(cx, wide), fit(cy, high), wide, high];
      }) });
    },
  });
  return make("label", {}, "Width of the crop ", slide);
}

function order(clip, spans, number, state, change, pick) {
  const sort = (list) => change([{ do: "spans", clip: clip.id, order: list }]);
  const indexes = spans.map((_, i) => i);
  const swapped = (i, j) => { const list = [...indexes]; [list[i], list[j]] = [list[j], list[i]]; return list; };
  const rows = spans.map((span, i) => make(
    "li", { "aria-current": i === number ? "true" : "false" },
    make("button", { type: "button", id: `span-${i}`, className: "span", onclick: () => pick(i) },
      `${i + 1}. ${span.act || state.takes[span.source].name || ""} ${clock(span.end - span.start)}`),
    make("button", { type: "button", id: `span-${i}-up`, "aria-label": `Span ${i + 1} earlier`, disabled: i === 0, onclick: () => sort(swapped(i, i - 1)) }, "↑"),
    make("button", { type: "button", id: `span-${i}-down`, "aria-label": `Span ${i + 1} later`, disabled: i === spans.length - 1, onclick: () => sort(swapped(i, i + 1)) }, "↓"),
    make("button", { type: "button", "aria-label": `Leave span ${i + 1} out`, onclick: () => sort(indexes.filter((n) => n !== i)) }, "Leave out"),
    span.reason ? make("span", { className: "note" }, span.reason) : null,
  ));
  return make("section", { "aria-labelledby": "order-title" }, make("h3", { id: "order-title" }, "Story"), make("ol", { className: "story" }, rows));
}

// A face is blurred unless its person has said yes.
function faces(span, setSpan) {
  const all = [...span.blur.map((keys) => [keys, false]), ...(span.may_be_seen ?? []).map((keys) => [keys, true])];
  const rows = all.map(([keys, seen], i) => {
    const box = make("input", { type: "checkbox", checked: seen, id: `face-${i}`, onchange: () => {
      const yes = all.filter(([, was], n) => (n === i ? box.checked : was)).map(([track]) => track);
      const no = all.filter(([, was], n) => !(n === i ? box.checked : was)).map(([track]) => track);
      setSpan({ blur: no, may_be_seen: yes });
    } });
    const times = `${clock(keys[0][0])} to ${clock(keys.at(-1)[0])}`;
    return make("li", {}, make("label", { htmlFor: `face-${i}` }, box, ` Face from ${times}: this person agreed to be seen`));
  });
  return make("section", { "aria-labelledby": "people-title" }, make("h3", { id: "people-title" }, "People"), make("ul", {}, rows));
}

function finished(clip, facts) {
  const video = make("video", { controls: true, preload: "none", playsInline: true, src: finishedUrl(clip, "mp4", facts.made), poster: finishedUrl(clip, "jpg", facts.made) });
  video.setAttribute("aria-label", "The finished clip");
  return make("section", { "aria-labelledby": "finished-title" }, make("h3", { id: "finished-title" }, "Finished"), make("div", { className: "screen small" }, video));
}

function evidence(clip) {
  const figures = Object.entries(clip.evidence).map(([name, value]) =>
    make("div", {}, make("dt", {}, name.replaceAll("_", " ")), make("dd", {}, String(Number(value.toFixed(3))))));
  return make("details", {}, make("summary", {}, "Figures"), make("dl", {}, figures));
}
