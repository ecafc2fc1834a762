/**
 * Fields: which settings of a step are shown, what stands in an empty one, how values inside lists are reached.
 *
 * @typedef {import("./document.js").FieldSpec} FieldSpec
 * @typedef {import("./document.js").Problem} Problem
 */
import { freshId } from "./document.js";

/** The value of a field: what was set, else the type's default. @param {FieldSpec} spec @param {Record<string, any>} values */
export const valueOf = (spec, values) => (Object.hasOwn(values, spec.name) ? values[spec.name] : (spec.default ?? null));

/** Whether a field is shown, given its siblings. @param {FieldSpec} spec @param {FieldSpec[]} siblings @param {Record<string, any>} values */
export function isShown(spec, siblings, values) {
  if (!spec.when) return true;
  const [name, wanted] = spec.when;
  const other = siblings.find((each) => each.name === name);
  const value = other ? valueOf(other, values) : values[name];
  return Array.isArray(wanted) ? wanted.includes(value) : value === wanted;
}

/** The shown fields, the everyday ones and the advanced ones. @param {FieldSpec[]} specs @param {Record<string, any>} values */
export function shown(specs, values) {
  const visible = specs.filter((spec) => isShown(spec, specs, values));
  return { everyday: visible.filter((spec) => !spec.advanced), advanced: visible.filter((spec) => spec.advanced) };
}

/** The field that names an entry of a list, so that others can refer to it: its `id` or `name`. @param {FieldSpec[]} specs */
export const nameField = (specs) => specs.find((spec) => spec.control === "name" && (spec.name === "id" || spec.name === "name")) ?? null;

/** What a new entry of a list starts with; its name is one nobody has. @param {FieldSpec} spec the list @param {any[]} rows */
export function newRow(spec, rows) {
  if (spec.item) return blank(spec.item);
  const naming = nameField(spec.fields);
  /** @type {Record<string, any>} */
  const row = {};
  for (const field of spec.fields) if (field.required) row[field.name] = blank(field);
  if (naming) row[naming.name] = freshId(rows.map((each) => each?.[naming.name]), spec.row || spec.name);
  return row;
}

/** An empty value of the right kind; a list that needs entries starts with one. @param {FieldSpec} spec @returns {any} */
export function blank(spec) {
  if (spec.default !== null && spec.default !== undefined) return structuredClone(spec.default);
  switch (spec.control) {
    case "rows":
      return spec.required ? [newRow(spec, [])] : [];
    case "group":
      return Object.fromEntries(spec.fields.filter((field) => field.required).map((field) => [field.name, blank(field)]));
    case "choice":
      return spec.options[0]?.value ?? null;
    case "toggle":
      return false;
    case "number":
    case "json":
    case "schema":
      return null;
    default:
      return "";
  }
}

/** Whether nothing was entered. @param {unknown} value */
export const isEmpty = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);

/** A list with one entry moved. @template T @param {T[]} rows @param {number} index @param {number} to @returns {T[]} */
export function moved(rows, index, to) {
  if (to < 0 || to >= rows.length) return rows;
  const rest = rows.filter((_, each) => each !== index);
  return [...rest.slice(0, to), /** @type {T} */ (rows[index]), ...rest.slice(to)];
}

/** The problems of one field and of what lies inside it. @param {Problem[]} problems @param {string} path */
export const inside = (problems, path) => problems.filter((each) => each.field === path || each.field?.startsWith(`${path}.`));

/** The problems to print right at this field. @param {Problem[]} problems @param {string} path */
export const exactly = (problems, path) => problems.filter((each) => each.field === path);

/** Settings a type does not know (an older file, another version): shown as they are, never dropped. @param {FieldSpec[]} specs @param {Record<string, any>} values */
export const unknownSettings = (specs, values) => Object.keys(values).filter((name) => !specs.some((spec) => spec.name === name));

/** One line about a setting for the card and for lists. @param {any} value @param {number} [most] */
export function preview(value, most = 80) {
  const text = typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** What is wrong, without the step and field it stands on already. @param {string} sentence @param {string} title */
export function withoutPlace(sentence, title) {
  const place = `“${title}”: `;
  const at = sentence.indexOf(place);
  return at === 0 || (at > 0 && sentence.slice(0, at).endsWith(" of ")) ? sentence.slice(at + place.length) : sentence;
}
