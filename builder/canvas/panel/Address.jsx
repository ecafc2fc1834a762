// The address of another system: written out, or begun with one of those that are connected.
import { begunWith, moved } from "../core/hosts.js";
import { usePart } from "../view/useEditor.js";
import { TextEditor } from "./TextEditor.jsx";

/** @param {import("./TextEditor.jsx").Props} props */
export function Address(props) {
  const hosts = usePart((state) => state.hosts);
  return (
    <>
      <TextEditor {...props} />
      {!hosts.length && <span className="gl-help">No system is connected that you may use. IT connects them under Connections, in the menu.</span>}
      {hosts.length > 0 && !begunWith(hosts, props.value) && (
        <select className="gl-select gl-input--small" aria-label="Connected systems" value="" onChange={(event) => props.onChange(moved(props.value, event.target.value))}>
          <option value="">Choose a connected system…</option>
          {hosts.map((host) => <option key={host.value} value={host.value}>{host.label}</option>)}
        </select>
      )}
    </>
  );
}
