// Code: lines with numbers, coloured; Tab indents, Escape and Tab leave; the inputs as chips; the line of a mistake.
import { useEffect, useId, useRef, useState } from "react";
import { beginning, indented, lineOf, newLine, outdented, pieces, put } from "../core/code.js";
import { errorOf } from "../core/run.js";
import { Icon } from "../view/icons.jsx";
import { alike, usePart } from "../view/useEditor.js";
import { useForm } from "./FormContext.js";

/** @typedef {import("../core/code.js").Language} Language */
/** @typedef {{ id?: string, value: string, label: string, field: string, placeholder?: string, most?: number | null, invalid?: boolean, siblings: Record<string, any>, onChange: (text: string) => void }} Props */

/** @type {Record<Language, string>} */
const SAYS = { python: "Python", javascript: "JavaScript", jinja: "Jinja" };

/** @param {Props} props */
export function CodeEditor({ id, value, label, field, placeholder, most, invalid = false, siblings, onChange }) {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const leaving = useRef(false);
  const hint = useId();
  const language = /** @type {Language} */ (field === "template" ? "jinja" : (siblings["language"] ?? "python"));
  const inputs = Array.isArray(siblings["inputs"]) ? siblings["inputs"] : [];
  const names = inputs.map((each) => each?.name).filter(Boolean);
  const text = typeof value === "string" ? value : "";
  const lines = text.split("\n").length;
  const mistake = useMistake(text);
  const told = useRef(/** @type {HTMLParagraphElement | null} */ (null));
  useEffect(() => { told.current?.scrollIntoView({ block: "nearest" }); }, [mistake?.sentence]);

  const replace = (/** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ words) => {
    const element = area.current;
    if (!element) return;
    element.focus();
    element.setSelectionRange(from, to);
    // the browser's own undo knows what is put in this way; where it cannot, the value is set
    if (!document.execCommand("insertText", false, words)) onChange(text.slice(0, from) + words + text.slice(to));
  };
  const typed = () => ({ text, start: area.current?.selectionStart ?? 0, end: area.current?.selectionEnd ?? 0 });
  const onKeyDown = (/** @type {import("react").KeyboardEvent} */ event) => {
    if (event.key === "Escape" && !leaving.current) {
      leaving.current = true;
      event.preventDefault();
      return;
    }
    if (event.key === "Tab" && !leaving.current && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const change = event.shiftKey ? outdented(typed(), language) : indented(typed(), language);
      event.preventDefault();
      if (change) {
        replace(change.from, change.to, change.put);
        area.current?.setSelectionRange(change.start, change.end);
      }
      return;
    }
    if (event.key === "Enter" && !event.nativeEvent.isComposing && !event.ctrlKey && !event.metaKey) {
      const { start, end } = typed();
      event.preventDefault();
      replace(start, end, newLine(typed(), language));
    }
    if (event.key !== "Shift") leaving.current = false;
  };

  return (
    <div className="gc-code" data-invalid={invalid || mistake !== null || undefined}>
      <div className="gc-code__head">
        <span className="gl-faint">{SAYS[language]}</span>
        {names.map((name) => <button key={name} type="button" className="gc-chip gc-code__name" title={`Put in “${name}”`} onMouseDown={(event) => event.preventDefault()} onClick={() => { const { start, end } = typed(); replace(start, end, put(name, language)); }}>{name}</button>)}
        {!text.trim() && field === "code" && <button type="button" className="gl-button gl-button--small gl-button--quiet gc-code__begin" onClick={() => onChange(beginning(language, inputs, siblings["outputs"] ?? []))}>Write the beginning</button>}
      </div>
      <div className="gc-code__body">
        <ol className="gc-code__numbers" aria-hidden>{Array.from({ length: lines }, (_, index) => <li key={index} data-wrong={mistake?.line === index + 1 || undefined} />)}</ol>
        <div className="gc-code__text">
          <pre aria-hidden>{pieces(text, language, names).map((piece, index) => <span key={index} className={piece.kind === "plain" ? undefined : `gc-code__${piece.kind}`}>{piece.text}</span>)}{"\n"}</pre>
          <textarea ref={area} id={id} aria-label={label} aria-describedby={hint} aria-invalid={invalid || mistake !== null || undefined} wrap="off" spellCheck={false} autoCapitalize="off" autoCorrect="off" autoComplete="off"
            value={text} placeholder={placeholder} maxLength={most ?? undefined} onChange={(event) => onChange(event.target.value)} onKeyDown={onKeyDown} onBlur={() => { leaving.current = false; }} />
        </div>
      </div>
      {mistake && <p ref={told} className="gl-error gc-code__wrong"><Icon name="circle-alert" size={14} /><span>{mistake.sentence}</span></p>}
      <span id={hint} className="gl-hidden">Tab indents. Escape, then Tab, leaves the field.</span>
    </div>
  );
}

/** What the last run said of this code, as long as the code is the same. @param {string} text @returns {{ sentence: string, line: number } | null} */
function useMistake(text) {
  const { step } = useForm();
  const error = usePart((state) => (state.run?.steps[step]?.status === "failed" ? errorOf(state.run.steps[step].error ?? state.run.error) : null), alike);
  const line = lineOf(error?.sentence ?? "");
  const said = error && line ? `${error.sentence}` : "";
  const [of, setOf] = useState({ said, text });
  useEffect(() => {
    if (said !== of.said) setOf({ said, text });
  }, [said]);
  return said && of.said === said && of.text === text ? { sentence: said, line } : null;
}
