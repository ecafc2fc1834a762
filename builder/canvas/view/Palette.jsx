// The palette: find a step type, then click, press Enter, or drag it onto the canvas.
import { useEffect, useMemo, useRef, useState } from "react";
import { lastEdge, looseEnd } from "../core/building.js";
import { around, holderOf, isContainer } from "../core/containers.js";
import { leaves } from "../core/document.js";
import { shelfTitle, shelves } from "../core/palette.js";
import { DRAGGED } from "./Flow.jsx";
import { Icon, IconButton } from "./icons.jsx";
import { useEditor, usePart } from "./useEditor.js";

/** @typedef {import("../core/document.js").NodeType} NodeType */

/** @param {{ where: import("../core/building.js").Where, center: () => [number, number] }} props */
export function Palette({ where, center }) {
  const editor = useEditor();
  const types = usePart((state) => state.types);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const inside = usePart(() => insideOf(editor, where));
  const found = useMemo(() => shelves([...types.values()].filter((type) => fits(editor, type, inside)), typed), [types, typed, inside]);
  const flat = found.flatMap((shelf) => shelf.types);
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const close = () => editor.set({ overlay: null });

  const place = (/** @type {NodeType} */ type) => {
    if (type.broken) return;
    const target = placeFor(editor, where, type, center);
    editor.set({ overlay: null, panel: true, tab: "settings" });
    editor.add(type, target);
  };

  const onKey = (/** @type {import("react").KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((before) => Math.max(0, Math.min(flat.length - 1, before + step)));
    else if (event.key === "Enter") flat[at] && place(flat[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section className="gc-palette" aria-label="Add a step" onKeyDown={onKey}>
      <div className="gc-palette__head">
        <label className="gl-search gl-grow">
          <Icon name="search" />
          <span className="gl-hidden">Search the steps</span>
          <input className="gl-input" autoFocus placeholder="What should happen?" value={typed} role="combobox" aria-expanded aria-controls="gc-palette-list"
            onChange={(event) => { setTyped(event.target.value); setAt(0); }} />
        </label>
        <IconButton icon="x" label="Close" onClick={close} />
      </div>
      <div ref={list} className="gc-palette__list" id="gc-palette-list" role="listbox">
        {found.map((shelf) => (
          <div key={shelf.category} role="group" aria-label={shelfTitle(shelf.category)}>
            <h3 className="gl-eyebrow">{shelfTitle(shelf.category)}</h3>
            {shelf.types.map((type) => <Offer key={type.type} type={type} chosen={flat[at] === type} onPlace={() => place(type)} onPoint={() => setAt(flat.indexOf(type))} />)}
          </div>
        ))}
        {!flat.length && <p className="gl-muted gc-palette__none">Nothing is called “{typed}”. Try another word, such as “ask”, “join” or “branch”.</p>}
      </div>
      <p className="gc-palette__foot gl-faint">Enter adds it · or drag it onto the canvas</p>
    </section>
  );
}

/** @param {{ type: NodeType, chosen: boolean, onPlace: () => void, onPoint: () => void }} props */
function Offer({ type, chosen, onPlace, onPoint }) {
  const broken = !!type.broken;
  return (
    <button type="button" role="option" aria-selected={chosen} aria-disabled={broken} className="gc-offer" draggable={!broken} title={type.broken ?? undefined}
      onClick={onPlace} onPointerMove={chosen ? undefined : onPoint}
      onDragStart={(event) => { event.dataTransfer.setData(DRAGGED, type.type); event.dataTransfer.effectAllowed = "copy"; }}>
      <span className={`gc-step__icon gc-kind--${type.category.toLowerCase()}`}><Icon name={broken ? "alert-triangle" : type.icon} size={18} /></span>
      <span className="gc-step__words">
        <span className="gl-strong">{type.label}</span>
        <span className="gc-offer__summary">{broken ? `Broken: ${type.broken}` : type.summary}</span>
      </span>
    </button>
  );
}

/** Where a chosen step goes: where the palette was opened, else after the selected step, else after the only loose end, else before the finish. @param {import("../core/editor.js").Editor} editor @param {import("../core/building.js").Where} where @param {NodeType} type @param {() => [number, number]} center */
function placeFor(editor, where, type, center) {
  if (where.edge || where.after || where.at) return where;
  const [chosen, ...others] = editor.state.selection.steps;
  const inside = insideOf(editor, where);
  if (inside && (where.inside || chosen === inside)) return { ...looseEnd(editor.document, editor.exitsOf, inside), inside };
  if (chosen && !others.length && editor.exitsOf(chosen).length) return { after: { step: chosen } };
  const loose = looseEnd(editor.document, editor.exitsOf);
  if (loose.after) return loose;
  const last = type.exits.length && type.type !== "flow.start" ? lastEdge(editor.document, editor.exitsOf) : undefined;
  if (last) return { edge: last };
  return Object.keys(editor.document.meaning.steps).length ? { at: center() } : {};
}

/** The container a new step would lie in: the one that was asked for, the chosen one, or that of what it is put after. @param {import("../core/editor.js").Editor} editor @param {import("../core/building.js").Where} where */
function insideOf(editor, where) {
  if (where.inside !== undefined) return where.inside;
  const beside = where.after?.step ?? (where.edge ? leaves(where.edge.from).step : undefined);
  if (beside || where.at) return beside ? holderOf(editor.document, beside) : "";
  const [chosen = "", ...others] = editor.state.selection.steps;
  if (others.length) return "";
  return isContainer(editor.state.types.get(editor.document.meaning.steps[chosen]?.type ?? "")) ? chosen : holderOf(editor.document, chosen);
}

/** Whether a step of a type may lie there: a run begins and ends outside, and only a loop can be left. @param {import("../core/editor.js").Editor} editor @param {NodeType} type @param {string} inside */
function fits(editor, type, inside) {
  if (type.type === "flow.leave_loop") return [inside, ...around(editor.document, inside)].some((id) => editor.state.types.get(editor.document.meaning.steps[id]?.type ?? "")?.container === "repeat");
  return !inside || !["flow.start", "flow.finish"].includes(type.type);
}
