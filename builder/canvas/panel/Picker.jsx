// The picker of values: what the steps before this one hand on, searched by typing, walked with the arrow keys.
import { useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { searched } from "../core/references.js";
import { Icon } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";
import { choicesOf } from "./choices.js";
import { useForm } from "./FormContext.js";

const WIDTH = 340;
const HEIGHT = 360;

/** @param {{ at: DOMRect, onPick: (path: string[] | null) => void }} props */
export function Picker({ at, onPick }) {
  const editor = useEditor();
  const { step, within } = useForm();
  const document_ = usePart((state) => state.sync.document);
  const check = usePart((state) => state.check);
  const [typed, setTyped] = useState("");
  const [index, setIndex] = useState(0);
  const groups = useMemo(() => searched(choicesOf(editor.state, step, within), typed), [editor, step, within, typed, document_, check]);
  const flat = groups.flatMap((group) => group.choices);
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [index]);

  const onKey = (/** @type {import("react").KeyboardEvent} */ event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) setIndex((before) => Math.max(0, Math.min(flat.length - 1, before + by)));
    else if (event.key === "Enter" || event.key === "Tab") onPick(flat[index]?.path ?? null);
    else if (event.key === "Escape") onPick(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const left = Math.max(8, Math.min(at.left, innerWidth - WIDTH - 8));
  const below = at.bottom + HEIGHT < innerHeight || at.top < HEIGHT;
  const place = below ? { left, top: Math.max(8, Math.min(at.bottom + 4, innerHeight - HEIGHT - 8)) } : { left, bottom: innerHeight - at.top + 4 };

  return createPortal(
    <>
      <div className="gc-shield" onPointerDown={() => onPick(null)} />
      <div className="gl-menu gc-picker" style={{ ...place, width: Math.min(WIDTH, innerWidth - 16) }} onKeyDown={onKey}>
        <label className="gl-search"><Icon name="search" /><span className="gl-hidden">Search the values</span>
          <input className="gl-input gl-input--small" autoFocus placeholder="Search the values" value={typed} onChange={(event) => { setTyped(event.target.value); setIndex(0); }} /></label>
        <div ref={list} className="gc-picker__list" role="listbox">
          {groups.map((group) => (
            <div key={group.id} role="group" aria-label={group.title}>
              <h4 className="gl-eyebrow gc-picker__group"><Icon name={group.icon} size={13} />{group.title}</h4>
              {group.choices.map((choice) => {
                const chosen = flat[index] === choice;
                return (
                  <button key={choice.path.join(".")} type="button" role="option" aria-selected={chosen} className="gc-choice" style={{ paddingLeft: `${0.75 + choice.depth}rem` }}
                    onPointerMove={chosen ? undefined : () => setIndex(flat.indexOf(choice))} onClick={() => onPick(choice.path)}>
                    <span className="gc-choice__name">{choice.name}</span><span className="gc-kind">{choice.kind}</span>
                    {choice.description && <span className="gc-choice__words gl-clip">{choice.description}</span>}
                  </button>
                );
              })}
            </div>
          ))}
          {!flat.length && <p className="gl-muted gc-picker__none">{typed ? `Nothing is called “${typed}”.` : within ? "No step lies inside yet. Add one, and its results appear here." : "No step comes before this one yet. Connect one, and its results appear here."}</p>}
        </div>
      </div>
    </>,
    document.body,
  );
}
