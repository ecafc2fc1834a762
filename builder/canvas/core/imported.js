/**
 * The report of an import, kept in the tab in which it was made, and what of it a person has to look at.
 *
 * @typedef {{ source: string, step: string, result: "mapped" | "partly" | "placeholder", note: string }} Taken
 * @typedef {{ name: string, steps: Taken[], problems: import("./document.js").Problem[] }} ImportReport
 */

/** @param {string} name */
export const reportKey = (name) => `greenlane.imported.${name}`;

/** What was kept of an import of this workflow; null where there is nothing, or nothing to be read. @param {string | null} kept @returns {ImportReport | null} */
export function reportOf(kept) {
  try {
    const report = JSON.parse(kept ?? "null");
    return report && Array.isArray(report.steps) && Array.isArray(report.problems) ? report : null;
  } catch {
    return null;
  }
}

/** as many lines about models as a person reads one by one */
const FEW = 3;

/** Placeholders first, then what is only partly the same; what is the same; problems that no line of a step tells; and, of many, those about models apart: they all say the same. @param {ImportReport} report */
export function lacking({ steps, problems }) {
  const first = ["placeholder", "partly"].flatMap((result) => steps.filter((each) => each.result === result));
  const told = new Set(first.map((each) => each.step));
  const left = problems.filter((each) => !each.step || !told.has(each.step) || each.severity === "error");
  const models = left.filter((each) => each.code === "model_to_choose");
  const many = models.length > FEW;
  return { first, rest: steps.filter((each) => each.result === "mapped"), others: many ? left.filter((each) => !models.includes(each)) : left, models: many ? models : [] };
}

/** @param {ImportReport} report */
export function reportWords({ steps }) {
  const count = (/** @type {string} */ result) => steps.filter((each) => each.result === result).length;
  const [same, partly, place] = ["mapped", "partly", "placeholder"].map(count);
  if (steps.length > 1 && same === steps.length) return `All ${same} steps mean the same here.`;
  return [`${same} of ${steps.length} steps mean the same here`, partly ? `${partly} almost` : "", place ? `${place} ${place === 1 ? "has" : "have"} no counterpart and ${place === 1 ? "keeps its place" : "keep their places"}` : ""].filter(Boolean).join(", ") + ".";
}
