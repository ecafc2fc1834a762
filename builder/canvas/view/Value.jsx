// A value shown so that a person can read it: text as text, names with their values, lists as lists, the rest as JSON.
import { showsAs } from "../core/run.js";
import { words } from "../core/form.js";
import { IconButton } from "./icons.jsx";

/** @param {{ value: any, labels?: Record<string, string> }} props */
export function Shown({ value, labels = {} }) {
  switch (showsAs(value)) {
    case "nothing":
      return <p className="gl-faint">Empty</p>;
    case "text":
      return <div className="gc-text">{typeof value === "boolean" ? (value ? "Yes" : "No") : String(value)}</div>;
    case "list":
      return <ul className="gc-list">{value.map((/** @type {any} */ each, /** @type {number} */ index) => <li key={index}>{String(each)}</li>)}</ul>;
    case "rows":
      return <div className="gc-rows-shown">{value.map((/** @type {any} */ each, /** @type {number} */ index) => <Shown key={index} value={each} />)}</div>;
    case "pairs":
      return (
        <dl className="gc-pairs">
          {Object.entries(value).map(([name, each]) => (
            <div key={name}>
              <dt>{labels[name] || words(name)}<Copy value={each} /></dt>
              <dd><Shown value={each} /></dd>
            </div>
          ))}
        </dl>
      );
    default:
      return <pre className="gl-code">{JSON.stringify(value, null, 2)}</pre>;
  }
}

/** Copies a value: text as it is, all else as JSON. @param {{ value: any }} props */
export function Copy({ value }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return <span className="gc-copy"><IconButton icon="copy" label="Copy" onClick={() => void navigator.clipboard?.writeText(text)} /></span>;
}
