// A value shown so that a person can read it: text as text, names with their values, lists as lists, rows as a table,
// the rest as JSON.
import { createContext, useContext, useState } from "react";
import { columnsOf, isLong, isMarked, showsAs } from "../core/run.js";
import { words } from "../core/form.js";
import { IconButton } from "./icons.jsx";

/** @typedef {import("react").ComponentType<{ text?: string | null }>} Prose makes elements of a text with marks, never HTML */

/** Comes from outside: the canvas knows no other component. Without it a text is shown as it is written. */
export const ProseContext = createContext(/** @type {Prose | null} */ (null));

/** @typedef {{ Bring: import("react").ComponentType<any>, Kept: import("react").ComponentType<{ files: any[] }>, largest: number }} Files brings files for a form, none larger than so many bytes, and shows those of a run */

/** Comes from outside, too. */
export const FilesContext = createContext(/** @type {Files | null} */ (null));

/** @param {{ value: any, labels?: Record<string, string> }} props */
export function Shown({ value, labels = {} }) {
  const files = useContext(FilesContext);
  switch (showsAs(value)) {
    case "files":
      return files ? <files.Kept files={Array.isArray(value) ? value : [value]} /> : <p className="gl-faint">A file</p>;
    case "nothing":
      return <p className="gl-faint">Empty</p>;
    case "text":
      return typeof value === "string" ? <Words text={value} /> : <div className="gc-text">{plain(value)}</div>;
    case "table":
      return <Table rows={value} columns={columnsOf(value) ?? []} />;
    case "list":
      return <ul className="gc-list">{value.map((/** @type {any} */ each, /** @type {number} */ index) => <li key={index}>{typeof each === "string" ? <Words text={each} /> : plain(each)}</li>)}</ul>;
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

/** @param {any} value */
const plain = (value) => (typeof value === "boolean" ? (value ? "Yes" : "No") : String(value ?? ""));

/** A text, readable as models write it; a long one folded. @param {{ text: string }} props */
function Words({ text }) {
  const Prose = useContext(ProseContext);
  const [open, setOpen] = useState(false);
  const long = isLong(text);
  const shown = Prose && isMarked(text) ? <Prose text={text} /> : <div className="gc-text">{text}</div>;
  if (!long) return shown;
  return (
    <div className="gc-fold" data-open={open}>
      <div className="gc-fold__inside">{shown}</div>
      <button type="button" className="gl-button gl-button--small gl-button--quiet" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? "Show less" : "Show all"}</button>
    </div>
  );
}

/** @param {{ rows: Record<string, any>[], columns: string[] }} props */
const Table = ({ rows, columns }) => (
  <div className="gc-table" tabIndex={0} role="group" aria-label="Table">
    <table>
      <thead><tr>{columns.map((name) => <th key={name} scope="col">{words(name)}</th>)}</tr></thead>
      <tbody>{rows.map((row, index) => <tr key={index}>{columns.map((name) => <td key={name} className={typeof row[name] === "number" ? "gl-number" : undefined}>{plain(row[name])}</td>)}</tr>)}</tbody>
    </table>
  </div>
);

/** Copies a value: text as it is, all else as JSON. @param {{ value: any }} props */
export function Copy({ value }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return <span className="gc-copy"><IconButton icon="copy" label="Copy" onClick={() => void navigator.clipboard?.writeText(text)} /></span>;
}
