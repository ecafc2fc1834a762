// Files of a run: what they are, how large, a glance inside, and the way to save them.
import { useEffect, useState } from "react";
import Archive from "lucide-react/dist/esm/icons/archive.mjs";
import ChevronDown from "lucide-react/dist/esm/icons/chevron-down.mjs";
import Download from "lucide-react/dist/esm/icons/download.mjs";
import FileIconPlain from "lucide-react/dist/esm/icons/file.mjs";
import FileText from "lucide-react/dist/esm/icons/file-text.mjs";
import Image from "lucide-react/dist/esm/icons/image.mjs";
import Table from "lucide-react/dist/esm/icons/table.mjs";
import { kindOf, sizeWords, told, typeWords } from "./files_told.js";

/**
 * @typedef {import("./files_told.js").Handle} Handle
 * @typedef {{ kind: "picture" | "text" | "table" | "none", text: string, columns: string[], rows: string[][], more: boolean, sentence: string }} Glance
 */

const ICONS = { picture: Image, table: Table, text: FileText, archive: Archive, file: FileIconPlain };

/** @param {{ type: string }} props */
export function FileIcon({ type }) {
  const Drawn = ICONS[kindOf(type)];
  return <Drawn aria-hidden className="gl-kept__icon" />;
}

/** @param {{ files: Handle[] }} props */
export function Kept({ files }) {
  return <ul className="gl-kept">{files.map((file) => <One key={file.id} file={file} />)}</ul>;
}

/** @param {{ file: Handle }} props */
function One({ file }) {
  const [open, setOpen] = useState(false);
  const looks = kindOf(file.type) !== "archive" && kindOf(file.type) !== "file" && file.type !== "image/svg+xml";
  return (
    <li className="gl-kept__file gl-kept__file--shown">
      <div className="gl-kept__row">
        <FileIcon type={file.type} />
        <span className="gl-grow gl-kept__words">
          <span className="gl-strong gl-clip" title={file.name}>{file.name}</span>
          <span className="gl-muted gl-small">{typeWords(file.type)} · {sizeWords(file.size)}</span>
        </span>
        {looks && (
          <button type="button" className="gl-button gl-button--quiet gl-button--small" aria-expanded={open} onClick={() => setOpen(!open)}>
            <ChevronDown aria-hidden size={14} className={open ? "gl-turned" : undefined} />{open ? "Hide" : "Preview"}
          </button>
        )}
        <a className="gl-button gl-button--small gl-button--icon" href={`/files/${file.id}`} download={file.name} aria-label={`Download ${file.name}`} title="Download"><Download aria-hidden size={16} /></a>
      </div>
      {open && <Inside file={file} />}
    </li>
  );
}

/** @param {{ file: Handle }} props */
function Inside({ file }) {
  const [glance, setGlance] = useState(/** @type {Glance | string | null} */ (null));
  const picture = kindOf(file.type) === "picture";
  useEffect(() => {
    if (!picture) void look(file.id).then(setGlance);
  }, [file.id, picture]);
  if (picture) return <img className="gl-kept__picture" src={`/files/${file.id}/picture`} alt={file.name} />;
  if (glance === null) return <p className="gl-muted gl-small gl-row"><span className="gl-spinner" />Reading the file…</p>;
  if (typeof glance === "string") return <p className="gl-muted gl-small" role="alert">{glance}</p>;
  return (
    <div className="gl-kept__inside">
      {glance.kind === "none" && <p className="gl-muted gl-small">{glance.sentence}</p>}
      {glance.kind === "text" && <div className="gl-kept__text" tabIndex={0} role="group" aria-label={`Text of ${file.name}`}>{glance.text}</div>}
      {glance.kind === "table" && (
        <div className="gl-kept__table" tabIndex={0} role="group" aria-label={`Table of ${file.name}`}>
          <table>
            <thead><tr>{glance.columns.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
            <tbody>{glance.rows.map((row, at) => <tr key={at}>{row.map((cell, place) => <td key={place}>{cell}</td>)}</tr>)}</tbody>
          </table>
        </div>
      )}
      {glance.more && <p className="gl-faint gl-small">There is more in the file. Download it to read all.</p>}
    </div>
  );
}

/** What a file holds at a glance, or the sentence why it cannot be told. @param {string} file @returns {Promise<Glance | string>} */
async function look(file) {
  try {
    const answer = await fetch(`/files/${file}/preview`);
    return answer.ok ? await answer.json() : told(await answer.text());
  } catch {
    return "The server cannot be reached. Try again in a moment.";
  }
}
