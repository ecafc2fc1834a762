/**
 * What becomes of a step that fails, as its form shows and changes it.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./document.js").NodeType} NodeType
 * @typedef {import("./document.js").OnFailure} OnFailure
 * @typedef {import("./edits.js").Edit} Edit
 */
import { FAILING, leaves } from "./document.js";

/** What a step hands on beside its own outputs once it goes on after a failure. */
const TOLD = ["error_message", "error_code"];

/** Where a run begins and where it ends nothing can be done. @param {string} type */
export const canFail = (type) => !["flow.start", "flow.finish"].includes(type);

/** Everything that is said of a step, with what holds where nothing is said. @param {Document} document @param {string} id @returns {Required<OnFailure>} */
export const failing = (document, id) => ({ ...FAILING, ...document.meaning.steps[id]?.on_failure });

/** The edits that say something else of it; its way out goes with its connections. @param {Document} document @param {string} id @param {OnFailure} change @param {NodeType | undefined} type @returns {Edit[]} */
export function handled(document, id, change, type) {
  const before = failing(document, id);
  const after = { ...before, ...change };
  /** @type {Edit[]} */
  const edits = [{ edit: "handle", id, on_failure: after }];
  if (before.then !== "exit" || after.then === "exit" || type?.exits.some((exit) => exit.id === "error")) return edits;
  const cut = document.meaning.edges.filter((edge) => leaves(edge.from).step === id && leaves(edge.from).exit === "error");
  return [.../** @type {Edit[]} */ (cut.map((edge) => ({ edit: "disconnect", edge }))), ...edits];
}

/** What can be said of a step of this type: a container is neither tried again nor stopped by time, a wait not by time. @param {NodeType | undefined} type */
export const offers = (type) => ({ retries: !type?.container, timeout: !type?.container && !type?.effects?.includes("wait") });

/** The outputs a fallback stands in for. @param {{ name: string }[]} outputs */
export const replaceable = (outputs) => outputs.map((each) => each.name).filter((name) => !TOLD.includes(name));

/** In a few words: “2 more tries, then a fallback”; empty where nothing is said. @param {OnFailure} on */
export function failureWords(on) {
  const { retries, timeout_s, then } = { ...FAILING, ...on };
  const tries = retries ? `${retries} more ${retries === 1 ? "try" : "tries"}` : "";
  const ends = { stop: "", fallback: "a fallback", exit: "a way out of its own" }[then];
  const said = [tries, ends].filter(Boolean).join(", then ");
  return [said, timeout_s ? `${timeout_s} s at most` : ""].filter(Boolean).join(" · ");
}
