// The list of clips. Only items of changed clips are drawn again.
import { pictureUrl, renderedUrl } from "/static/api.js";
import { badge, clock, make } from "/static/dom.js";

const drawn = new Map();

export function drawList(list, state, choose) {
  const order = [];
  for (const clip of state.plan.clips) {
    const facts = state.clips[clip.id];
    const key = JSON.stringify([clip.enabled, clip.kind, clip.title, clip.why, clip.spans[0].start, clip.spans[0].end, facts]);
    let entry = drawn.get(clip.id);
    if (entry?.key !== key) {
      const item = listItem(clip, facts, choose);
      entry?.item.replaceWith(item);
      entry = { key, item };
      drawn.set(clip.id, entry);
    }
    order.push(entry.item);
  }
  if (order.length !== list.children.length || order.some((item, i) => list.children[i] !== item)) {
    list.replaceChildren(...order);
  }
  for (const [id, entry] of drawn) {
    entry.item.firstChild.setAttribute("aria-current", id === state.chosen ? "true" : "false");
  }
}

export function reveal(id) {
  const item = drawn.get(id)?.item;
  item?.scrollIntoView({ block: "nearest" });
  item?.firstChild.focus({ preventScroll: true });
}

function listItem(clip, facts, choose) {
  const source = facts.made ? renderedUrl(clip, "jpg", facts.made) : pictureUrl(clip, 0, clip.spans[0], "middle");
  const picture = make("img", { alt: "", loading: "lazy", decoding: "async", src: source, width: 54, height: 96 });
  // A missing take has no picture.
  picture.addEventListener("error", () => picture.remove());
  const label = make(
    "span", { className: "label" },
    make("strong", {}, make("bdi", {}, clip.title || clip.id)),
    make("span", {}, badge(clip.kind), ` ${clock(facts.seconds)}`, clip.spans.length > 1 ? ` · ${clip.spans.length} spans` : ""),
    make("span", { className: "note" }, clip.enabled ? (facts.made ? "rendered" : "kept") : "refused"),
  );
  const button = make("button", { type: "button", onclick: () => choose(clip.id) }, picture, label);
  return make("li", { id: `line-${clip.id}`, className: clip.enabled ? "" : "refused" }, button);
}
