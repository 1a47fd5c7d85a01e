// Elements are made without markup strings, so that texts of the plan cannot become markup.

export function make(tag, values = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list" && !name.startsWith("aria")) element[name] = value;
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function draw(tag, values = {}) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  return element;
}

export function clock(seconds, places = 1) {
  const rounded = Number(Math.max(0, seconds).toFixed(places));
  const minutes = Math.floor(rounded / 60);
  const rest = (rounded - 60 * minutes).toFixed(places).padStart(places ? 3 + places : 2, "0");
  return minutes >= 60
    ? `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

export const KINDS = {
  process: "#0f766e", mishap: "#c2410c", people: "#7c3aed", why: "#1d4ed8", reveal: "#be185d",
  idle: "#64748b",
};

export function badge(kind, text = kind) {
  const element = make("span", { className: "kind" }, text);
  element.style.setProperty("--kind", KINDS[kind] ?? KINDS.idle);
  return element;
}
