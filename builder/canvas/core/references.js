/**
 * References: text with `{{ step.field }}` inside as a list of parts, and what may be referred to from where.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./document.js").OutputSpec} OutputSpec
 * @typedef {import("./document.js").NodeType} NodeType
 * @typedef {{ text: string }} TextPart
 * @typedef {{ ref: string[], filters: string, source: string }} RefPart
 * @typedef {TextPart | RefPart} Part
 * @typedef {{ path: string[], name: string, kind: string, description: string, depth: number }} Choice
 * @typedef {{ id: string, title: string, icon: string, choices: Choice[] }} ChoiceGroup
 */
import { around, holderOf } from "./containers.js";
import { titleOf } from "./document.js";
import { stepsBefore } from "./graph.js";

const REFERENCE = /\\\{\{|\{\{\s*([a-z][a-z0-9_]*(?:\.[A-Za-z0-9_-]+)*)\s*((?:\|[^{}]*)?)\}\}/g;

/** Text as parts; what is malformed stays text, `\{{` too. @param {string} text @returns {Part[]} */
export function parts(text) {
  /** @type {Part[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    if (match[1] === undefined) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ ref: match[1].split("."), filters: (match[2] ?? "").trim(), source: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** @param {string[]} path */
export const reference = (path) => `{{ ${path.join(".")} }}`;

/** The path when the text is one reference and nothing else. @param {unknown} value @returns {string[] | null} */
export function single(value) {
  if (typeof value !== "string") return null;
  const [first, ...rest] = parts(value.trim());
  return first && "ref" in first && !rest.length ? first.ref : null;
}

/** What a chip says: the step's title, then the way inside. @param {Document} document @param {string[]} path @param {Map<string, NodeType>} [types] */
export function chipWords(document, path, types) {
  const [head = "", ...rest] = path;
  if (head === "variables") return { title: "Variable", field: rest.join(" › "), known: !!document.meaning.variables[rest[0] ?? ""] };
  if (head === "conversation") return { title: "Conversation", field: rest.join(" › "), known: !!document.meaning.conversation[rest[0] ?? ""] };
  if (head === "run") return { title: "This run", field: rest.join(" › "), known: true };
  const words = document.words.steps[head]?.labels[rest[0] ?? ""]?.label;
  const field = [words || rest[0], ...rest.slice(1)].filter(Boolean).join(" › ");
  return { title: titleOf(document, head, types), field, known: !!document.meaning.steps[head] };
}

/**
 * What step `id` may refer to: the outputs of the steps before it, nearest first, each container around it with what it hands inside and what comes before that,
 * then variables and the run itself. `within`: a setting of a container that is read inside it, where the steps that lie there may be named.
 * @param {Document} document @param {string} id @param {{ outputs?: Record<string, OutputSpec[]>, inner?: Record<string, OutputSpec[]> }} known @param {Map<string, NodeType>} types @param {boolean} [within]
 * @returns {ChoiceGroup[]}
 */
export function choicesFor(document, id, known, types, within = false) {
  const typeOf = (/** @type {string} */ step) => types.get(document.meaning.steps[step]?.type ?? "");
  /** @type {(step: string, specs: OutputSpec[], title?: string) => ChoiceGroup} */
  const group = (step, specs, title = titleOf(document, step, types)) => {
    const labels = document.words.steps[step]?.labels ?? {};
    return { id: step, title, icon: typeOf(step)?.icon ?? "box", choices: specs.flatMap((spec) => unfolded(spec, [step], labels[spec.name]?.label)) };
  };
  const handed = (/** @type {string} */ step) => group(step, known.outputs?.[step] ?? typeOf(step)?.outputs ?? []);
  const inner = (/** @type {string} */ step) => ({ ...group(step, known.inner?.[step] ?? []), id: `in ${step}`, title: `Inside “${titleOf(document, step, types)}”` });
  const own = within ? [...Object.keys(document.meaning.steps).filter((each) => holderOf(document, each) === id).map(handed), inner(id)] : [];
  const groups = [...own, ...stepsBefore(document, id).map(handed)];
  for (const outer of around(document, id)) groups.push(inner(outer), ...stepsBefore(document, outer).map(handed));
  const declared = (/** @type {"variables" | "conversation"} */ of) => Object.entries(document.meaning[of]).map(([name, variable]) => choice([of, name], name, variable.kind, "", 0));
  const run = [choice(["run", "id"], "Run id", "text", "Identifies this run", 0), choice(["run", "started"], "Started", "date", "When this run began", 0)];
  return [
    ...groups,
    { id: "variables", title: "Variables", icon: "variable", choices: declared("variables") },
    { id: "conversation", title: "Conversation", icon: "message-circle", choices: declared("conversation") },
    { id: "run", title: "This run", icon: "play", choices: run },
  ].filter((each) => each.choices.length);
}

/** The variables a step may change: of the run, of the conversation, of the loops around it. @param {Document} document @param {string} id @param {Record<string, OutputSpec[]>} inner @param {Map<string, NodeType>} types @returns {{ title: string, names: string[] }[]} */
export function changeable(document, id, inner, types) {
  const loops = around(document, id).filter((outer) => types.get(document.meaning.steps[outer]?.type ?? "")?.container === "repeat");
  const named = (/** @type {string} */ loop) => (inner[loop] ?? []).map((each) => each.name).filter((name) => name !== "round");
  return [
    ...loops.map((loop) => ({ title: titleOf(document, loop, types), names: named(loop).map((name) => `${loop}.${name}`) })),
    { title: "Of this run", names: Object.keys(document.meaning.variables) },
    { title: "Of the conversation", names: Object.keys(document.meaning.conversation).map((name) => `conversation.${name}`) },
  ].filter((each) => each.names.length);
}

/** @param {OutputSpec} spec @param {string[]} above @param {string} [label] @param {number} [depth] @returns {Choice[]} */
function unfolded(spec, above, label, depth = 0) {
  const path = [...above, spec.name];
  return [choice(path, label || spec.name, spec.kind, spec.description, depth), ...(spec.fields ?? []).flatMap((inner) => unfolded(inner, path, undefined, depth + 1))];
}

/** @param {string[]} path @param {string} name @param {string} kind @param {string} description @param {number} depth */
const choice = (path, name, kind, description, depth) => ({ path, name, kind, description, depth });

/** The groups whose choices contain every word typed; a group where a name itself begins so comes first. @param {ChoiceGroup[]} groups @param {string} typed */
export function searched(groups, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return groups;
  const rank = (/** @type {Choice} */ each) => (words.some((word) => each.name.toLowerCase().startsWith(word)) ? 0 : 1);
  const best = (/** @type {ChoiceGroup} */ group) => Math.min(...group.choices.map(rank));
  return groups
    .map((group) => ({
      ...group,
      choices: group.choices
        .filter((each) => {
          const text = `${group.title} ${each.path.join(" ")} ${each.name} ${each.kind} ${each.description}`.toLowerCase();
          return words.every((word) => text.includes(word));
        })
        .sort((a, b) => rank(a) - rank(b)),
    }))
    .filter((group) => group.choices.length)
    .sort((a, b) => best(a) - best(b));
}

/** References renamed by a table of ids, in any value: pasted steps refer to their pasted neighbours. @param {any} value @param {Map<string, string>} names @returns {any} */
export function renamed(value, names) {
  return mapText(value, (text) =>
    parts(text)
      .map((part) => {
        if ("text" in part) return part.text;
        const name = names.get(part.ref[0] ?? "");
        return name ? part.source.replace(/^\{\{\s*[a-z0-9_]+/, (head) => head.replace(/[a-z0-9_]+$/, name)) : part.source;
      })
      .join(""),
  );
}

/** @param {any} value @param {(text: string) => string} change @returns {any} */
function mapText(value, change) {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => mapText(each, change));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapText(each, change)]));
  return value;
}
