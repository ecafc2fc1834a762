// Versions: save the draft as it is, go back to an earlier one, see what changed between two.
import { useState } from "react";
import { Icon, IconButton } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";

/** @typedef {import("../core/governing.js").Version} Version */

/** @param {{ onSave: (said: { title: string, note: string }) => void, onRestore: (version: string) => void, onCompare: (before: string, after: string) => void }} props */
export function Versions({ onSave, onRestore, onCompare }) {
  const editor = useEditor();
  const versions = usePart((state) => state.versions);
  const hash = usePart((state) => state.check?.hash ?? "");
  const [title, setTitle] = useState("");
  const save = (/** @type {import("react").FormEvent} */ event) => {
    event.preventDefault();
    onSave({ title, note: "" });
    setTitle("");
  };
  const newest = versions?.[0];
  return (
    <section className="gc-panel" aria-label="Versions">
      <header className="gc-panel__head">
        <span className="gc-step__icon gc-kind--none"><Icon name="history" size={18} /></span>
        <h2 className="gl-grow">Versions</h2>
        <IconButton icon="x" label="Close" onClick={() => editor.set({ overlay: null })} />
      </header>
      <div className="gc-panel__body gl-stack">
        <form className="gl-row" onSubmit={save}>
          <input className="gl-input gl-grow" value={title} maxLength={100} placeholder="What is good about it?" aria-label="Name of the new version" onChange={(event) => setTitle(event.target.value)} />
          <button type="submit" className="gl-button gl-button--primary">Save version</button>
        </form>
        {!versions ? <p className="gl-row gl-muted"><span className="gl-spinner" />Looking…</p> : null}
        {versions && !versions.length && <p className="gl-muted">A version keeps the workflow as it is now, with the models and knowledge it depends on. You can go back to it at any time; submitting for review makes one by itself.</p>}
        {newest && newest.hash !== hash && hash && (
          <button type="button" className="gl-notice gl-status gl-tone--amber gc-link-notice" onClick={() => onCompare(newest.id, "")}>
            <Icon name="git-compare" /><span>The draft differs from version {newest.number}. Show what changed</span>
          </button>
        )}
        <ol className="gc-versions">
          {versions?.map((version, index) => <Row key={version.id} version={version} earlier={versions[index + 1]} isDraft={version.hash === hash && index === 0} onRestore={onRestore} onCompare={onCompare} />)}
        </ol>
      </div>
    </section>
  );
}

/** @param {{ version: Version, earlier: Version | undefined, isDraft: boolean, onRestore: (version: string) => void, onCompare: (before: string, after: string) => void }} props */
function Row({ version, earlier, isDraft, onRestore, onCompare }) {
  const when = new Date(version.created * 1000);
  return (
    <li className="gc-version">
      <span className="gc-version__number">{version.number}</span>
      <div className="gc-step__words">
        <span className="gl-strong gl-clip">{version.title || `Version ${version.number}`}{isDraft && <span className="gl-badge gl-tone--green">the draft now</span>}</span>
        <span className="gl-faint gl-small"><time dateTime={when.toISOString()}>{when.toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}</time> · {version.person}</span>
        {version.note && <span className="gl-small">{version.note}</span>}
        <span className="gc-version__does">
          <button type="button" className="gl-button gl-button--small gl-button--quiet" onClick={() => onCompare(earlier?.id ?? "none", version.id)} title={earlier ? `What changed since version ${earlier.number}` : "All that is in it"}>{earlier ? "Changes" : "Contents"}</button>
          {!isDraft && <button type="button" className="gl-button gl-button--small gl-button--quiet" onClick={() => onCompare(version.id, "")}>Compare with draft</button>}
          {!isDraft && <button type="button" className="gl-button gl-button--small gl-button--quiet" title="What you have now is kept as a version" onClick={() => onRestore(version.id)}>Restore</button>}
        </span>
      </div>
    </li>
  );
}
