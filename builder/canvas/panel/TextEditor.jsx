// Text with values of earlier steps in it. They look like chips; “{{”, “/” or the button opens the picker.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { chipWords, reference } from "../core/references.js";
import { Icon } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";
import { asked, insert, read, retitle, write } from "./chips.js";
import { Picker } from "./Picker.jsx";

/** @typedef {{ id?: string, value: string, label: string, placeholder?: string, multiline?: boolean, invalid?: boolean, onChange: (text: string) => void }} Props */

/** @param {Props} props */
export function TextEditor({ id, value, label, placeholder, multiline = false, invalid = false, onChange }) {
  const editor = useEditor();
  const document_ = usePart((state) => state.sync.document);
  const types = usePart((state) => state.types);
  const root = useRef(/** @type {HTMLDivElement | null} */ (null));
  const cursor = useRef(/** @type {Range | null} */ (null));
  const [picking, setPicking] = useState(/** @type {{ typed: number, at: DOMRect } | null} */ (null));
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const words = (/** @type {string[]} */ path) => chipWords(editor.document, path, editor.state.types);

  useLayoutEffect(() => {
    if (root.current && read(root.current) !== text) write(root.current, text, words);
  }, [text]);
  useEffect(() => {
    if (root.current) retitle(root.current, words);
  }, [document_.words.steps, document_.meaning.steps, types]);

  const changed = () => {
    if (!root.current) return;
    const next = read(root.current);
    if (next !== text) onChange(multiline ? next : next.replaceAll("\n", " "));
  };
  const range = () => {
    const selection = getSelection();
    const found = selection?.rangeCount ? selection.getRangeAt(0) : null;
    return found && root.current?.contains(found.startContainer) ? found : null;
  };
  const open = (/** @type {number} */ typed) => {
    cursor.current = range()?.cloneRange() ?? null;
    const at = root.current?.getBoundingClientRect();
    if (at) setPicking({ typed, at });
  };
  const onInput = () => {
    changed();
    const now = range();
    const typed = now ? asked(now) : 0;
    if (typed) open(typed);
  };
  const pick = (/** @type {string[] | null} */ path) => {
    const typed = picking?.typed ?? 0;
    setPicking(null);
    const element = root.current;
    if (!element) return;
    element.focus();
    const at = cursor.current ?? atEnd(element);
    if (path) insert(at, typed, reference(path), words);
    else back(at);
    changed();
  };

  return (
    <div className="gc-text-editor">
      <div ref={root} id={id} className={`gl-input gc-editable ${multiline ? "gc-editable--tall" : ""}`} role="textbox" tabIndex={0} aria-multiline={multiline} aria-label={label} aria-invalid={invalid || undefined}
        data-placeholder={text ? undefined : (placeholder || (multiline ? "Type text; / puts in a value of an earlier step" : "Type, or / for a value"))}
        contentEditable="plaintext-only" suppressContentEditableWarning spellCheck={multiline} onInput={onInput}
        onBlur={() => root.current && !picking && parsed(root.current, text, words)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !multiline) event.preventDefault();
          if (event.key === " " && event.ctrlKey) { event.preventDefault(); open(0); }
        }} />
      <button type="button" className="gc-insert" aria-label="Put in a value" title="Put in a value of an earlier step ( / )" onMouseDown={(event) => event.preventDefault()} onClick={() => open(0)}><Icon name="braces" size={14} /></button>
      {picking && <Picker at={picking.at} onPick={pick} />}
    </div>
  );
}

/** What was written by hand as `{{ … }}` becomes a chip when the cursor leaves. @param {HTMLElement} root @param {string} text @param {import("./chips.js").Words} words */
function parsed(root, text, words) {
  const chips = root.querySelectorAll("[data-source]").length;
  if ((text.match(/\{\{/g)?.length ?? 0) !== chips) write(root, text, words);
}

/** @param {HTMLElement} element */
function atEnd(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.collapse(false);
  return range;
}

/** @param {Range} range */
function back(range) {
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}
