// The pictures from which the clip's cover is chosen, as radio buttons: arrow keys change the choice.
import { coverUrl } from "/static/api.js";
import { clock, make } from "/static/dom.js";

export function covers(clip, facts, preset, onPick) {
  if (facts.covers.length < 2) return null;
  let used = facts.covers.findIndex(({ span, at }) => clip.spans[span].cover === at);
  // A cover set in the plan itself may be another picture; without any, the first one is used.
  const isOther = clip.spans.some(({ cover, start, end }) => cover !== null && start <= cover && cover <= end);
  if (used < 0 && !isOther) used = 0;
  const choices = facts.covers.map((choice, i) => {
    const picture = make("img", { alt: "", loading: "lazy", decoding: "async", src: coverUrl(clip, i, choice, preset) });
    // A missing take has no picture.
    picture.addEventListener("error", () => picture.remove());
    const button = make("input", {
      type: "radio", name: "cover", id: `cover-${i}`, checked: i === used, onchange: () => onPick(choice),
    });
    const text = `Picture ${i + 1}, at ${clock(choice.at)} of the take`;
    return make("label", { htmlFor: `cover-${i}` }, picture, make("span", {}, button, ` ${text}`));
  });
  return make(
    "fieldset", { className: "covers" },
    make("legend", {}, "Cover"),
    make("div", { className: "row" }, choices),
    make("p", { className: "note" }, "The cover is written when the clip is rendered. Profile grids show its middle square."),
  );
}
