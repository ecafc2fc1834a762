/**
 * The form that starts a run, made from the start step: its inputs with their words, what is asked again, what is wrong.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {{ name: string, kind: string, label: string, help: string, required: boolean, default: any,
 *   options: { value: string, label: string }[], min: number | null, max: number | null, max_length: number | null, file_kinds: string[], extensions: string[] }} Input
 */
import { startOf } from "./graph.js";
import { isFile } from "./run.js";

/** @param {Document} document @returns {Input[]} */
export function inputsOf(document) {
  const id = startOf(document);
  const step = id ? document.meaning.steps[id] : undefined;
  if (!id || !step) return [];
  const labels = document.words.steps[id]?.labels ?? {};
  const inputs = (Array.isArray(step.settings.inputs) ? step.settings.inputs : []).filter((input) => input?.name);
  const asked = step.settings.kind === "chat" && !inputs.some((input) => input.name === "message")
    ? [{ name: "message", kind: "paragraph", required: true }, ...inputs]
    : inputs;
  return asked.map((input) => ({
    name: input.name,
    kind: input.kind ?? "text",
    label: labels[input.name]?.label || words(input.name),
    help: labels[input.name]?.help ?? "",
    required: input.required ?? true,
    default: input.default ?? null,
    options: (input.options ?? []).map(option),
    min: input.min ?? null,
    max: input.max ?? null,
    max_length: input.max_length ?? null,
    file_kinds: Array.isArray(input.file_kinds) ? input.file_kinds.map(String) : [],
    extensions: Array.isArray(input.extensions) ? input.extensions.map(String) : [],
  }));
}

/** An option is a text or a value with its label. @param {any} each */
const option = (each) => (each && typeof each === "object" ? { value: String(each.value), label: each.label ?? String(each.value) } : { value: String(each), label: String(each) });

/** A name as words: `customer_email` → “Customer email”. @param {string} name */
export function words(name) {
  const text = name.replaceAll("_", " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the form starts with: what was entered last time, else the default. Lists and JSON are text while being edited. @param {Input[]} inputs @param {Record<string, any>} remembered */
export function initial(inputs, remembered) {
  return Object.fromEntries(inputs.map((input) => [input.name, input.name in remembered ? remembered[input.name] : asText(input, input.default)]));
}

/** Values as the form holds them, of the inputs it has. @param {Input[]} inputs @param {Record<string, any>} values */
export function filledIn(inputs, values) {
  return Object.fromEntries(inputs.filter((input) => input.name in values).map((input) => [input.name, asText(input, values[input.name])]));
}

/** @param {Input} input @param {any} value */
function asText(input, value) {
  if (input.kind === "yes_no") return value === true;
  if (isBrought(input)) return [value].flat().filter(isFile);
  if (value === null || value === undefined) return "";
  if (input.kind === "list") return Array.isArray(value) ? value.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join("\n") : String(value);
  if (input.kind === "json") return JSON.stringify(value, null, 2);
  return String(value);
}

/**
 * The inputs to send, and a sentence for each that is wrong.
 * @param {Input[]} inputs @param {Record<string, any>} entered
 * @returns {{ inputs: Record<string, any>, wrong: Record<string, string> }}
 */
export function checked(inputs, entered) {
  /** @type {Record<string, any>} */
  const sent = {};
  /** @type {Record<string, string>} */
  const wrong = {};
  for (const input of inputs) {
    const { value, problem } = read(input, entered[input.name]);
    if (problem) wrong[input.name] = problem;
    else if (value !== undefined) sent[input.name] = value;
    else if (input.required) wrong[input.name] = "Please fill this in.";
  }
  return { inputs: sent, wrong };
}

/** @param {Input} input @param {any} entered @returns {{ value?: any, problem?: string }} */
function read(input, entered) {
  if (input.kind === "yes_no") return { value: entered === true };
  if (isBrought(input)) return brought(input, Array.isArray(entered) ? entered : []);
  const text = String(entered ?? "").trim();
  if (!text) return {};
  switch (input.kind) {
    case "number":
      return number(input, Number(text.replace(",", ".")));
    case "list":
      return { value: text.split("\n").map((line) => line.trim()).filter(Boolean) };
    case "json":
      try {
        return { value: JSON.parse(text) };
      } catch (error) {
        return { problem: `This is not JSON: ${error instanceof Error ? error.message : error}` };
      }
    default:
      if (input.max_length && text.length > input.max_length) return { problem: `At most ${input.max_length} characters; this has ${text.length}.` };
      return { value: String(entered) };
  }
}

/** Whether it is answered with files. @param {Input} input */
export const isBrought = (input) => input.kind === "file" || input.kind === "files";

/** @param {Input} input @param {any[]} files @returns {{ value?: any, problem?: string }} */
function brought(input, files) {
  if (!files.length) return {};
  if (input.kind === "file") return { value: files[0] };
  if (input.min !== null && files.length < input.min) return { problem: `At least ${input.min} files.` };
  if (input.max !== null && files.length > input.max) return { problem: `At most ${input.max} files.` };
  return { value: files };
}

/** @param {Input} input @param {number} value */
function number(input, value) {
  if (!Number.isFinite(value)) return { problem: "Please enter a number." };
  if (input.min !== null && value < input.min) return { problem: `At least ${input.min}.` };
  if (input.max !== null && value > input.max) return { problem: `At most ${input.max}.` };
  return { value };
}
