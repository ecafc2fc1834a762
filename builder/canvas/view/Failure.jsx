// Why something failed, what to do next, and how the run went on.
import { titleOf } from "../core/document.js";
import { Icon } from "./icons.jsx";
import { useEditor } from "./useEditor.js";

/** `handled` says how the run went on. @param {{ error: { sentence: string, hint: string }, step: string | null, handled?: string }} props */
export function Failure({ error, step, handled = "" }) {
  const editor = useEditor();
  return (
    <div className={`gl-notice gl-status gl-tone--${handled ? "amber" : "red"}`} role="alert">
      <Icon name="circle-alert" />
      <div className="gl-grow">
        <p className="gl-strong">{error.sentence}</p>
        {handled && <p>{handled}</p>}
        {error.hint && <p className="gl-help">{error.hint}</p>}
        {step && <button type="button" className="gl-button gl-button--small gc-goto" onClick={() => editor.goTo(step, null)}>Go to “{titleOf(editor.document, step, editor.state.types)}”</button>}
      </div>
    </div>
  );
}
