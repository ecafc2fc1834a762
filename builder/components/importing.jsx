// A workflow file dropped anywhere on the page, or chosen by a button: it becomes a new workflow, and its editor opens with the report.
import { useEffect, useRef, useState } from "react";
import CircleAlert from "lucide-react/dist/esm/icons/circle-alert.mjs";
import FileInput from "lucide-react/dist/esm/icons/file-input.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";

const ADDRESS = "/files/workflow";
const ACCEPT = ".yml,.yaml,.json";

/** `chosen` shows a button beside. @param {{ chosen?: boolean }} props */
export function Importing({ chosen = false }) {
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState("");
  const [wrong, setWrong] = useState(/** @type {{ name: string, says: string } | null} */ (null));
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const bring = async (/** @type {File | undefined} */ file) => {
    if (!file) return;
    setBusy(file.name);
    setWrong(null);
    const { taken, error } = await posted(file);
    setBusy("");
    if (!taken) return setWrong({ name: file.name, says: error });
    try {
      sessionStorage.setItem(`greenlane.imported.${taken.name}`, JSON.stringify(taken));
    } catch {
      // without a store the workflow opens without its report; its problems are in the list of problems
    }
    return location.assign(`/editor/${encodeURIComponent(taken.name)}`);
  };
  useEffect(() => {
    let depth = 0;
    const holds = (/** @type {DragEvent} */ event) => !!event.dataTransfer?.types.includes("Files") && !(event.target instanceof Element && event.target.closest(".gl-drop, .gc-panel, dialog"));
    const enters = (/** @type {DragEvent} */ event) => { if (holds(event)) { depth += 1; setOver(true); } };
    const leaves = (/** @type {DragEvent} */ event) => { if (event.dataTransfer?.types.includes("Files")) { depth = Math.max(0, depth - 1); if (!depth) setOver(false); } };
    const stays = (/** @type {DragEvent} */ event) => { if (holds(event)) event.preventDefault(); };
    const drops = (/** @type {DragEvent} */ event) => {
      depth = 0;
      setOver(false);
      if (!holds(event)) return;
      event.preventDefault();
      void bring(event.dataTransfer?.files[0]);
    };
    addEventListener("dragenter", enters);
    addEventListener("dragleave", leaves);
    addEventListener("dragover", stays);
    addEventListener("drop", drops);
    return () => {
      removeEventListener("dragenter", enters);
      removeEventListener("dragleave", leaves);
      removeEventListener("dragover", stays);
      removeEventListener("drop", drops);
    };
  }, []);
  return (
    <>
      {chosen && (
        <button type="button" className="gl-button" aria-busy={!!busy} title="A file of Greenlane or of Dify" onClick={() => input.current?.click()}><FileInput aria-hidden />Import</button>
      )}
      <input ref={input} type="file" accept={ACCEPT} className="gl-hidden" tabIndex={-1} aria-label="A workflow file" onChange={(event) => { void bring(event.target.files?.[0]); event.target.value = ""; }} />
      {over && <div className="gl-import" aria-hidden><div className="gl-import__card"><FileInput /><span className="gl-strong">Drop it to import</span><span className="gl-muted">A file of Greenlane or of Dify becomes a new workflow.</span></div></div>}
      {(busy || wrong) && (
        <div className="gl-import__told" role={wrong ? "alert" : "status"}>
          {busy && <span className="gl-toast"><span className="gl-spinner" /><span className="gl-grow gl-break">Importing {busy} …</span></span>}
          {wrong && <span className="gl-toast gl-tone--red"><CircleAlert aria-hidden /><span className="gl-grow gl-break"><strong>{wrong.name}</strong><br />{wrong.says}</span><button type="button" className="gl-toast__close" aria-label="Close" onClick={() => setWrong(null)}><X aria-hidden /></button></span>}
        </div>
      )}
    </>
  );
}

/** @param {File} file @returns {Promise<{ taken: any, error: string }>} */
async function posted(file) {
  try {
    const answer = await fetch(`${ADDRESS}?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
    const said = await answer.json();
    return answer.ok ? { taken: said, error: "" } : { taken: null, error: [said.error?.message, said.error?.hint].filter(Boolean).join(" ") };
  } catch {
    return { taken: null, error: "The server cannot be reached. Try again in a moment." };
  }
}
