/**
 * Steps that were made with an earlier version of their type: they are shown in today's shape, and get it with the first change.
 *
 * @typedef {import("./document.js").Document} Document
 */
import { apply } from "./edits.js";

/** The settings of a step in today's shape, where it has another; undefined where it has that already. @param {Document} document @param {import("./document.js").Check | null} check @param {string} id */
export function renewedSettings(document, check, id) {
  const older = check?.older?.[id];
  return older && (document.meaning.steps[id]?.version ?? 1) < older.version ? older.settings : undefined;
}

/** What puts a step in anew, in today's version and with one setting changed (undefined takes it away); all else of it stays. @param {Document} document @param {{ version: number, settings: Record<string, any> }} older @param {string} id @param {string} field @param {any} value @returns {import("./edits.js").Edit[]} */
export function renewed(document, older, id, field, value) {
  const { [field]: _, ...rest } = older.settings;
  const settings = value === undefined ? rest : { ...older.settings, [field]: value };
  const back = apply(document, { edit: "remove", id }).inverse.map((edit) => (edit.edit === "add" && edit.id === id ? { ...edit, step: { ...edit.step, version: older.version, settings } } : edit));
  return [{ edit: "remove", id }, ...back];
}
