// Any value: text with references by default, or a number, yes/no or JSON when the person says so.
import { useState } from "react";
import { JsonEditor } from "./JsonEditor.jsx";
import { TextEditor } from "./TextEditor.jsx";

/** @typedef {"text" | "number" | "yes_no" | "json"} Kind */
/** @type {[Kind, string][]} */
const KINDS = [["text", "Text"], ["number", "Number"], ["yes_no", "Yes/no"], ["json", "JSON"]];

/** @param {{ id?: string, value: any, label: string, example?: string, invalid?: boolean, dynamic: boolean, onChange: (value: any) => void }} props */
export function ValueEditor({ id, value, label, example, invalid = false, dynamic, onChange }) {
  const [chosen, setChosen] = useState(/** @type {Kind | null} */ (null));
  const kind = chosen ?? kindOf(value);
  const choose = (/** @type {Kind} */ next) => {
    setChosen(next);
    onChange(converted(value, next));
  };
  return (
    <div className="gc-value">
      {kind === "text" && dynamic && <TextEditor id={id} value={value === null || value === undefined ? "" : String(value)} label={label} placeholder={example} invalid={invalid} onChange={onChange} />}
      {kind === "text" && !dynamic && <input id={id} className="gl-input" value={value ?? ""} placeholder={example} aria-label={label} onChange={(event) => onChange(event.target.value)} />}
      {kind === "number" && <input id={id} className="gl-input" type="number" step="any" value={value ?? ""} aria-label={label} onChange={(event) => onChange(event.target.value === "" ? null : event.target.valueAsNumber)} />}
      {kind === "yes_no" && <select id={id} className="gl-select" value={String(value === true)} aria-label={label} onChange={(event) => onChange(event.target.value === "true")}><option value="true">Yes</option><option value="false">No</option></select>}
      {kind === "json" && <JsonEditor id={id} value={value} onChange={onChange} />}
      <select className="gc-value__kind" aria-label={`Kind of ${label}`} title="What kind of value this is" value={kind} onChange={(event) => choose(/** @type {Kind} */ (event.target.value))}>
        {KINDS.map(([name, words]) => <option key={name} value={name}>{words}</option>)}
      </select>
    </div>
  );
}

/** @param {any} value @returns {Kind} */
function kindOf(value) {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "yes_no";
  return value !== null && typeof value === "object" ? "json" : "text";
}

/** @param {any} value @param {Kind} kind */
function converted(value, kind) {
  switch (kind) {
    case "number":
      return value !== "" && Number.isFinite(Number(value)) ? Number(value) : null;
    case "yes_no":
      return value === true || value === "true";
    case "json":
      return value;
    default:
      return value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
  }
}
