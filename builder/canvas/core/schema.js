/**
 * A JSON Schema as a list of named answers, and back. A schema that says more than the list can hold is edited raw.
 *
 * @typedef {{ name: string, kind: "text" | "number" | "yes_no" | "choice" | "list" | "object", description: string, options: string[],
 *   required: boolean, fields: Answer[] }} Answer
 */

const TYPES = { text: "string", number: "number", yes_no: "boolean", choice: "string", list: "array", object: "object" };
const KNOWN = new Set(["type", "description", "enum", "items", "properties", "required", "additionalProperties", "title"]);

/** @returns {Answer} */
export const newAnswer = () => ({ name: "", kind: "text", description: "", options: [], required: true, fields: [] });

/** @param {Answer[]} answers @returns {Record<string, any>} */
export function schemaOf(answers) {
  const named = answers.filter((answer) => answer.name);
  return {
    type: "object",
    properties: Object.fromEntries(named.map((answer) => [answer.name, one(answer)])),
    required: named.filter((answer) => answer.required).map((answer) => answer.name),
    additionalProperties: false,
  };
}

/** @param {Answer} answer @returns {Record<string, any>} */
function one(answer) {
  const words = answer.description ? { description: answer.description } : {};
  switch (answer.kind) {
    case "choice":
      return { type: "string", ...words, enum: answer.options };
    case "list":
      return { type: "array", ...words, items: answer.fields.length ? schemaOf(answer.fields) : { type: "string" } };
    case "object":
      return { ...schemaOf(answer.fields), ...words };
    default:
      return { type: TYPES[answer.kind], ...words };
  }
}

/** The answers of a schema, or null when the list could not say all that it says. @param {any} schema @returns {Answer[] | null} */
export function answersOf(schema) {
  if (schema === null || schema === undefined) return [];
  if (typeof schema !== "object" || schema.type !== "object" || !plain(schema)) return null;
  const required = new Set(schema.required ?? []);
  const answers = Object.entries(schema.properties ?? {}).map(([name, inner]) => answerOf(name, inner, required.has(name)));
  return answers.every((answer) => answer !== null) ? answers : null;
}

/** @param {string} name @param {any} schema @param {boolean} required @returns {Answer | null} */
function answerOf(name, schema, required) {
  if (!schema || typeof schema !== "object" || !plain(schema)) return null;
  /** @type {(kind: Answer["kind"], more?: Partial<Answer>) => Answer} */
  const answer = (kind, more) => ({ name, kind, description: schema.description ?? "", options: [], required, fields: [], ...more });
  switch (schema.type) {
    case "string":
      return schema.enum ? answer("choice", { options: schema.enum.map(String) }) : answer("text");
    case "number":
    case "integer":
      return answer("number");
    case "boolean":
      return answer("yes_no");
    case "object": {
      const fields = answersOf(schema);
      return fields && answer("object", { fields });
    }
    case "array": {
      if (!schema.items || (schema.items.type === "string" && !schema.items.enum)) return answer("list");
      const fields = answersOf(schema.items);
      return fields && answer("list", { fields });
    }
    default:
      return null;
  }
}

/** @param {Record<string, any>} schema */
const plain = (schema) => Object.keys(schema).every((key) => KNOWN.has(key)) && schema.additionalProperties !== true;
