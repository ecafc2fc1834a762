// The panel of the selected step: settings, the last run, help. At phone width it is a sheet from below.
import { useEffect, useRef } from "react";
import { titleOf } from "../core/document.js";
import { Icon, IconButton } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";
import { Help } from "./Help.jsx";
import { LastRun } from "./LastRun.jsx";
import { Settings } from "./Settings.jsx";
import { WhenItFails } from "./WhenItFails.jsx";

const TABS = [["settings", "Settings"], ["run", "Last run"], ["help", "Help"]];

/** @param {{ id: string, reads: import("../core/editor.js").Reads, tries: import("../core/editor.js").Tries }} props */
export function Panel({ id, reads, tries }) {
  const editor = useEditor();
  const tab = usePart((state) => state.tab);
  const step = usePart((state) => state.sync.document.meaning.steps[id]);
  const type = usePart((state) => state.types.get(step?.type ?? ""));
  const words = usePart((state) => state.sync.document.words.steps[id]);
  const title = usePart((state) => titleOf(state.sync.document, id, state.types));
  if (!step) return null;
  return (
    <section className="gc-panel" aria-label={`Step ${title}`}>
      <header className="gc-panel__head">
        <span className={`gc-step__icon gc-kind--${type?.category.toLowerCase() ?? "none"}`}><Icon name={type && !type.broken ? type.icon : "alert-triangle"} size={18} /></span>
        <div className="gc-step__words">
          <Title key={id} id={id} title={words?.title ?? ""} placeholder={type?.label ?? id} />
          <span className="gl-faint gl-small gl-clip">{type?.label ?? step.type} · <code title="Stands in references">{id}</code></span>
        </div>
        <IconButton icon="trash" label="Delete this step" onClick={() => editor.do([{ edit: "remove", id }])} />
        <IconButton icon="x" label="Close" onClick={() => editor.set({ panel: false })} />
      </header>
      <div className="gl-tabs gc-panel__tabs" role="tablist">
        {TABS.map(([name = "", label]) => <button key={name} type="button" role="tab" className="gl-tab" aria-selected={tab === name} onClick={() => editor.set({ tab: name })}>{label}</button>)}
      </div>
      <div className="gc-panel__body" role="tabpanel">
        {tab === "settings" && <><Settings key={id} id={id} step={step} type={type} /><WhenItFails key={`fails ${id}`} id={id} /><Note key={`note ${id}`} id={id} note={words?.note ?? ""} /></>}
        {tab === "run" && <LastRun key={`run ${id}`} id={id} reads={reads} tries={tries} />}
        {tab === "help" && <Help type={type} />}
      </div>
    </section>
  );
}

/** @param {{ id: string, title: string, placeholder: string }} props */
function Title({ id, title, placeholder }) {
  const editor = useEditor();
  return (
    <input className="gc-title gc-title--step" value={title} placeholder={placeholder} maxLength={200} aria-label="Title of the step" spellCheck={false}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      onChange={(event) => editor.do([{ edit: "rename", id, title: event.target.value }], { gesture: `title ${id}` })} />
  );
}

/** @param {{ id: string, note: string }} props */
function Note({ id, note }) {
  const editor = useEditor();
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useEffect(() => { grow(area.current); }, [note]);
  return (
    <label className="gl-field gc-note">
      <span className="gl-label">Note <span className="gl-label__optional">for whoever reads this later</span></span>
      <textarea ref={area} className="gl-input" rows={1} value={note} maxLength={10000} onChange={(event) => editor.do([{ edit: "describe", id, text: event.target.value }], { gesture: `note ${id}` })} />
    </label>
  );
}

/** Browsers without `field-sizing` need a hand. @param {HTMLTextAreaElement | null} area */
export function grow(area) {
  if (!area || CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}
