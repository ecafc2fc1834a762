// One setting: its label, the control its kind asks for, and what is wrong with it.
import { useId, useState } from "react";
import { handedTo } from "../core/called.js";
import { exactly, isEmpty, withoutPlace } from "../core/fields.js";
import { changeable, single } from "../core/references.js";
import { Icon } from "../view/icons.jsx";
import { alike, useEditor, usePart } from "../view/useEditor.js";
import { Address } from "./Address.jsx";
import { Bases } from "./Bases.jsx";
import { kindOf } from "./choices.js";
import { CodeEditor } from "./CodeEditor.jsx";
import { FormContext, useForm } from "./FormContext.js";
import { JsonEditor } from "./JsonEditor.jsx";
import { People } from "./People.jsx";
import { Rows } from "./Rows.jsx";
import { SchemaEditor } from "./SchemaEditor.jsx";
import { Fields } from "./Settings.jsx";
import { TextEditor } from "./TextEditor.jsx";
import { ValueEditor } from "./ValueEditor.jsx";

/** @typedef {import("../core/document.js").FieldSpec} FieldSpec */
/** @typedef {{ spec: FieldSpec, value: any, siblings: Record<string, any>, path: string, onChange: (value: any) => void, bare?: boolean }} Props */

/** @param {Props} props */
export function Field(props) {
  const { spec, path, value, onChange, bare = false } = props;
  const id = useId();
  const form = useForm();
  const { problems, title } = form;
  const wrong = exactly(problems, path);
  const invalid = wrong.some((problem) => problem.severity !== "warning");
  const [explained, setExplained] = useState(false);
  const inRow = /\.\d+\./.test(path); // said once for every row would be noise: there it is behind the “?”
  const plain = <ControlOf {...props} id={id} invalid={invalid} />;
  const control = spec.inside ? <FormContext.Provider value={{ ...form, within: true }}>{plain}</FormContext.Provider> : plain;
  const below = <>
    {wrong.map((problem, index) => <span key={index} className={problem.severity === "warning" ? "gl-error gc-warning" : "gl-error"}><Icon name="circle-alert" size={14} /><span>{withoutPlace(problem.sentence, title)}</span></span>)}
    {!bare && (explained || !inRow) && spec.help && <span className="gl-help">{spec.help}</span>}
  </>;
  if (spec.control === "toggle") {
    return (
      <div className="gl-field" data-path={path}>
        <label className="gl-toggle"><input id={id} type="checkbox" role="switch" checked={value === true} onChange={(event) => onChange(event.target.checked)} /><span className="gl-strong gl-small">{spec.label}</span></label>
        {below}
      </div>
    );
  }
  if (bare) return <div className="gl-field gl-grow" data-path={path}>{control}{below}</div>;
  return (
    <div className="gl-field" data-path={path} role={spec.control === "rows" || spec.control === "group" ? "group" : undefined} aria-label={spec.label}>
      <label className="gl-label" htmlFor={id}>{spec.label}{!spec.required && spec.advanced && <span className="gl-label__optional">optional</span>}{inRow && spec.help && <button type="button" className="gc-why" title={spec.help} aria-label={spec.help} aria-expanded={explained} onClick={() => setExplained(!explained)}>?</button>}</label>
      {control}
      {below}
    </div>
  );
}

/** @param {Props & { id: string, invalid: boolean }} props */
function ControlOf(props) {
  const { spec, value, siblings, path, onChange, id, invalid } = props;
  const aria = { id, "aria-invalid": invalid || undefined };
  switch (spec.control) {
    case "paragraph":
    case "line":
      if (spec.dynamic) return <TextEditor id={id} value={value ?? ""} invalid={invalid} multiline={spec.control === "paragraph"} placeholder={spec.example} label={spec.label} onChange={onChange} />;
      if (spec.control === "paragraph") return <textarea {...aria} className="gl-input" value={value ?? ""} placeholder={spec.example} maxLength={spec.max_length ?? undefined} onChange={(event) => onChange(event.target.value)} />;
      return <input {...aria} className="gl-input" value={value ?? ""} placeholder={spec.example} maxLength={spec.max_length ?? undefined} onChange={(event) => onChange(event.target.value)} />;
    case "number":
      return <NumberInput {...props} />;
    case "choice":
      return <Choice {...props} />;
    case "value":
      return <ValueEditor id={id} value={value} invalid={invalid} dynamic={spec.dynamic !== null} example={spec.example} label={spec.label || "Value"} onChange={onChange} />;
    case "address":
      return <Address id={id} value={value ?? ""} invalid={invalid} placeholder={spec.example} label={spec.label} onChange={onChange} />;
    case "alias":
      return <AliasSelect {...props} />;
    case "bases":
      return <Bases id={id} value={value} invalid={invalid} most={spec.max_length} onChange={onChange} />;
    case "workflow":
      return <CalledSelect {...props} />;
    case "people":
      return <People id={id} value={value} invalid={invalid} most={spec.max_length} onChange={onChange} />;
    case "variable":
      return <VariableSelect {...props} />;
    case "name":
      return <input {...aria} className="gl-input gl-input--mono" value={value ?? ""} placeholder={spec.example} maxLength={spec.max_length ?? 63} spellCheck={false} onChange={(event) => onChange(event.target.value.toLowerCase().replace(/[^a-z0-9_]/g, "_"))} />;
    case "identifier":
      return <input {...aria} className="gl-input gl-input--mono" value={value ?? ""} placeholder={spec.example} aria-label={spec.label} maxLength={spec.max_length ?? 63} spellCheck={false} autoCapitalize="off" autoCorrect="off" onChange={(event) => onChange(event.target.value.replace(/[^A-Za-z0-9_]/g, "_"))} />;
    case "code":
      return <CodeEditor id={id} value={value ?? ""} label={spec.label} field={spec.name} placeholder={spec.example} most={spec.max_length} invalid={invalid} siblings={siblings} onChange={onChange} />;
    case "schema":
      return <SchemaEditor value={value} onChange={onChange} />;
    case "json":
      return <JsonEditor id={id} value={value} onChange={onChange} />;
    case "group":
      return <div className="gc-group gl-fields"><Fields specs={spec.fields} values={value ?? {}} path={path} onChange={(name, inner) => onChange({ ...value, [name]: inner })} /></div>;
    case "rows":
      return <Rows spec={spec} rows={Array.isArray(value) ? value : []} path={path} onChange={onChange} />;
    default:
      return <JsonEditor id={id} value={siblings[spec.name]} onChange={onChange} />;
  }
}

/** Keeps what is typed until it is a number. @param {Props & { id: string, invalid: boolean }} props */
function NumberInput({ spec, value, onChange, id, invalid }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const number = Number((typed ?? "").replace(",", "."));
  const bad = typed !== null && typed.trim() !== "" && !Number.isFinite(number);
  return (
    <input id={id} className="gl-input" inputMode="decimal" aria-invalid={invalid || bad || undefined} placeholder={spec.example} value={typed ?? (value ?? "")}
      onBlur={() => setTyped(null)}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        const next = Number(text.replace(",", "."));
        if (!text.trim()) onChange(spec.default ?? undefined);
        else if (Number.isFinite(next)) onChange(next);
      }} />
  );
}

/** A choice; where options fit only some kinds of value, those that fit the compared value come first. @param {Props & { id: string, invalid: boolean }} props */
function Choice({ spec, value, siblings, onChange, id, invalid }) {
  const { step, within } = useForm();
  const kind = usePart((state) => comparedKind(state, step, siblings, within));
  const fits = (/** @type {{ kinds?: string[] }} */ option) => !kind || kind === "any" || !option.kinds?.length || option.kinds.includes(kind);
  const fitting = spec.options.filter(fits);
  const others = spec.options.filter((option) => !fits(option));
  const known = spec.options.some((option) => option.value === value);
  if (spec.options.length <= 3 && !others.length && known && spec.options.every((option) => option.label.length < 14)) {
    return <div className="gl-choice" role="radiogroup" id={id}>{spec.options.map((option) => <button key={String(option.value)} type="button" role="radio" aria-checked={option.value === value} onClick={() => onChange(option.value)}>{option.label}</button>)}</div>;
  }
  const drawn = (/** @type {FieldSpec["options"][number]} */ option) => <option key={String(option.value)} value={String(option.value)}>{option.label}</option>;
  return (
    <select id={id} className="gl-select" aria-invalid={invalid || undefined} aria-label={spec.label} value={isEmpty(value) ? "" : String(value)} onChange={(event) => onChange(spec.options.find((option) => String(option.value) === event.target.value)?.value)}>
      {!known && <option value={isEmpty(value) ? "" : String(value)}>{isEmpty(value) ? "Choose…" : `${value} (not offered)`}</option>}
      {fitting.map(drawn)}
      {others.length > 0 && <optgroup label={`Not for ${kind}`}>{others.map(drawn)}</optgroup>}
    </select>
  );
}

/** The kind of the one value among the siblings that is a reference. @param {import("../core/editor.js").State} state @param {string} step @param {Record<string, any>} siblings @param {boolean} [within] */
function comparedKind(state, step, siblings, within) {
  const path = Object.values(siblings ?? {}).map(single).find(Boolean);
  return path ? kindOf(state, step, path, within) : null;
}

/** @param {Props & { id: string, invalid: boolean }} props */
function AliasSelect({ value, onChange, id, invalid }) {
  const aliases = usePart((state) => state.aliases);
  const known = aliases.some((alias) => alias.value === value);
  return (
    <select id={id} className="gl-select" aria-invalid={invalid || undefined} value={value ?? ""} onChange={(event) => onChange(event.target.value)}>
      {!known && <option value={value ?? ""}>{value ? `${value} (not available to you)` : "Choose a model…"}</option>}
      {aliases.map((alias) => <option key={alias.value} value={alias.value}>{alias.label}</option>)}
    </select>
  );
}

/** The workflow of a step, which brings its inputs along. @param {Props & { id: string, invalid: boolean }} props */
function CalledSelect(props) {
  const { step } = useForm();
  const editor = useEditor();
  const chosen = (/** @type {{ name: string, content: string }} */ workflow) => {
    const wanted = editor.state.workflows.find((each) => each.content === workflow.content)?.inputs ?? [];
    const inputs = handedTo(editor.document.meaning.steps[step]?.settings.inputs, wanted);
    editor.do([{ edit: "configure", id: step, field: "workflow", value: workflow }, { edit: "configure", id: step, field: "inputs", value: inputs }]);
  };
  return <WorkflowSelect {...props} onChange={chosen} />;
}

/** A workflow in one version; where a newer one was saved meanwhile it can be taken. @param {{ value: any, onChange: (value: { name: string, content: string }) => void, id: string, invalid: boolean }} props */
export function WorkflowSelect({ value, onChange, id, invalid }) {
  const workflows = usePart((state) => state.workflows);
  const content = value?.content ?? "";
  const now = workflows.find((each) => each.content === content);
  const newer = now ? null : workflows.find((each) => each.name === value?.name);
  const choose = (/** @type {import("../core/editor.js").Callable | undefined} */ each) => each && onChange({ name: each.name, content: each.content });
  return (
    <>
      <select id={id} className="gl-select" aria-invalid={invalid || undefined} value={content} onChange={(event) => choose(workflows.find((each) => each.content === event.target.value))}>
        {!now && <option value={content}>{content ? `${value.name} (an earlier version)` : "Choose a workflow…"}</option>}
        {workflows.map((each) => <option key={each.name} value={each.content}>{`${each.title || each.name} (version ${each.number})`}</option>)}
      </select>
      {newer && <button type="button" className="gl-button gl-button--small" onClick={() => choose(newer)}>Take version {newer.number}</button>}
      {now && <span className="gl-help">{now.inputs.length ? `It is started with ${now.inputs.join(", ")}.` : "It is started without inputs."}</span>}
      {!workflows.length && <span className="gl-help">There is none yet that can be called. Save a version of the other workflow first.</span>}
    </>
  );
}

/** @param {Props & { id: string, invalid: boolean }} props */
function VariableSelect({ value, onChange, id, invalid }) {
  const { step } = useForm();
  const groups = usePart((state) => changeable(state.sync.document, step, state.check?.inner ?? {}, state.types), alike);
  const known = groups.some((group) => group.names.includes(value));
  const spoken = (/** @type {string} */ name) => name.split(".").at(-1);
  return (
    <>
      <select id={id} className="gl-select" aria-invalid={invalid || undefined} value={value ?? ""} onChange={(event) => onChange(event.target.value)}>
        {!known && <option value={value ?? ""}>{value ? `${value} (not declared)` : "Choose a variable…"}</option>}
        {groups.map((group) => <optgroup key={group.title} label={group.title}>{group.names.map((name) => <option key={name} value={name}>{spoken(name)}</option>)}</optgroup>)}
      </select>
      {!groups.length && <span className="gl-help">No variable yet. Declare one with the button “Description, variables, limits” over the canvas.</span>}
    </>
  );
}
