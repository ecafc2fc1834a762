// Text as models write it: headings, lists, tables, quotes, bold, italics, code. Built from elements, never from HTML,
// and without links or images, whose addresses stand there as text: nothing that a model says may run here or call anywhere.
import { Fragment } from "react";
import { blocksOf, tableOf } from "./prose_blocks.js";

const INLINE = /(`[^`\n]+`|!?\[[^\]\n]*\]\([^()\s]+\)|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*)/;
const LINK = /^!?\[(.*)\]\((.+)\)$/;

/** @param {string} text */
function inline(text) {
  return text.split(INLINE).map((part, index) => {
    if (part.length > 2 && part.startsWith("`")) return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.length > 4 && part.startsWith("**")) return <strong key={index}>{part.slice(2, -2)}</strong>;
    if (index % 2 && part.startsWith("*")) return <em key={index}>{part.slice(1, -1)}</em>;
    const [, words = "", address] = index % 2 ? (LINK.exec(part) ?? []) : [];
    if (address) return <Fragment key={index}>{words} <span className="gl-muted">({address})</span></Fragment>;
    return <Fragment key={index}>{part}</Fragment>;
  });
}

/** @param {import("./prose_blocks.js").Block} block */
function Block({ kind, lines, start, depth }) {
  if (kind === "code") return <pre className="gl-code">{lines.join("\n")}</pre>;
  if (kind === "heading") return <h3>{inline(lines.join("\n"))}</h3>;
  if (kind === "rule") return <hr />;
  if (kind === "quote") return <blockquote>{inline(lines.join("\n"))}</blockquote>;
  if (kind === "table") return <Table lines={lines} />;
  if (kind === "p") return <p>{inline(lines.join("\n"))}</p>;
  const items = lines.map((line, index) => <li key={index}>{inline(line)}</li>);
  return kind === "ol" ? <ol start={start} data-depth={depth}>{items}</ol> : <ul data-depth={depth}>{items}</ul>;
}

/** @param {{ lines: string[] }} props */
function Table({ lines }) {
  const { head, rows, right } = tableOf(lines);
  const side = (/** @type {number} */ at) => (right[at] ? "gl-number" : undefined);
  return (
    <div className="gl-prose__table" role="group" aria-label="Table" tabIndex={0}>
      <table>
        <thead><tr>{head.map((cell, at) => <th key={at} scope="col" className={side(at)}>{inline(cell)}</th>)}</tr></thead>
        <tbody>{rows.map((row, index) => <tr key={index}>{row.map((cell, at) => <td key={at} className={side(at)}>{inline(cell)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

/** @param {{ text?: string | null }} props */
export function Prose({ text }) {
  return (
    <div className="gl-prose">
      {blocksOf(text ?? "").map((block, index) => (
        <Block key={index} {...block} />
      ))}
    </div>
  );
}
