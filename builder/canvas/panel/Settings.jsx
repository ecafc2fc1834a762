// The settings of a step, generated from the fields of its type.
import { useEffect, useMemo, useRef } from "react";
import { NO_WORDS, titleOf } from "../core/document.js";
import { shown, unknownSettings, valueOf } from "../core/fields.js";
import { renewed, renewedSettings } from "../core/older.js";
import { errorOf } from "../core/run.js";
import { Icon } from "../view/icons.jsx";
import { alike, useEditor, usePart } from "../view/useEditor.js";
import { Field } from "./Field.jsx";
import { FormContext } from "./FormContext.js";

/** @typedef {import("../core/document.js").FieldSpec} FieldSpec */

/** @param {{ id: string, step: import("../core/document.js").Step, type: import("../core/document.js").NodeType | undefined }} props */
export function Settings({ id, step, type }) {
  const editor = useEditor();
  const problems = usePart((state) => (state.check?.problems ?? []).filter((problem) => problem.step === id), alike);
  const words = usePart((state) => state.sync.document.words.steps[id] ?? NO_WORDS);
  const title = usePart((state) => titleOf(state.sync.document, id, state.types));
  const settings = usePart((state) => renewedSettings(state.sync.document, state.check, id), alike);
  const focus = usePart((state) => (state.focus?.step === id ? state.focus : null));
  const body = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    if (focus?.field) reveal(body.current, focus.field);
  }, [focus]);
  const form = useMemo(() => ({
    step: id,
    title,
    problems,
    focus: focus?.field ?? "",
    labels: words.labels,
    relabel: (/** @type {string} */ part, /** @type {import("../core/document.js").Label | null} */ label) => editor.do([{ edit: "label", id, part, label }], { gesture: `label ${id} ${part}` }),
  }), [editor, id, title, problems, words.labels, focus]);

  if (!type || type.broken) return <Missing step={step} sentence={type?.broken ?? `There is no step type “${step.type}” here.`} />;
  const general = problems.filter((problem) => !problem.field);
  const change = (/** @type {string} */ field, /** @type {any} */ value) => {
    const older = settings && editor.state.check?.older?.[id];
    if (older) return editor.do(renewed(editor.document, older, id, field, value), { gesture: `set ${id} ${field}` });
    return editor.do([value === undefined ? { edit: "configure", id, field, unset: true } : { edit: "configure", id, field, value }], { gesture: `set ${id} ${field}` });
  };
  return (
    <FormContext.Provider value={form}>
      <div ref={body} className="gl-fields">
        <LastFailure id={id} />
        {general.map((problem, index) => <p key={index} className={`gl-notice gl-status gl-tone--${problem.severity === "warning" ? "amber" : "red"}`}><Icon name="circle-alert" /><span>{problem.sentence}{problem.hint && <span className="gl-help"> {problem.hint}</span>}</span></p>)}
        <Fields specs={type.fields} values={settings ?? step.settings} path="" onChange={change} />
        {!settings && <Strangers names={unknownSettings(type.fields, step.settings)} values={step.settings} onRemove={(field) => change(field, undefined)} />}
      </div>
    </FormContext.Provider>
  );
}

/** What went wrong is read where it can be mended. @param {{ id: string }} props */
function LastFailure({ id }) {
  const error = usePart((state) => (state.run?.steps[id]?.status === "failed" ? errorOf(state.run.steps[id].error ?? state.run.error) : null), alike);
  if (!error) return null;
  return <p className="gl-notice gl-status gl-tone--red"><Icon name="circle-alert" /><span className="gl-stack gl-tighter"><span><span className="gl-strong">Failed in the last run.</span> {error.sentence}</span>{error.hint && <span className="gl-help">{error.hint}</span>}</span></p>;
}

/** The fields of a step or of one row; `onChange` with undefined takes a value away. @param {{ specs: FieldSpec[], values: Record<string, any>, path: string, onChange: (name: string, value: any) => void, skip?: string }} props */
export function Fields({ specs, values, path, onChange, skip }) {
  const { everyday, advanced } = shown(specs.filter((spec) => spec.name !== skip), values);
  const at = (/** @type {FieldSpec} */ spec) => (path ? `${path}.${spec.name}` : spec.name);
  const one = (/** @type {FieldSpec} */ spec) => <Field key={spec.name} spec={spec} value={valueOf(spec, values)} siblings={values} path={at(spec)} onChange={(value) => onChange(spec.name, value)} />;
  const used = advanced.some((spec) => Object.hasOwn(values, spec.name));
  return (
    <>
      {everyday.map(one)}
      {advanced.length > 0 && (
        <details className="gc-more" open={used || undefined}>
          <summary><Icon name="chevron-right" size={14} />More settings</summary>
          <div className="gl-fields">{advanced.map(one)}</div>
        </details>
      )}
    </>
  );
}

/** @param {{ step: import("../core/document.js").Step, sentence: string }} props */
function Missing({ step, sentence }) {
  return (
    <div className="gl-stack">
      <p className="gl-notice gl-status gl-tone--red"><Icon name="alert-triangle" /><span><span className="gl-strong">This step cannot run.</span> {sentence}</span></p>
      <p className="gl-muted">Its settings are kept as they are:</p>
      <pre className="gl-code">{JSON.stringify(step.settings, null, 2)}</pre>
    </div>
  );
}

/** @param {{ names: string[], values: Record<string, any>, onRemove: (name: string) => void }} props */
function Strangers({ names, values, onRemove }) {
  return names.map((name) => (
    <div key={name} className="gl-field">
      <span className="gl-label">{name} <span className="gl-label__optional">not a setting of this step</span></span>
      <pre className="gl-code">{JSON.stringify(values[name], null, 2)}</pre>
      <button type="button" className="gl-button gl-button--small" onClick={() => onRemove(name)}>Remove</button>
    </div>
  ));
}

/** Scrolls to a field (or the nearest one around it) and puts the cursor in. @param {HTMLElement | null} body @param {string} field */
function reveal(body, field) {
  for (let path = field; path; path = path.slice(0, Math.max(0, path.lastIndexOf(".")))) {
    const found = body?.querySelector(`[data-path="${CSS.escape(path)}"]`);
    if (!found) continue;
    found.closest("details")?.setAttribute("open", "");
    found.scrollIntoView({ block: "center", behavior: "smooth" });
    /** @type {HTMLElement | null} */ (found.querySelector("input, textarea, select, [contenteditable]"))?.focus({ preventScroll: true });
    return;
  }
}
