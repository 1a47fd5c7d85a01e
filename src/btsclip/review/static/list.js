// The clips of the plan, one line each. Only lines whose clip has changed are drawn anew.
import { finishedUrl, pictureUrl } from "/static/api.js";
import { badge, clock, make } from "/static/dom.js";

const drawn = new Map();

export function drawList(list, state, choose) {
  const order = [];
  for (const clip of state.plan.clips) {
    const facts = state.clips[clip.id];
    const mark = JSON.stringify([clip.enabled, clip.kind, clip.title, clip.why, clip.spans[0].start, clip.spans[0].end, facts]);
    let known = drawn.get(clip.id);
    if (known?.mark !== mark) {
      const item = line(clip, facts, choose);
      known?.item.replaceWith(item);
      known = { mark, item };
      drawn.set(clip.id, known);
    }
    order.push(known.item);
  }
  if (order.length !== list.children.length || order.some((item, i) => list.children[i] !== item)) {
    list.replaceChildren(...order);
  }
  for (const [id, known] of drawn) {
    known.item.firstChild.setAttribute("aria-current", id === state.chosen ? "true" : "false");
  }
}

export function reveal(id) {
  const item = drawn.get(id)?.item;
  item?.scrollIntoView({ block: "nearest" });
  item?.firstChild.focus({ preventScroll: true });
}

function line(clip, facts, choose) {
  const source = facts.made ? finishedUrl(clip, "jpg", facts.made) : pictureUrl(clip, 0, clip.spans[0], "middle");
  const picture = make("img", { alt: "", loading: "lazy", decoding: "async", src: source, width: 54, height: 96 });
  // A take that is not there has no picture.
  picture.addEventListener("error", () => picture.remove());
  const told = make(
    "span", { className: "told" },
    make("strong", {}, make("bdi", {}, clip.title || clip.id)),
    make("span", {}, badge(clip.kind), ` ${clock(facts.seconds)}`, clip.spans.length > 1 ? ` · ${clip.spans.length} spans` : ""),
    make("span", { className: "note" }, clip.enabled ? (facts.made ? "rendered" : "kept") : "refused"),
  );
  const button = make("button", { type: "button", onclick: () => choose(clip.id) }, picture, told);
  return make("li", { id: `line-${clip.id}`, className: clip.enabled ? "" : "refused" }, button);
}
