// The texts of a clip: title, captions with their times, end card.
import { make } from "/static/dom.js";

// The evidence for texts that somebody wrote on this page.
const YOURS = "your own words";
const ROLES = ["hook", "moment", "speech", "person", "clock", "sticker"];

export function texts(clip, facts, onChange) {
  const captions = clip.captions.map((caption) => ({ ...caption }));
  const save = () => onChange({ captions: captions.filter((caption) => caption.text.trim()) });
  const rows = captions.map((caption, i) => row(caption, i, {
    save,
    remove: () => { captions.splice(i, 1); save(); },
  }));
  const add = make("button", {
    type: "button",
    onclick: () => {
      captions.push({ text: "Text", evidence: YOURS, start: 0, end: Math.min(2.5, facts.seconds), role: captions.some((c) => c.role === "hook") ? "moment" : "hook" });
      save();
    },
  }, "Add caption");
  const title = make("input", { type: "text", value: clip.title, id: "title", dir: "auto", onchange: () => onChange({ title: title.value }) });
  const ending = make("input", {
    type: "text", value: clip.end_card?.text ?? "", id: "ending", dir: "auto",
    onchange: () => onChange({ end_card: ending.value.trim() ? { text: ending.value, seconds: clip.end_card?.seconds ?? 1.5 } : null }),
  });
  return make(
    "section", { "aria-labelledby": "texts-title" },
    make("h3", { id: "texts-title" }, "Text"),
    make("p", { className: "field" }, make("label", { htmlFor: "title" }, "Title and cover"), title),
    rows.length ? make(
      "table", { className: "texts" },
      make("thead", {}, make("tr", {}, ...["style", "text", "from, s", "to, s", ""].map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, rows),
    ) : make("p", { className: "note" }, "This clip has no captions."),
    add,
    make("p", { className: "field" }, make("label", { htmlFor: "ending" }, "End card"), ending),
  );
}

function row(caption, i, { save, remove }) {
  const number = i + 1;
  const role = make("select", { id: `text-${i}-role`, "aria-label": `Style of caption ${number}`, onchange: () => { caption.role = role.value; save(); } },
    [...new Set([...ROLES, caption.role])].map((name) => make("option", { value: name, selected: name === caption.role }, name)));
  const text = make("textarea", { id: `text-${i}-text`, "aria-label": `Caption ${number}`, value: caption.text, rows: 1, dir: "auto",
    title: caption.evidence ? `Known from: ${caption.evidence}` : "",
    onchange: () => { caption.text = text.value; caption.words = []; caption.evidence = YOURS; save(); } });
  const time = (name) => {
    const field = make("input", { id: `text-${i}-${name}`, type: "number", min: 0, step: 0.1, value: Number(caption[name].toFixed(2)), "aria-label": `Caption ${number} ${name === "start" ? "from" : "to"}, seconds`,
      onchange: () => { if (field.value !== "") { caption[name] = Number(field.value); save(); } } });
    return field;
  };
  const removal = make("button", { type: "button", "aria-label": `Remove caption ${number}`, onclick: remove }, "Remove");
  return make("tr", {}, [role, text, time("start"), time("end"), removal].map((field) => make("td", {}, field)));
}
