// Knowledge bases a step searches, picked from those this person may read.
import { usePart } from "../view/useEditor.js";
import { Several, optionsOf } from "./Several.jsx";

/** @param {import("./Several.jsx").Picked} props */
export function Bases(props) {
  const bases = usePart((state) => state.bases);
  return (
    <Several {...props} known={bases} icon={() => "library"} gone="No knowledge base you may read has this name." first="Choose a knowledge base…" options={optionsOf}>
      {!bases.length && <span className="gl-help">There is none you may read yet. Make one under Knowledge, in the menu.</span>}
    </Several>
  );
}
