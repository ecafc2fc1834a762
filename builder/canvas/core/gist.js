/** What a step does, in the few words that fit on its card. */
import { titleOf } from "./document.js";
import { chipWords, parts } from "./references.js";

/** @typedef {import("./document.js").FieldSpec} FieldSpec */

/**
 * What its settings say: what a start asks for, else the first text a person wrote; for a step without, what its type does.
 * @param {import("./document.js").Document} document @param {string} id @param {import("./document.js").NodeType} type
 * @param {{ name: string, title: string }[]} [workflows] those this person may see
 */
export function gist(document, id, type, workflows = []) {
  const settings = document.meaning.steps[id]?.settings ?? {};
  const asked = type.type === "flow.start" && Array.isArray(settings.inputs) ? settings.inputs : [];
  const labels = document.words.steps[id]?.labels ?? {};
  if (type.container === "call" && settings.workflow?.name) return `Runs “${workflows.find((each) => each.name === settings.workflow.name)?.title ?? settings.workflow.name}”`;
  if (asked.length) return `Asks for ${asked.map((input) => labels[input.name]?.label || input.name).join(", ")}`;
  const written = firstText(type.fields, settings);
  return written ? said(document, written) : (type.summary.split(/[:.]/)[0] ?? "");
}

/** Names that so many steps give what they hand on that they tell nothing; the step does. */
const BLANK = new Set(["", "text", "result", "output", "data"]);

/** @param {import("./document.js").Document} document @param {string[]} path */
function named(document, path) {
  const { field } = chipWords(document, path);
  return BLANK.has(field) ? titleOf(document, path[0] ?? "") : field;
}

/** A text on one line, with values by their names. @param {import("./document.js").Document} document @param {string} text */
function said(document, text) {
  return parts(text).map((part) => ("ref" in part ? named(document, part.ref) : part.text)).join("").replace(/\s+/g, " ").trim();
}

/** @param {FieldSpec[]} specs @param {Record<string, any>} values @returns {string} */
function firstText(specs, values) {
  for (const spec of specs) {
    const value = values[spec.name];
    const found = spec.control === "rows" && Array.isArray(value)
      ? value.map((row) => (typeof row === "string" ? (spec.item?.dynamic ? row : "") : firstText(spec.fields, row ?? {}))).find(Boolean)
      : spec.dynamic && typeof value === "string" && value.trim();
    if (found) return found;
  }
  return "";
}
