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

/** Placeholders first, then what is only partly the same; what is the same; and problems that no line of a step tells. @param {ImportReport} report */
export function lacking({ steps, problems }) {
  const first = ["placeholder", "partly"].flatMap((result) => steps.filter((each) => each.result === result));
  const told = new Set(first.map((each) => each.step));
  const others = problems.filter((each) => !each.step || !told.has(each.step) || each.severity === "error");
  return { first, rest: steps.filter((each) => each.result === "mapped"), others };
}

/** @param {ImportReport} report */
export function reportWords({ steps }) {
  const count = (/** @type {string} */ result) => steps.filter((each) => each.result === result).length;
  const [same, partly, place] = ["mapped", "partly", "placeholder"].map(count);
  return [`${same} of ${steps.length} steps mean the same here`, partly ? `${partly} almost` : "", place ? `${place} ${place === 1 ? "has" : "have"} no counterpart and ${place === 1 ? "keeps its place" : "keep their places"}` : ""].filter(Boolean).join(", ") + ".";
}
